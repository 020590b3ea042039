import QtQuick
import Parley.Theme
import "../controls"

// Asked before anything is deleted: nothing brings it back.  Escape keeps it.
Dialog {
    id: card

    required property var model
    property string kind        // meeting | person | all
    property string person      // the meeting's or the person's id
    property string name

    function ask(kind: string, person: string, name: string): void {
        card.kind = kind
        card.person = person
        card.name = name
        open()
    }

    heading: kind === "all" ? qsTr("Delete all meetings?") : kind === "person" ? qsTr("Delete what %1 said?").arg(name) : qsTr("Delete “%1”?").arg(name)
    iconName: "trash-2"
    widest: 480
    onOpened: keep.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: card.kind === "person"
            ? qsTr("Their words, messages, files, voice and picture go from this meeting, and their name too. Recordings are made anew without them. What the others said stays. Nothing brings it back.")
            : qsTr("Transcript, chat, files and recordings go from this computer. Nothing brings them back.")
    }

    answers: [
        ActionButton {
            kind: "danger"
            text: qsTr("Delete")
            onClicked: {
                if (card.kind === "person") card.model.forget(card.person)
                else card.model.delete(card.person)
                card.close()
            }
        },
        ActionButton { id: keep; text: qsTr("Keep"); onClicked: card.close() }
    ]
}
