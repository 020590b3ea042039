import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A list of things to do with what was pressed.
B.Menu {
    id: menu

    readonly property real widest: {
        let most = 220
        for (let row = 0; row < count; ++row) if (itemAt(row).visible) most = Math.max(most, itemAt(row).implicitWidth)
        return most
    }

    padding: 6
    width: Math.min(widest + 12, parent && parent.Window.window ? parent.Window.window.width - 16 : widest + 12)
    margins: 8
    modal: true
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.fast } }
    background: Rectangle {
        implicitWidth: 220
        radius: Theme.radius
        color: Theme.surface
        border.width: Theme.outline
        border.color: Theme.border
    }
    B.Overlay.modal: Item {}
}
