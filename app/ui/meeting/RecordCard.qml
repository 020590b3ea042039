import QtQuick
import Parley.Theme
import "../controls"

// Where a recording is started, paused and stopped, by who may.
Dialog {
    id: card

    required property var recording
    readonly property bool running: recording.phase !== "off"

    heading: running ? qsTr("Recording") : qsTr("Record this meeting?")
    iconName: "circle-dot"

    function turn(phase: string): void {
        card.recording.turn(phase)
        close()
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: card.recording.phase === "paused" ? qsTr("The recording is paused: nothing is recorded until you go on.")
            : card.running ? qsTr("Who is recorded now: %1").arg(card.recording.recorded.join(", "))
            : qsTr("Everybody is asked before anything of them is recorded, also who comes later. Who says no, or does not answer, is left out. By starting it you agree to be in it yourself.")
    }
    Label {
        visible: !card.running && card.recording.sentence !== ""
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        text: card.recording.sentence
    }

    answers: [
        ActionButton {
            visible: !card.running
            kind: "primary"
            text: qsTr("Start recording")
            onClicked: card.turn("on")
        },
        ActionButton {
            visible: card.running
            text: card.recording.phase === "paused" ? qsTr("Go on recording") : qsTr("Pause")
            onClicked: card.turn(card.recording.phase === "paused" ? "on" : "paused")
        },
        ActionButton {
            visible: card.running
            kind: "danger"
            text: qsTr("Stop recording")
            onClicked: card.turn("off")
        },
        ActionButton {
            text: card.running ? qsTr("Close") : qsTr("Don’t record")
            onClicked: card.close()
        }
    ]
}
