import QtQuick
import Parley.Theme
import "../controls"

// Names and words that captions should get right.  The host's computer keeps them for its next meeting.
Dialog {
    id: card

    required property var floor

    heading: qsTr("Words that captions should know")
    iconName: "book-a"
    widest: 520
    onOpened: {
        words.text = floor.glossary.join("\n")
        words.input.forceActiveFocus(Qt.TabFocusReason)
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("One name or word a line, the most important first, at most 64. The names of the people here are known already.")
    }
    TextBox {
        id: words

        width: parent.width
        tallest: 260
        lines: true
        placeholder: qsTr("Names and words, one a line")
    }

    answers: [
        ActionButton {
            kind: "primary"
            text: qsTr("Save")
            onClicked: {
                card.floor.set_glossary(words.text)
                card.close()
            }
        },
        ActionButton { text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
