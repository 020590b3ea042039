import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// What an icon means and which keys do it.  Made when it is first to be seen: every button has one, and few are read.
Loader {
    id: loader

    property string text
    property int delay: 500

    anchors.fill: parent
    active: false
    onVisibleChanged: if (visible) active = true
    sourceComponent: B.ToolTip {
        id: tip

        visible: loader.visible
        text: loader.text
        delay: loader.delay
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
}
