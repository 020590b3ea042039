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
    Repeater {
        model: page.parley.models.rows

        Card {
            id: card

            required property string name
            required property string title
            required property string task
            required property int size
            required property string state
            required property int received
            required property string sentence

            width: page.columnWidth
            inset: 14

            ModelLine {
                width: parent.width
                models: page.parley.models
                name: card.name
                title: card.title
                task: card.task
                size: card.size
                modelState: card.state
                received: card.received
                sentence: card.sentence
            }
        }
    }
}
