import QtQuick
import Parley.Theme
import "../controls"

// How the meeting is run; for host and co-hosts.  What is chosen counts at once, and everybody is told.
Dialog {
    id: card

    required property var floor
    required property string limit      // the most that this computer's setting allows
    readonly property var policy: floor.policy

    heading: qsTr("How this meeting is run")
    iconName: "user-cog"
    widest: 520
    onOpened: done.forceActiveFocus(Qt.TabFocusReason)

    component Rule: Choice {
        property string name

        width: parent.width
        on: card.policy[name]
        onClicked: card.floor.rule(name, !card.policy[name])
    }

    Column {
        width: parent.width

        Rule { name: "lobby"; text: qsTr("Newcomers wait until somebody lets them in") }
        Rule { name: "locked"; text: qsTr("Locked: nobody new comes in") }
        Choice {
            width: parent.width
            text: qsTr("Newcomers are guests, who may write to the hosts only")
            on: card.policy.newcomers === "guest"
            onClicked: card.floor.rule("newcomers", on ? "member" : "guest")
        }
        Rule { name: "unmute"; text: qsTr("People may unmute themselves") }
        Rule { name: "screen"; text: qsTr("People may share their screen") }
        Rule { name: "files"; text: qsTr("People may share files") }
        Rule { name: "chat"; text: qsTr("People may write to everybody") }
        Rule { name: "private_chat"; text: qsTr("People may write to each other privately") }
    }
    Options {
        width: parent.width
        label: qsTr("Guesses from faces, for those who turn them on for themselves")
        value: card.policy.emotions
        options: [
            { value: "off", text: qsTr("Not in this meeting") },
            { value: "me", text: qsTr("Each sees their own") },
            { value: "everyone", text: qsTr("Everybody may see them") },
        ].filter(option => option.value !== "everyone" || card.limit === "everyone")
        onChosen: value => card.floor.rule("emotions", value)
    }
    Label {
        visible: card.limit !== "everyone"
        width: parent.width
        role: "label"
        muted: true
        wrapMode: Text.Wrap
        text: qsTr("At work and at school nobody may guess the emotions of others, so everybody sees only their own. The settings say where Parley is used.")
    }
    Options {
        width: parent.width
        label: qsTr("Checks of a camera, if its owner agrees each time")
        value: card.policy.checks
        options: [
            { value: "anyone", text: qsTr("Anyone may ask") },
            { value: "host", text: qsTr("Only hosts may ask") },
            { value: "off", text: qsTr("Not in this meeting") },
        ]
        onChosen: value => card.floor.rule("checks", value)
    }
    Field {
        id: passcode

        width: parent.width
        iconName: "lock"
        label: card.policy.passcode ? qsTr("Passcode is set. A new one:") : qsTr("Passcode for those who join from now on")
        maximumLength: 64
        onAccepted: set.click()
    }
    Flow {
        width: parent.width
        spacing: 8

        ActionButton {
            id: set

            compact: true
            text: qsTr("Set passcode")
            enabled: passcode.text.trim() !== ""
            onClicked: {
                card.floor.set_passcode(passcode.text)
                passcode.text = ""
            }
        }
        ActionButton {
            visible: card.policy.passcode
            compact: true
            text: qsTr("No passcode any more")
            onClicked: card.floor.set_passcode("")
        }
    }
    answers: [ ActionButton { id: done; text: qsTr("Done"); onClicked: card.close() } ]
}
