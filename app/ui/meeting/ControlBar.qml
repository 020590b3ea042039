import QtQuick
import Parley.Theme
import "../controls"

// What a person does during a meeting.  Each label says what a press does.
FocusScope {
    id: bar

    required property var meeting
    required property var keys          // by action, as this system writes them
    required property string pane       // "" | transcript | chat | people
    readonly property real unit: width / Theme.textScale
    readonly property bool narrow: unit < 720
    readonly property bool medium: !narrow && unit < 1060     // the rest is in the menu
    signal paneAsked(string which)
    signal inviting()
    signal leaving()
    signal acting(string name)

    implicitHeight: Math.max(80, cells.implicitHeight + 20)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface

        Rectangle { width: parent.width; height: 1; color: Theme.border }
    }
    Row {
        id: cells

        anchors.verticalCenter: parent.verticalCenter
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: bar.narrow ? 0 : 4
        readonly property real cell: Math.floor((bar.width - 8) / 6)

        component Cell: BarButton { width: bar.narrow ? cells.cell : implicitWidth }

        Cell {
            iconName: bar.meeting.microphone ? "mic" : "mic-off"
            look: bar.meeting.microphone ? "normal" : "off"
            text: bar.meeting.microphone ? qsTr("Mute") : qsTr("Unmute")
            keys: bar.keys.microphone
            level: bar.meeting.microphone ? bar.meeting.level : 0
            onClicked: bar.meeting.toggle_microphone()
        }
        Cell {
            iconName: bar.meeting.camera ? "video" : "video-off"
            look: bar.meeting.camera ? "normal" : "off"
            text: bar.narrow ? qsTr("Video") : bar.meeting.camera ? qsTr("Stop video") : qsTr("Start video")
            Accessible.name: bar.meeting.camera ? qsTr("Stop video") : qsTr("Start video")
            keys: bar.keys.camera
            onClicked: bar.meeting.toggle_camera()
        }
        Cell {
            visible: !bar.narrow
            iconName: bar.meeting.sharing.sharing ? "monitor-off" : "monitor-up"
            look: bar.meeting.sharing.sharing ? "on" : "normal"
            text: bar.meeting.sharing.sharing ? qsTr("Stop sharing") : qsTr("Share")
            keys: bar.keys.share
            enabled: bar.meeting.sharing.allowed || bar.meeting.sharing.sharing
            opacity: enabled ? 1 : 0.5
            onClicked: bar.acting("share")
        }
        Cell {
            iconName: "hand"
            look: bar.meeting.hand ? "on" : "normal"
            text: bar.narrow ? qsTr("Hand") : bar.meeting.hand ? qsTr("Lower hand") : qsTr("Raise hand")
            Accessible.name: bar.meeting.hand ? qsTr("Lower hand") : qsTr("Raise hand")
            keys: bar.keys.hand
            onClicked: bar.meeting.toggle_hand()
        }
        Cell {
            visible: !bar.narrow && !bar.medium
            iconName: "smile"
            text: qsTr("React")
            keys: bar.keys.react
            onClicked: bar.acting("react")
        }
        Cell {
            iconName: bar.meeting.captions_shown ? "captions" : "captions-off"
            look: bar.meeting.captions_shown ? "on" : "normal"
            text: qsTr("Captions")
            toggles: true
            keys: bar.keys.captions
            enabled: bar.meeting.captions_on || bar.meeting.hosting
            opacity: enabled ? 1 : 0.5
            onClicked: bar.meeting.toggle_captions()
        }
        Cell {
            visible: !bar.narrow && !bar.medium
            iconName: "notebook-text"
            look: bar.pane === "transcript" ? "on" : "normal"
            text: qsTr("Transcript")
            toggles: true
            keys: bar.keys.transcript
            onClicked: bar.paneAsked("transcript")
        }
        Cell {
            visible: !bar.narrow
            iconName: "message-square"
            look: bar.pane === "chat" ? "on" : "normal"
            text: qsTr("Chat")
            toggles: true
            news: bar.meeting.chat.unread
            keys: bar.keys.chat
            onClicked: bar.paneAsked("chat")
        }
        Cell {
            visible: !bar.narrow
            iconName: "users"
            look: bar.pane === "people" ? "on" : "normal"
            text: qsTr("People")
            toggles: true
            keys: bar.keys.people
            onClicked: bar.paneAsked("people")
        }
        Cell {
            iconName: "ellipsis"
            text: qsTr("More")
            onClicked: more.made().popup(this, 0, -more.item.height)
        }
        Cell {
            visible: bar.narrow
            iconName: "log-out"
            look: "danger"
            text: qsTr("Leave")
            keys: bar.keys.leave
            onClicked: bar.leaving()
        }
    }
    BarButton {
        visible: !bar.narrow
        iconName: "log-out"
        look: "danger"
        text: qsTr("Leave")
        keys: bar.keys.leave
        anchors.right: parent.right
        anchors.rightMargin: 16
        anchors.verticalCenter: cells.verticalCenter
        onClicked: bar.leaving()
    }
    Later {
        id: more

        objectName: "moreMenu"
        sourceComponent: MoreMenu {
            meeting: bar.meeting
            narrow: bar.narrow
            medium: bar.medium
            onActing: name => bar.acting(name)
        }
    }
}
