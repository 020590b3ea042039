import QtQuick
import Parley.Theme
import "../controls"

// What can be done with one person, from their tile or from their line in the list.  The host checks every wish again.
Menu {
    id: menu

    required property var meeting
    required property var preferences
    property string person
    property string seat        // of the tile: the person, or a screen of theirs
    property bool screen: false
    property string name
    property string role
    property bool you: false
    property bool muted: false
    property bool camera: false
    property bool spotlight: false
    property int hand: 0
    readonly property var floor: meeting.floor
    readonly property bool guided: floor.moderates && !you     // somebody else, and we may
    readonly property bool writable: !you && (floor.moderates || (floor.policy.private_chat && (!floor.guest || role === "host" || role === "co_host")))
    signal writing(string person)
    readonly property bool checkable: !you && camera && !screen && meeting.checks.possible
    signal checking(string person)
    signal judging(string kind, string person, string name)

    function show(row: Item, at: point): void {
        for (const fact of ["person", "name", "role", "you", "muted", "camera", "spotlight", "hand", "screen"]) menu[fact] = row[fact]
        seat = row.seat !== undefined ? row.seat : row.person
        popup(row, at.x, at.y)
    }

    MenuRow {
        iconName: menu.meeting.gallery.pinned === menu.seat ? "pin-off" : "pin"
        text: menu.meeting.gallery.pinned === menu.seat ? qsTr("Let go of %1").arg(menu.name) : qsTr("Keep %1 large").arg(menu.name)
        onTriggered: menu.meeting.gallery.pin(menu.seat)
    }
    MenuRow {
        iconName: menu.meeting.gallery.speaker_view ? "layout-grid" : "presentation"
        text: menu.meeting.gallery.speaker_view ? qsTr("Everybody alike") : qsTr("The speaker large")
        onTriggered: menu.meeting.gallery.toggle_view()
    }
    MenuRow {
        visible: menu.you
        iconName: "eye-off"
        text: qsTr("Hide my own tile")
        onTriggered: menu.preferences.choose("hide_self", true)
    }
    MenuRow {
        visible: menu.writable
        iconName: "message-square"
        text: qsTr("Write to %1 only").arg(menu.name)
        onTriggered: menu.writing(menu.person)
    }
    MenuRow {
        visible: menu.checkable
        iconName: "shield-check"
        text: qsTr("Check the camera of %1…").arg(menu.name)
        onTriggered: menu.checking(menu.person)
    }
    MenuRow {
        visible: menu.guided
        iconName: menu.muted ? "mic" : "mic-off"
        text: menu.muted ? qsTr("Ask %1 to unmute").arg(menu.name) : qsTr("Mute %1").arg(menu.name)
        onTriggered: menu.muted ? menu.floor.ask(menu.person, "microphone") : menu.floor.mute(menu.person, "microphone")
    }
    MenuRow {
        visible: menu.guided
        iconName: menu.camera ? "video-off" : "video"
        text: menu.camera ? qsTr("Stop the video of %1").arg(menu.name) : qsTr("Ask %1 to start video").arg(menu.name)
        onTriggered: menu.camera ? menu.floor.mute(menu.person, "camera") : menu.floor.ask(menu.person, "camera")
    }
    MenuRow {
        visible: menu.guided && menu.screen
        iconName: "monitor-off"
        text: qsTr("Stop the screen of %1").arg(menu.name)
        onTriggered: menu.floor.mute(menu.person, "screen")
    }
    MenuRow {
        visible: menu.guided && menu.hand > 0
        iconName: "hand"
        text: qsTr("Lower the hand of %1").arg(menu.name)
        onTriggered: menu.floor.lower(menu.person)
    }
    MenuRow {
        visible: menu.floor.moderates
        iconName: "spotlight"
        text: menu.spotlight ? qsTr("No longer show %1 large to everybody").arg(menu.name) : qsTr("Show %1 large to everybody").arg(menu.name)
        onTriggered: menu.floor.show_large(menu.spotlight ? "" : menu.person)
    }
    MenuRow {
        visible: menu.floor.hosts && !menu.you
        iconName: "user-cog"
        text: menu.role === "co_host" ? qsTr("%1 is no longer co-host").arg(menu.name) : qsTr("Make %1 co-host").arg(menu.name)
        onTriggered: menu.floor.set_role(menu.person, menu.role === "co_host" ? "member" : "co_host")
    }
    MenuRow {
        visible: menu.floor.hosts && !menu.you
        iconName: "crown"
        text: qsTr("Make %1 the host…").arg(menu.name)
        onTriggered: menu.judging("host", menu.person, menu.name)
    }
    MenuRow {
        visible: menu.you && menu.floor.may_take_back
        iconName: "crown"
        text: qsTr("Be the host again")
        onTriggered: menu.floor.take_back()
    }
    MenuRow {
        visible: menu.guided && menu.role !== "host"
        grave: true
        iconName: "user-x"
        text: qsTr("Remove %1…").arg(menu.name)
        onTriggered: menu.judging("remove", menu.person, menu.name)
    }
}
