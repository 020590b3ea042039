import QtQuick
import Parley.Theme
import "../controls"

// What this computer lacks for hosting, and how to mend it; or that nothing is missing.
Column {
    id: missing

    required property var parley
    readonly property var rows: parley.home.missing

    spacing: 12

    function title(what: string): string {
        switch (what) {
        case "captions": return qsTr("Live captions need a download")
        case "captions_damaged": return qsTr("The files for live captions are damaged")
        }
        return what
    }

    function detail(what: string, command: string, size: int): string {
        switch (what) {
        case "captions": return qsTr("%1 MB, once. Without it you can meet, but without captions in meetings you host. In a terminal: %2").arg(size).arg(command)
        case "captions_damaged": return qsTr("Fetch them again, %1 MB. In a terminal: %2").arg(size).arg(command)
        }
        return command
    }

    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Captions on this PC") }
    Repeater {
        model: missing.rows

        Card {
            id: card

            required property string what
            required property string command
            required property int size

            width: missing.width
            inset: 14
            radius: Theme.radius

            Fact {
                width: parent.width
                iconName: "captions"
                title: missing.title(card.what)
                detail: missing.detail(card.what, card.command, card.size)
            }
            ActionButton {
                x: 48
                compact: true
                iconName: "copy"
                text: qsTr("Copy the command")
                onClicked: missing.parley.copy(card.command)
            }
        }
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
