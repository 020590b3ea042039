import QtQuick
import Parley.Theme

// What Parley does with what people say and show: on whose media, where, what is kept, who can see it, how to stop it.
Column {
    id: facts

    required property string folder

    spacing: 16

    component Line: Fact { width: facts.width }

    Line {
        iconName: "lock"
        title: qsTr("Sound and pictures")
        detail: qsTr("Go to the host’s computer and from there to the people in the meeting, encrypted on the way. The host’s computer could hear and see them. They are kept only of those who agreed to a recording.")
    }
    Line {
        iconName: "captions"
        title: qsTr("Captions")
        detail: qsTr("The voice of those who said yes becomes text on the host’s computer. Everybody in the meeting can read it. Finished sentences stay on the host’s computer as the transcript; the sound does not. You can stop it for your voice at any time, in the transcript pane.")
    }
    Line {
        iconName: "scan-face"
        title: qsTr("Faces")
        detail: qsTr("If you turn it on, a program guesses what your face shows, in meetings whose host allows it. You choose whether only you or everybody sees the guess. No picture and no guess is kept; when you turned it on or off is.")
    }
    Line {
        iconName: "server"
        title: qsTr("Where")
        detail: qsTr("On the host’s computer and on yours. Nothing leaves your network; no server on the internet is asked during a meeting.")
    }
    Line {
        iconName: "hard-drive"
        title: qsTr("On this computer")
        detail: qsTr("Your choices, and the meetings that you hosted here: %1").arg(facts.folder)
    }
}
