import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// On or off, in words, with a switch that also moves: not by colour alone.
B.AbstractButton {
    id: choice

    implicitHeight: Math.max(Theme.hit, words.implicitHeight + 12)
    leftPadding: 8
    rightPadding: 8
    hoverEnabled: true
    // The model decides; a press only asks.
    checkable: true
    checked: on
    onClicked: checked = Qt.binding(() => choice.on)
    focusPolicy: Qt.StrongFocus
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    property bool on: false

    background: Rectangle {
        radius: Theme.radius
        color: choice.down ? Theme.pressed : choice.hovered ? Theme.hover : "transparent"
        FocusRing { target: choice }
    }
    contentItem: Item {
        Label {
            id: words

            text: choice.text
            role: "label"
            wrapMode: Text.Wrap
            anchors.left: parent.left
            anchors.right: track.left
            anchors.rightMargin: 12
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
        Rectangle {
            id: track

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: 40
            height: 24
            radius: 12
            color: choice.on ? Theme.accent : Theme.surface
            border.width: choice.on ? 0 : 2
            border.color: Theme.borderStrong

            Rectangle {
                x: choice.on ? 20 : 4
                y: 4
                width: 16
                height: 16
                radius: 8
                color: choice.on ? Theme.inkAccent : Theme.borderStrong
                Behavior on x { NumberAnimation { duration: Theme.fast; easing.type: Easing.OutCubic } }
            }
        }
    }

    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.onPressAction: click()
}
