import QtQuick
import Parley.Theme
import "../controls"

// Somebody asks to check this person's camera.  Escape says no, and nothing is looked at before a yes.
Dialog {
    id: card

    required property var checks
    property bool decided: false

    heading: qsTr("%1 asks to check your camera").arg(card.checks.question.name || "")
    iconName: "shield-check"
    widest: 520
    onOpened: {
        decided = false
        remember.on = false
        no.forceActiveFocus(Qt.TabFocusReason)
    }
    onClosed: if (!decided) answer(false)

    function answer(yes: bool): void {
        decided = true
        card.checks.reply(yes, remember.on)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("A program compares your picture with your voice for %1 seconds. Turn your microphone on, look at the camera, do the two things that are asked of you, then read a number aloud while your screen shows colours.").arg(card.checks.question.seconds || 14)
    }
    Fact {
        width: parent.width
        iconName: "users"
        title: qsTr("Who sees what comes out")
        detail: qsTr("Only who asks: consistent, inconclusive or inconsistent. Nothing else happens by itself.")
    }
    Fact {
        width: parent.width
        iconName: "hard-drive"
        title: qsTr("What is kept")
        detail: qsTr("No picture, no sound and no result. The host’s computer notes what you answered, and when.")
    }
    Fact {
        width: parent.width
        iconName: "cpu"
        title: qsTr("Where it runs")
        detail: qsTr("On the host’s computer. Nothing leaves this network.")
    }
    Fact {
        width: parent.width
        iconName: "sun"
        title: qsTr("Your screen changes its colour once or twice a second")
        detail: qsTr("For seven seconds. Say no if that does not agree with you. You can stop at any moment.")
    }
    Choice {
        id: remember

        width: parent.width
        text: qsTr("Answer so to everybody in this meeting")
        onClicked: on = !on
    }

    answers: [
        ActionButton { text: qsTr("Check my camera"); onClicked: card.answer(true) },
        ActionButton { id: no; text: qsTr("Don’t allow"); onClicked: card.answer(false) }
    ]
}
