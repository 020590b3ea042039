import QtQuick
import Parley.Theme
import "../controls"

// Who you are and how the window looks.
Page {
    id: page

    required property var parley
    readonly property var chosen: parley.preferences.values

    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Field {
            width: parent.width
            iconName: "user"
            label: qsTr("Your name, as others see it")
            maximumLength: 64
            text: page.chosen.name
            onEdited: page.parley.preferences.call_me(text)
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("Start with the microphone on")
            on: page.chosen.microphone
            onClicked: page.parley.preferences.choose("microphone", !page.chosen.microphone)
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("Start with the camera on")
            on: page.chosen.camera
            onClicked: page.parley.preferences.choose("camera", !page.chosen.camera)
        }
    }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Options {
            width: parent.width
            label: qsTr("Colours")
            value: page.chosen.theme
            options: [
                { value: "system", text: qsTr("As the computer") },
                { value: "light", text: qsTr("Light") },
                { value: "dark", text: qsTr("Dark") },
            ]
            onChosen: value => page.parley.preferences.choose("theme", value)
        }
        Options {
            width: parent.width
            label: qsTr("Language")
            value: page.chosen.language
            options: [
                { value: "system", text: qsTr("As the computer") },
                { value: "en", text: "English" },
                { value: "zh", text: "简体中文" },
            ]
            onChosen: value => page.parley.preferences.choose("language", value)
        }
        Stepper {
            width: parent.width
            label: qsTr("Text size")
            value: qsTr("%1 %").arg(Math.round(page.chosen.text_scale * 100))
            less: qsTr("Smaller text")
            more: qsTr("Larger text")
            atLeast: page.chosen.text_scale <= 0.9
            atMost: page.chosen.text_scale >= 2
            onStepped: by => page.parley.preferences.zoom(by)
        }
        Choice {
            x: -8
            width: parent.width + 16
            text: qsTr("No motion")
            on: page.chosen.still
            onClicked: page.parley.preferences.choose("still", !page.chosen.still)
        }
    }
}
