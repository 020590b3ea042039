import QtQuick
import Parley.Theme
import "../controls"

// What Parley does with what people say and show: on whose media, where, what is kept, who can see it, how to stop it.
Page {
    id: page

    required property var parley
    readonly property var chosen: parley.preferences.values

    component Line: Fact { width: parent.width }

    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Line {
            iconName: "lock"
            title: qsTr("Sound and pictures")
            detail: qsTr("Go to the host’s computer and from there to the people in the meeting, encrypted on the way. The host’s computer could hear and see them. They are not kept.")
        }
        Line {
            iconName: "captions"
            title: qsTr("Captions")
            detail: qsTr("The voice of those who said yes becomes text on the host’s computer. Everybody in the meeting can read it. Finished sentences stay on the host’s computer as the transcript; the sound does not. You can stop it for your voice at any time, in the transcript pane.")
        }
        Line {
            iconName: "server"
            title: qsTr("Where")
            detail: qsTr("On the host’s computer and on yours. Nothing leaves your network; no server on the internet is asked during a meeting.")
        }
        Line {
            iconName: "hard-drive"
            title: qsTr("On this computer")
            detail: qsTr("Your choices, and the meetings that you hosted here: %1").arg(page.parley.data_folder)
        }
    }
    Card {
        width: parent.width
        inset: page.narrow ? 16 : 24

        Options {
            width: parent.width
            label: qsTr("Where do you use Parley?")
            value: page.chosen.setting
            options: [
                { value: "work", text: qsTr("At work") },
                { value: "school", text: qsTr("At school") },
                { value: "private", text: qsTr("Privately") },
            ]
            onChosen: value => page.parley.preferences.choose("setting", value)
        }
        Label {
            width: parent.width
            role: "label"
            muted: true
            wrapMode: Text.Wrap
            text: qsTr("At work and at school nobody may guess the emotions of others from their faces. There, guesses about your face are shown to you alone, and only if you turn them on.")
        }
    }
}
