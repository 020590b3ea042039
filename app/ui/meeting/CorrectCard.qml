import QtQuick
import Parley.Theme
import "../controls"

// Words that were misheard, put right.  The first reading stays in the record.
Dialog {
    id: card

    required property var floor
    property string segment
    property string speaker

    function ask(segment: string, speaker: string, text: string): void {
        card.segment = segment
        card.speaker = speaker
        words.text = text
        open()
    }

    heading: qsTr("Put these words right")
    iconName: "pencil"
    widest: 520
    onOpened: {
        words.input.forceActiveFocus(Qt.TabFocusReason)
        words.input.selectAll()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("Everybody sees the new words under the name of %1. What was written before stays in the record. Empty: the line is struck.").arg(card.speaker)
    }
    TextBox {
        id: words

        width: parent.width
        tallest: 200
        placeholder: qsTr("What %1 said").arg(card.speaker)
        onAccepted: save.click()
    }

    answers: [
        ActionButton {
            id: save

            kind: "primary"
            text: words.text.trim() === "" ? qsTr("Strike the line") : qsTr("Save")
            onClicked: {
                card.floor.correct(card.segment, words.text)
                card.close()
            }
        },
        ActionButton { text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
