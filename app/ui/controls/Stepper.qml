import QtQuick
import Parley.Theme

// A size that goes up and down in steps, with its value in words between the two buttons.
Item {
    id: stepper

    property string label
    property string value
    property string less
    property string more
    property bool atLeast: false
    property bool atMost: false
    signal stepped(int by)

    implicitHeight: Math.max(words.implicitHeight, Theme.hit)

    Label {
        id: words

        role: "label"
        text: stepper.label
        wrapMode: Text.Wrap
        anchors.left: parent.left
        anchors.right: buttons.left
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
    }
    Row {
        id: buttons

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4

        IconButton { iconName: "minus"; text: stepper.less; enabled: !stepper.atLeast; opacity: enabled ? 1 : 0.4; onClicked: stepper.stepped(-1) }
        Label {
            role: "label"
            text: stepper.value
            width: Math.max(implicitWidth, 48)
            horizontalAlignment: Text.AlignHCenter
            anchors.verticalCenter: parent.verticalCenter
            Accessible.name: qsTr("%1: %2").arg(stepper.label).arg(stepper.value)
        }
        IconButton { iconName: "plus"; text: stepper.more; enabled: !stepper.atMost; opacity: enabled ? 1 : 0.4; onClicked: stepper.stepped(1) }
    }
}
