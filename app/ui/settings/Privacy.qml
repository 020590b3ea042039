import QtQuick
import Parley.Theme
import "../controls"

// What is processed, and the setting that limits it.
Page {
    id: page

    required property var parley

    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Processing { width: parent.width; folder: page.parley.data_folder }
    }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Setting { width: parent.width; preferences: page.parley.preferences }
    }
}
