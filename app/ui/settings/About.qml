import QtQuick
import Parley.Theme
import "../controls"

// Which Parley this is, where its files are, and whose work is in it.
Page {
    id: page

    required property var parley
    readonly property var support: parley.support

    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Fact {
            width: parent.width
            iconName: "audio-lines"
            title: qsTr("Parley %1").arg(page.parley.version)
            detail: qsTr("Meetings on your own network, without a cloud. Apache License 2.0.")
        }
        Fact {
            width: parent.width
            iconName: "folder"
            title: qsTr("Data folder")
            detail: page.parley.data_folder
        }
        ActionButton {
            x: 48
            compact: true
            iconName: "copy"
            text: qsTr("Copy the path")
            onClicked: page.parley.copy(page.parley.data_folder)
        }
    }
    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Help from others") }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Fact {
            width: parent.width
            iconName: "file-down"
            title: qsTr("A report for whoever helps you")
            detail: qsTr("What this computer can do and what is missing, versions and sizes. No names, no keys, no words of a meeting.")
        }
        Flow {
            x: 48
            width: parent.width - 48
            spacing: 8

            ActionButton {
                compact: true
                iconName: "download"
                text: qsTr("Save a report")
                enabled: !page.support.busy
                onClicked: page.support.save_report()
            }
            ActionButton {
                visible: page.support.updates
                compact: true
                iconName: "search"
                text: qsTr("Check for updates")
                enabled: !page.support.busy
                onClicked: page.support.look_for_update()
            }
        }
        Label {
            x: 48
            width: parent.width - 48
            visible: text !== ""
            muted: true
            wrapMode: Text.Wrap
            text: page.support.busy ? qsTr("One moment…") : page.support.said
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Licences") }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Label {
            width: parent.width
            role: "label"
            wrapMode: Text.Wrap
            text: page.parley.notice
        }
    }
}
