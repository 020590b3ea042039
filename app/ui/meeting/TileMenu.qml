import QtQuick
import Parley.Theme
import "../controls"

// What can be done with one person's tile.
Menu {
    id: menu

    required property var gallery
    required property var preferences
    property string person
    property string name
    property bool you: false

    function show(tile: Item, at: point): void {
        person = tile.person
        name = tile.name
        you = tile.you
        popup(tile, at.x, at.y)
    }

    MenuRow {
        iconName: menu.gallery.pinned === menu.person ? "pin-off" : "pin"
        text: menu.gallery.pinned === menu.person ? qsTr("Let go of %1").arg(menu.name) : qsTr("Keep %1 large").arg(menu.name)
        onTriggered: menu.gallery.pin(menu.person)
    }
    MenuRow {
        iconName: menu.gallery.speaker_view ? "layout-grid" : "presentation"
        text: menu.gallery.speaker_view ? qsTr("Everybody alike") : qsTr("The speaker large")
        onTriggered: menu.gallery.toggle_view()
    }
    MenuRow {
        visible: menu.you
        height: implicitHeight
        iconName: "eye-off"
        text: qsTr("Hide my own tile")
        onTriggered: menu.preferences.choose("hide_self", true)
    }
}
