import QtQuick
import Parley.Theme
import "../controls"
import "../ready"

// Devices, and what is done with the microphone's sound.  What is chosen is heard and seen at once.
Page {
    id: page

    required property var parley
    required property var pictures
    readonly property var chosen: parley.preferences.values
    readonly property var trial: parley.trial

    component Switch: Choice {
        property string name

        x: -8
        width: parent.width + 16
        on: page.chosen[name]
        onClicked: page.parley.preferences.choose(name, !page.chosen[name])
    }

    Loader {
        width: parent.width
        active: page.trial !== null
        sourceComponent: Card {
            inset: page.narrow ? 16 : 24

            DevicePickers { width: parent.width; meeting: page.trial }
            Preview {
                width: Math.min(parent.width, 480)
                meeting: page.trial
                pictures: page.pictures
                mirror: page.chosen.mirror
            }
            ActionButton {
                compact: true
                iconName: page.trial?.camera ? "video-off" : "video"
                text: page.trial?.camera ? qsTr("Stop video") : qsTr("Start video")
                onClicked: page.trial.toggle_camera()
            }
        }
    }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Options {
            width: parent.width
            label: qsTr("Noise around you")
            value: page.chosen.noise
            options: [
                { value: "automatic", text: qsTr("Taken away, but not from captions") },
                { value: "suppressed", text: qsTr("Always taken away") },
                { value: "kept", text: qsTr("Kept, for music") },
            ]
            onChosen: value => page.parley.preferences.choose("noise", value)
        }
        Options {
            width: parent.width
            label: qsTr("Pictures")
            value: page.chosen.quality
            options: [
                { value: "best", text: qsTr("As sharp as the network allows") },
                { value: "medium", text: qsTr("Medium, for a slower computer") },
                { value: "small", text: qsTr("Small, for a slow network") },
            ]
            onChosen: value => page.parley.preferences.choose("quality", value)
        }
        Column {
            width: parent.width

            Switch { name: "echo"; text: qsTr("Take away the echo of my loudspeaker") }
            Switch { name: "gain"; text: qsTr("Make me equally loud, near and far") }
            Switch { name: "notice_muted"; text: qsTr("Tell me when I talk while muted") }
            Switch { name: "sounds"; text: qsTr("A sound when somebody comes or goes") }
            Switch { name: "mirror"; text: qsTr("Show me my own picture as in a mirror") }
            Switch { name: "blur"; text: qsTr("Blur the room behind me") }
            Switch { name: "preview"; text: qsTr("Try sound and picture before every meeting") }
        }
    }

    Component.onCompleted: parley.try_devices(true)
    Component.onDestruction: parley.try_devices(false)
}
