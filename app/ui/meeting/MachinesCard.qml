import QtQuick
import Parley.Theme
import "../controls"

// Which computer does what, how busy the meeting room is, and who is connected by what.
Dialog {
    id: card

    required property var meeting
    required property var load
    required property bool here

    heading: qsTr("What runs where")
    iconName: "server"
    widest: 560
    onOpened: done.forceActiveFocus(Qt.TabFocusReason)

    Fact {
        width: parent.width
        iconName: "server"
        title: card.here ? qsTr("Meeting room: this computer") : qsTr("Meeting room: the host’s computer")
        detail: qsTr("Sound and pictures of everybody pass through it, encrypted on the way. It keeps the chat and the transcript.")
    }
    Repeater {
        model: card.meeting.workers

        Fact {
            required property var modelData

            width: parent.width
            iconName: "captions"
            title: modelData.machine === "" ? qsTr("Captions: the meeting room") : qsTr("Captions: %1").arg(modelData.machine)
            detail: [modelData.model, Wording.device(modelData.device), modelData.compute].filter(fact => fact !== "").join(" · ")
        }
    }
    Fact {
        visible: card.meeting.workers.length === 0
        width: parent.width
        iconName: "captions-off"
        title: qsTr("Captions: nowhere")
        detail: qsTr("No program that could write captions is ready.")
    }
    Column {
        visible: card.here && card.load.cores > 0
        width: parent.width
        spacing: 8

        Label {
            width: parent.width
            role: "heading"
            wrapMode: Text.Wrap
            text: qsTr("This computer is %1 % busy").arg(card.load.busy)
        }
        Progress { width: parent.width; share: card.load.busy / 100; Accessible.name: qsTr("Busy") }
        Repeater {
            model: card.load.programs

            Item {
                id: program

                required property string name
                required property int cpu
                required property int memory
                required property string state
                readonly property string detail: state === "started"
                    ? qsTr("%1 % of a core, %2 MB").arg(cpu).arg(memory) : qsTr("stopped, is being started again")

                width: parent.width
                height: Math.max(what.implicitHeight, cost.implicitHeight)

                Label {
                    id: what

                    role: "label"
                    text: Wording.program(program.name)
                    elide: Text.ElideRight
                    anchors.left: parent.left
                    anchors.right: cost.left
                    anchors.rightMargin: 12
                    Accessible.ignored: true
                }
                Label {
                    id: cost

                    role: "label"
                    muted: true
                    text: program.detail
                    font.features: ({ tnum: 1 })
                    anchors.right: parent.right
                    Accessible.ignored: true
                }
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("%1: %2").arg(what.text).arg(detail)
            }
        }
    }
    Column {
        width: parent.width
        spacing: 8

        Label { width: parent.width; role: "heading"; wrapMode: Text.Wrap; text: qsTr("Connected") }
        Repeater {
            model: card.meeting.people

            Item {
                id: line

                required property string name
                required property string client
                required property bool connected
                readonly property string detail: connected ? Wording.client(client) : qsTr("Connecting…")

                width: parent.width
                height: who.implicitHeight + by.implicitHeight

                Label {
                    id: who

                    role: "label"
                    font.weight: Font.Medium
                    width: parent.width
                    text: line.name
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
                Label {
                    id: by

                    role: "label"
                    muted: true
                    width: parent.width
                    y: who.implicitHeight
                    text: line.detail
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("%1: %2").arg(line.name).arg(line.detail)
            }
        }
    }
    answers: [ ActionButton { id: done; text: qsTr("Close"); onClicked: card.close() } ]
}
