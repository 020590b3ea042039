import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A list of things to do with what was pressed.
B.Menu {
    id: menu

    padding: 6
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
