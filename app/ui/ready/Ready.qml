import QtQuick
import Parley.Theme
import "../controls"
import "../home"

// Before joining: how one looks and sounds, with which devices, and muted or not.
Page {
    id: screen

    required property var parley
    required property var pictures
    readonly property var meeting: parley.trial
    readonly property var chosen: parley.preferences.values
    readonly property bool idle: parley.home.busy === ""

    Item {
        width: parent.width
        implicitHeight: heading.implicitHeight

        IconButton {
            id: back

            x: -8
            iconName: "arrow-left"
            text: qsTr("Back")
            keys: "Esc"
            anchors.verticalCenter: parent.verticalCenter
            onClicked: screen.parley.back()
        }
        Column {
            id: heading

            anchors.left: back.right
            anchors.leftMargin: 8
            anchors.right: parent.right

            Label { role: "title"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Ready to join?") }
            Label { width: parent.width; muted: true; elide: Text.ElideMiddle; text: screen.parley.ready }
        }
    }
    Waiting { width: parent.width; model: screen.parley.home }
    Banner {
        visible: screen.meeting !== null && screen.meeting.trouble !== ""
        width: parent.width
        iconName: "mic-off"
        closable: false
        text: screen.meeting ? Wording.trouble(screen.meeting.trouble, screen.meeting.trouble_sentence, 0) : ""
    }
    Grid {
        id: halves

        width: parent.width
        columns: screen.narrow ? 1 : 2
        columnSpacing: 24
        rowSpacing: 20
        readonly property real cell: screen.narrow ? width : (width - 24) / 2

        Column {
            width: halves.cell
            spacing: 12

            Preview {
                width: parent.width
                meeting: screen.meeting
                pictures: screen.pictures
                mirror: screen.chosen.mirror
            }
            Row {
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: 8

                BarButton {
                    iconName: screen.meeting.microphone ? "mic" : "mic-off"
                    look: screen.meeting.microphone ? "normal" : "off"
                    text: screen.meeting.microphone ? qsTr("Mute") : qsTr("Unmute")
                    level: screen.meeting.microphone ? screen.meeting.level : 0
                    onClicked: screen.meeting.toggle_microphone()
                }
                BarButton {
                    iconName: screen.meeting.camera ? "video" : "video-off"
                    look: screen.meeting.camera ? "normal" : "off"
                    text: screen.meeting.camera ? qsTr("Stop video") : qsTr("Start video")
                    onClicked: screen.meeting.toggle_camera()
                }
            }
            Choice {
                width: parent.width
                text: qsTr("Show me my own picture as in a mirror")
                on: screen.chosen.mirror
                onClicked: screen.parley.preferences.choose("mirror", !screen.chosen.mirror)
            }
        }
        Card {
            width: halves.cell
            inset: screen.narrow ? 16 : 24

            DevicePickers { width: parent.width; meeting: screen.meeting }
        }
    }
    Flow {
        width: parent.width
        spacing: 12

        ActionButton {
            id: join

            kind: "primary"
            iconName: "log-in"
            text: qsTr("Join now")
            enabled: screen.idle
            onClicked: screen.parley.go()
        }
        ActionButton { text: qsTr("Back"); onClicked: screen.parley.back() }
    }
    Choice {
        width: parent.width
        text: qsTr("Show this before every meeting")
        on: screen.chosen.preview
        onClicked: screen.parley.preferences.choose("preview", !screen.chosen.preview)
    }
    Words { model: screen.parley.home }

    Keys.onEscapePressed: parley.back()
    Component.onCompleted: join.forceActiveFocus(Qt.TabFocusReason)
}
