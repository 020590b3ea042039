import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// What an icon means and which keys do it.
B.ToolTip {
    id: tip

    delay: 500
    padding: 8
    contentItem: Label {
        text: tip.text
        role: "label"
        color: Theme.bg
    }
    background: Rectangle {
        radius: Theme.chipRadius
        color: Theme.text
    }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.fast } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.fast } }
}
