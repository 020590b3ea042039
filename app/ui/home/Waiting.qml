import QtQuick
import Parley.Theme
import "../controls"

// What is being waited for: nothing for the first 300 ms, then a line, after 10 s how to stop.
Item {
    id: waiting

    required property var model
    readonly property bool busy: model.busy !== ""
    property bool shown: false
    property bool long: false

    visible: busy && (shown || model.busy === "lobby")
    implicitHeight: visible ? row.implicitHeight : 0
    onBusyChanged: {
        shown = false
        long = false
    }

    Timer { running: waiting.busy; interval: 300; onTriggered: waiting.shown = true }
    Timer { running: waiting.busy; interval: 10000; onTriggered: waiting.long = true }

    Row {
        id: row

        width: parent.width
        spacing: 12

        Icon { id: icon; name: "clock"; size: 18; color: Theme.textMuted; anchors.verticalCenter: parent.verticalCenter }
        Label {
            id: words

            width: Math.min(implicitWidth, parent.width - icon.width - stop.width - 24)
            wrapMode: Text.Wrap
            anchors.verticalCenter: parent.verticalCenter
            text: waiting.model.busy === "lobby"
                ? qsTr("You are in front of “%1”. Somebody inside will let you in; keep this window open.").arg(waiting.model.title)
                : waiting.model.busy === "starting"
                ? (waiting.long ? qsTr("The meeting is still starting. You can stop and try again.") : qsTr("Starting the meeting…"))
                : (waiting.long ? qsTr("The host has not answered yet. You can stop and check the link.") : qsTr("Joining the meeting…"))
            Accessible.role: Accessible.AlertMessage
        }
        ActionButton {
            id: stop

            compact: true
            text: qsTr("Stop")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: waiting.model.cancel()
        }
    }
}
