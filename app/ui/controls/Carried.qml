import QtQuick
import Parley.Theme

// Files for captions from a stick: saying where they are, how far copying is, and what was found and what was not.
Item {
    id: carried

    required property var models
    property bool writes: false     // also makes the file to carry
    readonly property var stick: models.carried

    implicitHeight: column.implicitHeight

    DropArea {
        id: drop

        anchors.fill: parent
        enabled: !carried.stick.busy
        keys: ["text/uri-list"]
        onDropped: event => {
            event.acceptProposedAction()
            carried.stick.drop(event.urls)
        }
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: -8
        visible: drop.containsDrag
        radius: Theme.radius
        color: Theme.accentSoft
        border.width: 2
        border.color: Theme.accent
    }
    Column {
        id: column

        width: parent.width
        spacing: 12

        Fact {
            width: parent.width
            iconName: "hard-drive"
            title: qsTr("Without internet")
            detail: qsTr("A computer that has these files can write them into one, in its settings under “Files for captions”. Bring that on a stick and choose it here, or drop it here. A folder with the files will do, too.")
        }
        Flow {
            x: 48
            width: parent.width - 48
            spacing: 8

            ActionButton {
                compact: true
                enabled: !carried.stick.busy
                iconName: "file-down"
                text: qsTr("From a file…")
                onClicked: carried.stick.choose_file()
            }
            ActionButton {
                compact: true
                enabled: !carried.stick.busy
                iconName: "folder"
                text: qsTr("From a folder…")
                onClicked: carried.stick.choose_folder()
            }
            ActionButton {
                visible: carried.writes
                compact: true
                kind: "quiet"
                enabled: !carried.stick.busy
                iconName: "hard-drive"
                text: qsTr("Write a file for another computer…")
                onClicked: carried.stick.choose_target()
            }
            ActionButton {
                visible: carried.stick.busy
                compact: true
                iconName: "x"
                text: qsTr("Cancel")
                onClicked: carried.stick.stop()
            }
            ActionButton {
                visible: carried.stick.doing === "over"
                compact: true
                kind: "quiet"
                iconName: "check"
                text: qsTr("Close")
                onClicked: carried.stick.dismiss()
            }
        }
        Label {
            x: 48
            width: parent.width - 48
            visible: text !== ""
            muted: carried.stick.problem === ""
            color: carried.stick.problem === "" ? Theme.textMuted : Theme.danger
            role: "label"
            wrapMode: Text.Wrap
            text: Wording.carrying(carried.stick)
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        Repeater {
            model: carried.stick.rows

            Column {
                id: row

                required property string name
                required property string title
                required property string fate
                required property int size
                required property int received
                readonly property bool good: ["taken", "here", "written"].includes(fate)
                readonly property bool going: fate === "copying" || fate === "writing"
                readonly property string what: Wording.model(name, title)

                x: 48
                width: column.width - 48
                spacing: 6

                Row {
                    width: parent.width
                    spacing: 8

                    Icon {
                        y: 2
                        size: 16
                        name: row.good ? "check" : row.going || row.fate === "wanted" ? "file-down" : "triangle-alert"
                        color: row.good ? Theme.inkOkSoft : Theme.textMuted
                    }
                    Label {
                        width: parent.width - 24
                        role: "label"
                        wrapMode: Text.Wrap
                        text: qsTr("%1: %2").arg(row.what).arg(Wording.fate(row.fate, row.received, row.size))
                    }
                }
                Progress {
                    visible: row.going
                    width: parent.width
                    share: row.size > 0 ? row.received / row.size : 0
                    Accessible.name: row.what
                    Accessible.description: Wording.fate(row.fate, row.received, row.size)
                }
            }
        }
    }
}
