import QtQuick
import Parley.Theme
import "../controls"

// Which microphone, loudspeaker and camera; how loud the one is, and whether the other is heard.
Column {
    id: pickers

    required property var meeting       // or what stands before one: its devices are open
    readonly property var devices: meeting.devices
    readonly property var usual: ({ value: "", text: qsTr("As the computer chooses") })

    spacing: 16

    Column {
        width: parent.width
        spacing: 8

        Picker {
            width: parent.width
            label: qsTr("Microphone")
            iconName: "mic"
            options: [pickers.usual, ...pickers.devices.microphones]
            value: pickers.devices.microphone
            onChosen: device => pickers.devices.choose("microphone", device)
        }
        Progress {
            width: parent.width
            share: pickers.meeting.microphone ? pickers.meeting.level : 0
            Accessible.name: qsTr("How loud you are: %1 %").arg(Math.round(share * 100))
        }
        Label {
            width: parent.width
            role: "label"
            muted: true
            wrapMode: Text.Wrap
            text: !pickers.meeting.microphone ? qsTr("The microphone is off.")
                : pickers.meeting.unheard ? qsTr("We can’t hear you. Choose another microphone.")
                : qsTr("Say something: the bar moves when you are heard.")
        }
    }
    Column {
        width: parent.width
        spacing: 8

        Picker {
            width: parent.width
            label: qsTr("Loudspeaker")
            iconName: "volume-2"
            options: [pickers.usual, ...pickers.devices.speakers]
            value: pickers.devices.speaker
            onChosen: device => pickers.devices.choose("speaker", device)
        }
        ActionButton {
            compact: true
            iconName: "volume-2"
            text: qsTr("Play a test sound")
            onClicked: pickers.devices.test()
        }
    }
    Picker {
        width: parent.width
        label: qsTr("Camera")
        iconName: "video"
        options: [pickers.usual, ...pickers.devices.cameras]
        value: pickers.devices.camera
        onChosen: device => pickers.devices.choose("camera", device)
    }
}
