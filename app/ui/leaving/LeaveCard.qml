import QtQuick
import Parley.Theme
import "../controls"

// Leave alone, or end it for everybody.  Escape stays.
Dialog {
    id: card

    required property bool mayEnd       // the host's right
    required property bool here         // this computer is the meeting room: it ends when we go
    required property bool hideable     // it can go on without the window
    signal hiding()
    signal leaving()
    signal ending()

    heading: here ? qsTr("End this meeting?") : qsTr("Leave this meeting?")
    iconName: "log-out"
    widest: 460
    onOpened: stay.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: card.here
            ? card.hideable
                ? qsTr("The meeting ends for everyone if you close this PC. The transcript stays on it. It can also go on without this window.")
                : qsTr("The meeting ends for everyone if you close this PC. The transcript stays on it.")
            : qsTr("The others go on without you. You can come back with the same link.")
    }

    answers: [
        ActionButton {
            visible: card.mayEnd
            kind: "danger"
            text: qsTr("End for everyone")
            onClicked: card.ending()
        },
        ActionButton {
            visible: !card.here
            kind: card.mayEnd ? "secondary" : "danger"
            text: qsTr("Leave")
            onClicked: card.leaving()
        },
        ActionButton {
            visible: card.here && card.hideable
            text: qsTr("Hide the window")
            onClicked: card.hiding()
        },
        ActionButton { id: stay; text: qsTr("Stay"); onClicked: card.close() }
    ]
}
