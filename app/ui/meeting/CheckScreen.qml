import QtQuick
import Parley.Theme
import "../controls"

// What the person whose camera is checked is to do.  Its colour is their light: it fills the whole window, evenly.
Rectangle {
    id: screen

    required property var checks
    readonly property var task: checks.task
    readonly property bool running: task.stage !== undefined
    readonly property bool lit: running && task.colour !== ""

    visible: running
    color: lit ? task.colour : Theme.stage
    onRunningChanged: if (running) stop.forceActiveFocus(Qt.TabFocusReason)
    Keys.onEscapePressed: checks.stop_mine()

    // Nothing behind it is pressed by mistake.
    MouseArea { anchors.fill: parent; hoverEnabled: true }

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(560, parent.width - 24)
        height: column.implicitHeight + 48
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: Theme.outline
        border.color: Theme.borderStrong

        Column {
            id: column

            x: 24
            y: 24
            width: parent.width - 48
            spacing: 16

            Label {
                width: parent.width
                role: "label"
                muted: true
                wrapMode: Text.Wrap
                text: qsTr("Your camera is checked for %1").arg(screen.task.name || "")
            }
            Label {
                id: wish

                width: parent.width
                role: "title"
                wrapMode: Text.Wrap
                text: screen.task.stage === "weighing" ? qsTr("That was all. Thank you.")
                    : screen.task.code ? qsTr("Look at the camera and read this number aloud:")
                    : Wording.act(screen.task.act || "")
                onTextChanged: if (screen.running) screen.Accessible.announce(wish.text, Accessible.Assertive)
            }
            Label {
                visible: text !== ""
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                font.pixelSize: 3 * Theme.title
                font.letterSpacing: 12
                text: screen.task.code || ""
                Accessible.name: text.split("").join(" ")
            }
            ActionButton {
                id: stop

                text: qsTr("Stop the check")
                onClicked: screen.checks.stop_mine()
            }
        }
    }

    Accessible.role: Accessible.Dialog
    Accessible.name: qsTr("Your camera is checked")
}
