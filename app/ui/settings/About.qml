import QtQuick
import Parley.Theme
import "../controls"

// Which Parley this is, where its files are, and whose work is in it.
Page {
    id: page

    required property var parley

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
