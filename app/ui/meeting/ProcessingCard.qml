import QtQuick
import Parley.Theme
import "../controls"

// What runs just now: on whose voice and face, where, what is kept and for how long, who can see it.
Dialog {
    id: card

    required property var meeting
    readonly property var faces: meeting.faces
    signal emotionsAsked()

    heading: qsTr("What is processed here")
    iconName: "eye"
    widest: 560
    onOpened: done.forceActiveFocus(Qt.TabFocusReason)

    function where(workers: var): string {
        if (workers.length === 0) return qsTr("nowhere now")
        return workers.map(worker => qsTr("%1 (%2, %3)").arg(worker.machine || qsTr("The host’s computer")).arg(worker.model).arg(Wording.device(worker.device))).join(", ")
    }

    component Line: Fact { width: parent.width }

    Line {
        iconName: "lock"
        title: qsTr("Sound and pictures of everybody")
        detail: qsTr("Pass through the host’s computer to the people in the meeting, encrypted on the way. Not kept.")
    }
    Line {
        iconName: "captions"
        title: card.faces.captioned.length ? qsTr("Captions of: %1").arg(card.faces.captioned.join(", ")) : qsTr("Captions: of nobody")
        detail: qsTr("Where: %1. Everybody here sees them. Finished sentences stay on the host’s computer until somebody deletes them there; the sound does not.").arg(card.where(card.meeting.workers))
    }
    Line {
        iconName: "scan-face"
        title: card.faces.analysed.length
            ? qsTr("Guesses from the faces of: %1").arg(card.faces.analysed.map(one => one.audience === "everyone" ? qsTr("%1 (everybody sees it)").arg(one.name) : qsTr("%1 (nobody else sees it)").arg(one.name)).join(", "))
            : qsTr("Guesses from faces: of nobody")
        detail: qsTr("Where: %1. No picture and no guess is kept, only who turned it on or off, and when.").arg(card.where(card.faces.workers))
    }

    Line {
        iconName: "shield-check"
        title: qsTr("Checks of cameras, for seconds, of those who agree")
        detail: qsTr("Where: %1. Nothing is kept but who agreed, and when.").arg(card.where(card.meeting.checks.workers))
    }
    Options {
        width: parent.width
        label: qsTr("When somebody wants to check my camera in this meeting")
        value: card.meeting.checks.answer
        options: [
            { value: "ask", text: qsTr("Ask me") },
            { value: "always", text: qsTr("Allow it") },
            { value: "never", text: qsTr("Refuse it") },
        ]
        onChosen: value => card.meeting.checks.standing(value)
    }

    answers: [
        ActionButton { visible: card.faces.allowed !== "off"; text: qsTr("My face"); onClicked: { card.close(); card.emotionsAsked() } },
        ActionButton { id: done; text: qsTr("Done"); onClicked: card.close() }
    ]
}
