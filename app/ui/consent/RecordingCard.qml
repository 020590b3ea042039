import QtQuick
import Parley.Theme
import "../controls"

// Asked before anything of a person is recorded, and where they change their mind.  Both answers weigh the same; focus
// starts on the safe one; closing it in another way means no, unless it was answered before.
Dialog {
    id: card

    required property var recording
    property bool decided: false

    heading: qsTr("This meeting is recorded")
    iconName: "circle-dot"
    onOpened: {
        decided = recording.mine !== "unasked"
        no.forceActiveFocus(Qt.TabFocusReason)
    }
    onClosed: if (!decided) recording.answer(false)

    function decide(yes: bool): void {
        decided = true
        recording.answer(yes)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("%1 records this meeting. If you agree, your voice, your camera and what you share are in the recording.").arg(card.recording.by)
    }
    Fact {
        width: parent.width
        iconName: "users"
        title: qsTr("Who sees it")
        detail: qsTr("Whoever has this meeting’s host computer, and whoever they give the recording to.")
    }
    Fact {
        width: parent.width
        iconName: "hard-drive"
        title: qsTr("What is kept")
        detail: qsTr("Sound and pictures of those who agree, on the host’s computer, until somebody deletes them. Your part can be erased.")
    }
    Fact {
        width: parent.width
        iconName: "user-x"
        title: qsTr("If you say no")
        detail: qsTr("You take part as before, and the recording has silence and an empty picture in your place.")
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        muted: true
        text: qsTr("You can change this at any time: press the sign “Recording” at the top.")
    }

    answers: [
        ActionButton { text: qsTr("Record me"); onClicked: card.decide(true) },
        ActionButton { id: no; text: qsTr("Leave me out"); onClicked: card.decide(false) }
    ]
}
