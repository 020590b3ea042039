import QtQuick
import Parley.Theme
import "../controls"

// The files that captions need on the computer that hosts.
Page {
    id: page

    required property var parley

    Label {
        width: parent.width
        muted: true
        wrapMode: Text.Wrap
        text: qsTr("Captions are made on the host’s computer. To host with captions, this computer needs one of these. Every file is checked after the download; nothing is sent.")
    }
    Card {
        width: page.columnWidth
        inset: 14

        Carried { width: parent.width; models: page.parley.models; writes: true }
    }
    Repeater {
        model: page.parley.models.rows

        Card {
            id: card

            required property var model

            width: page.columnWidth
            inset: 14

            ModelLine {
                width: parent.width
                models: page.parley.models
                model: card.model
            }
        }
    }
}
