import QtQuick
import Parley.Theme
import "../controls"

// Asked before a face is read; also where it is stopped.  Escape changes nothing.
Dialog {
    id: card

    required property var faces

    heading: qsTr("Guess what your face shows?")
    iconName: "scan-face"
    onOpened: no.forceActiveFocus(Qt.TabFocusReason)

    function choose(audience: string): void {
        if (audience !== card.faces.mine) card.faces.share(audience)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("If you turn it on, a program looks at your picture three times a second and guesses one of seven expressions. It cannot know what you feel, and it is often wrong.")
    }
    Fact {
        width: parent.width
        iconName: "users"
        title: qsTr("Who sees it")
        detail: card.faces.allowed === "everyone"
            ? qsTr("Only you, or everybody in this meeting: you choose. A sign on your tile tells everybody that your face is being read.")
            : qsTr("Only you. A sign on your tile tells everybody that your face is being read.")
    }
    Fact {
        width: parent.width
        iconName: "hard-drive"
        title: qsTr("What is kept")
        detail: qsTr("No picture and no guess. The host’s computer notes that you turned it on or off, and when.")
    }
    Fact {
        width: parent.width
        iconName: "cpu"
        title: qsTr("Where it runs")
        detail: qsTr("On the host’s computer. Nothing leaves this network.")
    }
    Label {
        visible: card.faces.allowed === "off" || card.faces.sentence !== ""
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        text: card.faces.allowed === "off" ? qsTr("The host has not allowed it in this meeting.") : card.faces.sentence
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        muted: true
        text: qsTr("One press stops it at once: here, or on the sign on your tile.")
    }

    answers: [
        ActionButton {
            visible: card.faces.allowed !== "off"
            text: qsTr("Only for me")
            onClicked: card.choose("me")
        },
        ActionButton {
            visible: card.faces.allowed === "everyone"
            text: qsTr("For everybody")
            onClicked: card.choose("everyone")
        },
        ActionButton {
            id: no

            text: card.faces.mine === "off" ? qsTr("Don’t guess") : qsTr("Stop guessing")
            onClicked: card.choose("off")
        }
    ]
}
