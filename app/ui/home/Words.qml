import QtQuick
import Parley.Theme
import "../controls"

// Nothing vouches for the host but these words: the person compares them with the host's screen.  Escape means no.
Dialog {
    id: card

    required property var model
    readonly property bool due: model.words !== ""

    iconName: "lock"
    heading: model.host_changed ? qsTr("Another computer answers than last time") : qsTr("Is this the right host?")
    onDueChanged: due ? open() : close()
    onOpened: no.forceActiveFocus(Qt.TabFocusReason)
    onClosed: model.confirm(false)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        visible: card.model.host_changed
        text: qsTr("At %1 you trusted another computer before. Networks give addresses away anew, so this may be harmless; or somebody poses as your host.").arg(card.model.where)
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("Ask the host to open Invite. Does the host's screen show these words? Nothing has been sent yet.")
    }
    Rectangle {
        width: parent.width
        height: shown.implicitHeight + 24
        radius: Theme.radius
        color: Theme.surfaceAlt

        Label {
            id: shown

            role: "title"
            width: parent.width - 24
            anchors.centerIn: parent
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: card.model.words
        }
    }

    answers: [
        ActionButton { text: qsTr("They match"); onClicked: card.model.confirm(true) },
        ActionButton { id: no; text: qsTr("They differ"); onClicked: card.model.confirm(false) }
    ]
}
