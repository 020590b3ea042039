import QtQuick
import "../controls"

// Asked of who runs the meeting while it is recorded: nobody sits at a feed who could answer.  Closing it means no.
Dialog {
    id: card

    required property var recording
    property bool decided: false
    property string name        // stays while the card fades

    heading: qsTr("Record “%1”, too?").arg(name)
    iconName: "circle-dot"
    onAboutToShow: {
        decided = false
        name = recording.feed
    }
    onOpened: no.forceActiveFocus(Qt.TabFocusReason)
    onClosed: if (!decided) recording.answer_feed(false)

    function decide(yes: bool): void {
        decided = true
        recording.answer_feed(yes)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("“%1” is a camera or a program. Nobody there can answer, so you do. Say yes only if everybody who is seen and heard in it knows that the meeting is recorded. That you answered is written down.").arg(card.name)
    }

    answers: [
        ActionButton { text: qsTr("Record it"); onClicked: card.decide(true) },
        ActionButton { id: no; text: qsTr("Leave it out"); onClicked: card.decide(false) }
    ]
}
