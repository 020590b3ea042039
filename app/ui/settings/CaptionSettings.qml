import QtQuick
import Parley.Theme
import "../controls"

// How captions are shown to this reader.  Nobody else sees a difference.
Page {
    id: page

    required property var parley
    readonly property var chosen: parley.preferences.values

    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Rectangle {
            width: parent.width
            height: sample.implicitHeight + 24
            radius: Theme.radius
            color: page.chosen.caption_look !== "card" ? Theme.captionPlate : Theme.surfaceAlt

            Text {
                id: sample

                x: 16
                y: 12
                width: parent.width - 32
                wrapMode: Text.Wrap
                textFormat: Text.PlainText
                text: qsTr("Captions look like this.")
                color: page.chosen.caption_look === "yellow" ? Theme.captionYellow : page.chosen.caption_look === "plate" ? Theme.inkPlate : Theme.text
                font.pixelSize: Theme.caption
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
        Stepper {
            width: parent.width
            label: qsTr("Caption size")
            value: qsTr("%1 %").arg(Math.round(page.chosen.caption_scale * 100))
            less: qsTr("Smaller captions")
            more: qsTr("Larger captions")
            atLeast: page.chosen.caption_scale <= 0.8
            atMost: page.chosen.caption_scale >= 2
            onStepped: by => page.parley.preferences.zoom_captions(by)
        }
        Picker {
            width: parent.width
            label: qsTr("The language that I speak")
            iconName: "languages"
            options: [{ value: "", text: qsTr("Guessed from what is said") }, ...page.parley.preferences.spoken_languages]
            value: page.chosen.spoken
            onChosen: value => page.parley.preferences.choose("spoken", value)
        }
        Label {
            width: parent.width
            visible: page.chosen.spoken === "zh" && (!page.parley.meeting || page.parley.meeting.captions_small)
            role: "small"
            muted: true
            wrapMode: Text.Wrap
            text: qsTr("Small models often hear Mandarin wrong. Whoever hosts can choose whisper-small or a larger one, best on a computer with a graphics card.")
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("Also in English what others say in their own language")
            on: page.chosen.translation
            onClicked: page.parley.preferences.choose("translation", !page.chosen.translation)
        }
        Options {
            width: parent.width
            label: qsTr("Colours")
            value: page.chosen.caption_look
            options: [
                { value: "card", text: qsTr("As the window") },
                { value: "plate", text: qsTr("White on black") },
                { value: "yellow", text: qsTr("Yellow on black") },
            ]
            onChosen: value => page.parley.preferences.choose("caption_look", value)
        }
        Options {
            width: parent.width
            label: qsTr("Place")
            value: page.chosen.caption_place
            options: [
                { value: "below", text: qsTr("Below the pictures") },
                { value: "above", text: qsTr("Above the pictures") },
            ]
            onChosen: value => page.parley.preferences.choose("caption_place", value)
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("Only finished words: nothing that may still change")
            on: page.chosen.finals_only
            onClicked: page.parley.preferences.choose("finals_only", !page.chosen.finals_only)
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("Read each finished line to my screen reader")
            on: page.chosen.announce
            onClicked: page.parley.preferences.choose("announce", !page.chosen.announce)
        }
    }
}
