import QtQuick
import Parley.Theme
import "../controls"

// A check of somebody's camera, for who asked for it: whose, how far it is, what came out, and what that is worth.
Dialog {
    id: card

    required property var checks
    readonly property var going: checks.going
    readonly property var found: checks.result
    readonly property bool told: found.verdict !== undefined

    heading: going.name ? qsTr("Check of %1’s camera").arg(going.name) : qsTr("Check a camera")
    iconName: "shield-check"
    widest: 560
    onOpened: first.forceActiveFocus(Qt.TabFocusReason)
    onClosed: checks.close()
    onToldChanged: if (told) contentItem.Accessible.announce(said.text, Accessible.Polite)

    Column {
        visible: card.going.name === undefined
        width: parent.width
        spacing: 8

        Label {
            width: parent.width
            wrapMode: Text.Wrap
            text: !card.checks.possible ? card.checks.sentence || qsTr("The host has not allowed checks of cameras in this meeting.")
                : card.checks.cameras.length === 0 ? qsTr("Nobody else’s camera is on.")
                : qsTr("Whose? They are asked first, and may say no. It takes a quarter of a minute.")
        }
        Repeater {
            model: card.checks.possible ? card.checks.cameras : []

            ActionButton {
                required property var modelData

                width: parent.width
                text: modelData.name
                onClicked: card.checks.ask(modelData.person)
            }
        }
    }
    Column {
        visible: card.going.name !== undefined && !card.told
        width: parent.width
        spacing: 12

        Label {
            width: parent.width
            wrapMode: Text.Wrap
            text: Wording.checkStage(card.going.stage || "", card.going.name || "")
        }
        Progress {
            id: bar

            visible: card.going.stage === "running"
            width: parent.width
            Accessible.name: qsTr("How far the check is")
            onVisibleChanged: if (visible) moving.restart()

            NumberAnimation on share {
                id: moving

                from: 0
                to: 1
                duration: Math.max(1, (card.going.left || 14) * 1000)
            }
        }
    }
    Column {
        visible: card.told
        width: parent.width
        spacing: 16

        Chip {
            tone: ({ consistent: "ok", inconsistent: "danger" })[card.found.verdict] || "plain"
            iconName: ({ consistent: "check", inconsistent: "triangle-alert" })[card.found.verdict] || "info"
            text: Wording.verdict(card.found.verdict || "")
        }
        Label {
            id: said

            width: parent.width
            wrapMode: Text.Wrap
            text: Wording.checkSentence(card.found.verdict || "", card.found.reason || "", card.going.name || "")
        }
        Repeater {
            model: card.found.witnesses || []

            Row {
                id: witness

                required property var modelData
                readonly property bool told: modelData.reason === ""

                width: parent.width
                spacing: 12

                Plot {
                    visible: card.width > 420
                    values: witness.modelData.values
                    others: witness.modelData.others
                }
                Column {
                    width: parent.width - (card.width > 420 ? 132 : 0)
                    anchors.verticalCenter: parent.verticalCenter

                    Label {
                        width: parent.width
                        wrapMode: Text.Wrap
                        font.weight: Font.Medium
                        text: Wording.witness(witness.modelData.name)
                    }
                    Label {
                        width: parent.width
                        wrapMode: Text.Wrap
                        role: "label"
                        muted: !witness.told || witness.modelData.score >= 0
                        text: Wording.opinion(witness.modelData.score, witness.modelData.reason)
                    }
                }
            }
        }
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            role: "label"
            muted: true
            text: qsTr("This is no proof. A good forgery may be called consistent, and an honest camera inconsistent. When it matters, ask something that only this person can know.")
        }
    }

    answers: [
        ActionButton {
            visible: card.told && card.checks.possible
            text: qsTr("Check again")
            onClicked: {
                const person = card.going.person
                card.checks.close()
                card.checks.ask(person)
            }
        },
        ActionButton {
            id: first

            text: card.told || card.going.name === undefined ? qsTr("Close") : qsTr("Stop the check")
            onClicked: card.close()
        }
    ]
}
