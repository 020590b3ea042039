import QtQuick
import Parley.Theme
import "../controls"

// What this meeting is, how long it lasts, and the way to invite others.
FocusScope {
    id: bar

    required property var meeting
    readonly property bool narrow: width < 720
    signal inviting()
    signal acting(string name)

    implicitHeight: Math.max(52, title.implicitHeight + 20, Theme.compactHit + 20)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface

        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.border }
    }
    Row {
        id: facts

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        spacing: 12
        readonly property real room: bar.width - 32 - tools.width - 12
        readonly property real rest: clock.width + 12 + (where.visible ? where.width + 12 : 0) + (linking.visible ? linking.width + 12 : 0)

        Label {
            id: title

            role: "heading"
            text: bar.meeting.title
            elide: Text.ElideRight
            width: Math.min(implicitWidth, Math.max(60, facts.room - facts.rest))
            anchors.verticalCenter: parent.verticalCenter
        }
        Label {
            id: clock

            role: "label"
            muted: true
            text: bar.meeting.elapsed
            font.features: ({ tnum: 1 })
            anchors.verticalCenter: parent.verticalCenter
            Accessible.name: qsTr("Time in the meeting: %1").arg(text)
        }
        Chip {
            id: where

            visible: !bar.narrow
            iconName: "lock"
            text: qsTr("This network only")
            anchors.verticalCenter: parent.verticalCenter
        }
        Chip {
            id: linking

            visible: !bar.meeting.live && bar.meeting.trouble !== "reconnecting"
            tone: "info"
            iconName: "clock"
            text: qsTr("Connecting…")
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    Row {
        id: tools

        anchors.right: parent.right
        anchors.rightMargin: bar.narrow ? 4 : 12
        anchors.verticalCenter: parent.verticalCenter
        spacing: bar.narrow ? 0 : 4

        ActionButton {
            objectName: "recordingBadge"
            visible: bar.meeting.recording.phase !== "off"
            compact: true
            kind: bar.meeting.recording.phase === "on" ? "danger" : "secondary"
            iconName: bar.meeting.recording.phase === "on" ? "circle-dot" : "pause"
            text: bar.meeting.recording.phase === "paused" ? qsTr("Recording paused")
                : bar.meeting.recording.mine === "yes" ? qsTr("Recording") : qsTr("Recording without you")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.acting("own_recording")
        }
        ActionButton {
            visible: bar.meeting.sharing.sharing
            compact: true
            kind: "danger"
            iconName: "monitor-off"
            text: qsTr("Stop sharing")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.meeting.sharing.stop()
        }
        IconButton {
            iconName: bar.meeting.gallery.speaker_view ? "layout-grid" : "presentation"
            text: bar.meeting.gallery.speaker_view ? qsTr("Everybody alike") : qsTr("The speaker large")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.acting("view")
        }
        IconButton {
            iconName: "settings"
            text: qsTr("Settings")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.acting("settings")
        }
        ActionButton {
            id: worded

            visible: !bar.narrow
            compact: true
            iconName: "plus"
            text: qsTr("Invite")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.inviting()
        }
        IconButton {
            id: plus

            visible: bar.narrow
            iconName: "plus"
            text: qsTr("Invite")
            anchors.verticalCenter: parent.verticalCenter
            onClicked: bar.inviting()
        }
    }
}
