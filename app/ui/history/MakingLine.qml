import QtQuick
import Parley.Theme
import "../controls"

// A film of a recording that is not there, or is made anew: how far it is, or why it was not made.
Item {
    id: line

    required property string recording
    required property int number
    required property string state
    required property real progress
    required property string error
    property bool only: false
    readonly property int percent: Math.round(progress * 100)
    signal again(string recording)

    visible: state !== "ready"
    implicitHeight: visible ? Math.max(words.implicitHeight, bar.visible ? bar.height : 0, redo.visible ? redo.implicitHeight : 0) + 8 : 0

    Progress {
        id: bar

        visible: line.state === "running" || line.state === "waiting"
        width: Math.min(160, parent.width / 3)
        share: line.progress
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Math.max(0, (words.implicitHeight - height) / 2)
        Accessible.name: words.text
    }
    Label {
        id: words

        role: "label"
        wrapMode: Text.Wrap
        color: line.state === "failed" ? Theme.inkWarnSoft : Theme.textMuted
        anchors.left: bar.visible ? bar.right : parent.left
        anchors.leftMargin: bar.visible ? 12 : 0
        anchors.right: redo.visible ? redo.left : parent.right
        anchors.rightMargin: redo.visible ? 12 : 0
        anchors.bottom: parent.bottom
        text: line.state === "running" ? (line.only ? qsTr("The film of the recording is being made, %1 %").arg(line.percent) : qsTr("The film of recording %1 is being made, %2 %").arg(line.number).arg(line.percent))
            : line.state === "waiting" ? (line.only ? qsTr("The film of the recording will be made.") : qsTr("The film of recording %1 will be made.").arg(line.number))
            : line.state === "failed" ? (line.only ? qsTr("No film could be made of the recording: %1").arg(line.error) : qsTr("No film could be made of recording %1: %2").arg(line.number).arg(line.error))
            : line.only ? qsTr("There is no film of the recording.") : qsTr("There is no film of recording %1.").arg(line.number)
    }
    ActionButton {
        id: redo

        visible: !bar.visible
        compact: true
        iconName: "rotate-ccw"
        text: qsTr("Make the film…")
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        onClicked: line.again(line.recording)
    }
}
