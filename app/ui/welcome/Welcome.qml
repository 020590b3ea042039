import QtQuick
import Parley.Theme
import "../controls"

// The first run: who you are, what is processed where, and the files for captions.  Each page can be passed by.
Page {
    id: welcome

    required property var parley
    property int step: 0
    readonly property int last: 2
    readonly property var preferences: parley.preferences

    function go(by: int): void {
        if (step + by > last) preferences.choose("met", true)
        else step = Math.max(0, step + by)
    }

    Label {
        role: "label"
        muted: true
        width: parent.width
        text: qsTr("Step %1 of %2").arg(welcome.step + 1).arg(welcome.last + 1)
    }
    Column {
        width: parent.width
        spacing: 4

        Label {
            role: "display"
            width: parent.width
            wrapMode: Text.Wrap
            text: [qsTr("Welcome to Parley"), qsTr("What is processed, and where"), qsTr("Captions in meetings you host")][welcome.step]
        }
        Label {
            muted: true
            width: parent.width
            wrapMode: Text.Wrap
            text: [qsTr("Meetings on your own network. What should others call you?"),
                   qsTr("One page, so that you know. It is in the settings, too."),
                   qsTr("They are made on your computer, so it needs a file for that. Joining needs nothing.")][welcome.step]
        }
    }
    Card {
        width: parent.width
        inset: welcome.narrow ? 16 : 24
        visible: welcome.step === 0

        Field {
            id: you

            width: parent.width
            iconName: "user"
            label: qsTr("Your name, as others see it")
            maximumLength: 64
            text: welcome.preferences.values.name
            onEdited: welcome.preferences.call_me(text)
            onAccepted: welcome.go(1)
        }
        Setting { width: parent.width; preferences: welcome.preferences }
    }
    Card {
        width: parent.width
        inset: welcome.narrow ? 16 : 24
        visible: welcome.step === 1

        Processing { width: parent.width; folder: welcome.parley.data_folder }
    }
    Card {
        width: parent.width
        inset: welcome.narrow ? 16 : 24
        visible: welcome.step === 2

        Repeater {
            model: welcome.parley.models.lacking

            ModelLine {
                width: parent.width
                models: welcome.parley.models
                needed: true
            }
        }
        Carried {
            visible: welcome.parley.models.lacking.count > 0 || welcome.parley.models.carried.doing !== ""
            width: parent.width
            models: welcome.parley.models
        }
        Fact {
            visible: welcome.parley.models.lacking.count === 0
            width: parent.width
            iconName: "captions"
            title: qsTr("Live captions")
            detail: qsTr("Everything is here. Works without internet.")
        }
    }
    Flow {
        width: parent.width
        spacing: 12

        ActionButton {
            kind: "primary"
            text: welcome.step < welcome.last ? qsTr("Next") : qsTr("Done")
            onClicked: welcome.go(1)
        }
        ActionButton {
            visible: welcome.step > 0
            text: qsTr("Back")
            onClicked: welcome.go(-1)
        }
    }
    Label {
        visible: welcome.step === welcome.last
        width: parent.width
        role: "label"
        muted: true
        wrapMode: Text.Wrap
        text: qsTr("A download goes on when you press Done. You can pause it on the first screen.")
    }

    Component.onCompleted: you.input.forceActiveFocus()
}
