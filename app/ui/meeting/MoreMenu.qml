import QtQuick
import Parley.Theme
import "../controls"

// What has no button of its own at this width; named as in the palette.
Menu {
    id: menu

    required property var meeting
    required property bool narrow
    required property bool medium       // some buttons had to go
    signal acting(string name)

    component Row: MenuRow {
        property string deed

        text: Wording.action(deed)
        onTriggered: menu.acting(deed)
    }

    Row { visible: menu.narrow; deed: "chat"; iconName: "message-square" }
    Row { visible: menu.narrow; deed: "people"; iconName: "users" }
    Row { deed: "files"; iconName: "paperclip" }
    Row { visible: menu.narrow || menu.medium; deed: "transcript"; iconName: "notebook-text" }
    Row { visible: menu.narrow || menu.medium; deed: "react"; iconName: "smile" }
    Row {
        visible: menu.narrow
        deed: "share"
        iconName: menu.meeting.sharing.sharing ? "monitor-off" : "monitor-up"
        enabled: menu.meeting.sharing.allowed || menu.meeting.sharing.sharing
    }
    Row { deed: "small"; iconName: "picture-in-picture-2" }
    Row { deed: "statistics"; iconName: "activity" }
    Row { visible: menu.meeting.floor.moderates; deed: "glossary"; iconName: "book-a" }
    Row { deed: "machines"; iconName: "server" }
    Row { deed: "processing"; iconName: "eye" }
    Row { visible: menu.meeting.recording.runs || menu.meeting.recording.phase !== "off"; deed: "record"; iconName: "circle-dot" }
    Row { visible: menu.meeting.recording.runs; deed: "recordings"; iconName: "play" }
    Row { visible: menu.meeting.faces.allowed !== "off"; deed: "emotions"; iconName: "scan-face" }
    Row { visible: menu.meeting.faces.allowed !== "off"; deed: "guesses"; iconName: menu.meeting.faces.visible ? "eye-off" : "eye" }
    Row { deed: "devices"; iconName: "mic" }
    Row { deed: "full_screen"; iconName: "monitor" }
    Row { deed: "invite"; iconName: "plus" }
}
