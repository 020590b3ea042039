import QtQuick
import Parley.Theme
import "../controls"

// A word without speaking: everybody sees it on our tile for a few seconds.
Menu {
    id: menu

    required property var floor

    Repeater {
        model: Wording.reactions

        MenuRow {
            required property var modelData

            iconName: modelData.icon
            text: Wording.reaction(modelData.name)
            onTriggered: menu.floor.react(modelData.name)
        }
    }
}
