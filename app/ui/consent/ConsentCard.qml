import QtQuick
import Parley.Theme
import "../controls"

// Asked before a voice is captioned.  Both answers weigh the same; focus starts on the safe one; Escape means no.
Dialog {
    id: card

    property int people
    signal answered(bool allowed)
    property bool decided: false

    heading: qsTr("Caption what you say?")
    iconName: "captions"
    onOpened: {
        decided = false
        deny.forceActiveFocus(Qt.TabFocusReason)
    }
    onClosed: if (!decided) answered(false)

    function decide(allowed: bool): void {
        decided = true
        answered(allowed)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("This meeting has live captions. If you allow it, a speech model writes down your words and shows them with your name. It makes mistakes.")
    }
    Fact {
        width: parent.width
        iconName: "users"
        title: qsTr("Who sees it")
        detail: qsTr("Everybody in this meeting: %n people now.", "", card.people)
    }
    Fact {
        width: parent.width
        iconName: "hard-drive"
        title: qsTr("What is kept")
        detail: qsTr("The finished sentences, as a transcript on the host’s computer. Captions keep no sound.")
    }
    Fact {
        width: parent.width
        iconName: "cpu"
        title: qsTr("Where it runs")
        detail: qsTr("On the host’s computer. Nothing leaves this network.")
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        muted: true
        text: qsTr("You can change this at any time in the transcript pane. If you say no, you still see the captions of others.")
    }

    answers: [
        ActionButton { text: qsTr("Allow"); onClicked: card.decide(true) },
        ActionButton { id: deny; text: qsTr("Don’t allow"); onClicked: card.decide(false) }
    ]
}
