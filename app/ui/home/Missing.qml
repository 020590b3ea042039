import QtQuick
import Parley.Theme
import "../controls"

// What this computer lacks for hosting with captions, and getting it; or that nothing is missing.
Column {
    id: missing

    required property var parley
    readonly property var rows: parley.models.lacking

    spacing: 12

    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Captions on this PC") }
    Repeater {
        model: missing.rows

        Card {
            id: card

            required property var model

            width: missing.width
            inset: 14
            radius: Theme.radius

            Label {
                width: parent.width
                muted: true
                wrapMode: Text.Wrap
                text: qsTr("Meetings that you host have no captions until this is here. It is downloaded once.")
            }
            ModelLine {
                width: parent.width
                models: missing.parley.models
                needed: true
                model: card.model
            }
        }
    }
    Card {
        visible: missing.rows.count > 0 || missing.parley.models.carried.doing !== ""
        width: parent.width
        inset: 14
        radius: Theme.radius

        Carried { width: parent.width; models: missing.parley.models }
    }
    Card {
        visible: missing.rows.count === 0
        width: parent.width
        inset: 14
        radius: Theme.radius

        Item {
            width: parent.width
            implicitHeight: Math.max(fact.implicitHeight, 36)

            Fact {
                id: fact

                width: parent.width - ready.width - 12
                iconName: "captions"
                title: qsTr("Live captions")
                detail: qsTr("Everything is here. Works without internet.")
            }
            Chip {
                id: ready

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                tone: "ok"
                iconName: "check"
                text: qsTr("Ready")
            }
        }
    }
}
