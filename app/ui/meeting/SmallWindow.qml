import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// The meeting in a corner of the screen, above other windows: who matters now, and the microphone.
B.ApplicationWindow {
    id: small

    required property var meeting
    required property var pictures
    readonly property var lead: meeting.gallery.lead
    readonly property bool pictured: lead.camera === true && video.ready
    signal backAsked()

    objectName: "smallWindow"
    width: 320
    height: 220
    minimumWidth: 240
    minimumHeight: 180
    flags: Qt.Window | Qt.WindowStaysOnTopHint
    title: qsTr("%1 – small").arg(meeting.title)
    color: Theme.stage
    visible: true

    Item {
        id: stage

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: bar.top

        Label {
            visible: !small.pictured
            anchors.centerIn: parent
            role: "display"
            text: small.lead.initials || ""
            color: Theme.speaker(small.lead.order || 0)
            Accessible.ignored: true
        }
        LivePicture {
            id: video

            anchors.fill: parent
            visible: small.pictured
            source: small.lead.source || ""
            pictures: small.pictures
            whole: small.lead.screen === true
        }
        Chip {
            tone: "plate"
            iconName: small.lead.screen ? "monitor-up" : small.lead.muted ? "mic-off" : small.lead.speaking ? "audio-lines" : ""
            text: small.lead.name || ""
            width: Math.min(implicitWidth, parent.width - 16)
            anchors.left: parent.left
            anchors.bottom: parent.bottom
            anchors.margins: 8
        }
    }
    Rectangle {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Theme.hit + 8
        color: Theme.surface

        Row {
            anchors.centerIn: parent
            spacing: 8

            IconButton {
                iconName: small.meeting.microphone ? "mic" : "mic-off"
                text: small.meeting.microphone ? qsTr("Mute") : qsTr("Unmute")
                onClicked: small.meeting.toggle_microphone()
            }
            IconButton {
                iconName: "picture-in-picture-2"
                text: qsTr("Back to the whole window")
                onClicked: small.backAsked()
            }
        }
    }

    Component.onCompleted: meeting.gallery.follow_lead(true)
    onClosing: backAsked()
    Shortcut { sequence: "Escape"; onActivated: small.backAsked() }
}
