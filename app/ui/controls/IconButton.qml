import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// Only an icon to see; its name is in the tooltip and for screen readers.
B.AbstractButton {
    id: button

    property string iconName
    property string keys
    property bool on: false

    implicitWidth: Theme.hit
    implicitHeight: Theme.hit
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Theme.pressed : button.hovered ? Theme.hover : button.on ? Theme.accentSoft : "transparent"
        border.width: Theme.contrast ? 2 : 0
        border.color: Theme.borderStrong

        FocusRing { target: button }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            color: button.on ? Theme.inkAccentSoft : Theme.text
        }
    }

    Tip {
        visible: button.hovered || button.visualFocus
        text: button.keys ? button.text + "  " + button.keys : button.text
    }

    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: click()
}
