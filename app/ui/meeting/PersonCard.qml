import QtQuick
import Parley.Theme
import "../controls"

// Asked before somebody is removed, or becomes the host in our place.  Escape changes nothing.
Dialog {
    id: card

    required property var floor
    property string kind        // host | remove
    property string person
    property string name
    property bool bar: false

    function ask(kind: string, person: string, name: string): void {
        card.kind = kind
        card.person = person
        card.name = name
        bar = false
        open()
    }

    heading: kind === "host" ? qsTr("Make %1 the host?").arg(name) : qsTr("Remove %1?").arg(name)
    iconName: kind === "host" ? "crown" : "user-x"
    widest: 460
    onOpened: stay.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: card.kind === "host"
            ? qsTr("%1 then decides who comes in and who speaks, and can end the meeting. You become co-host. The meeting stays on the computer it runs on.").arg(card.name)
            : qsTr("%1 leaves the meeting at once, and is told that they were removed.").arg(card.name)
    }
    Choice {
        visible: card.kind === "remove"
        width: parent.width
        text: qsTr("Do not let them back into this meeting")
        on: card.bar
        onClicked: card.bar = !card.bar
    }

    answers: [
        ActionButton {
            kind: card.kind === "host" ? "secondary" : "danger"
            text: card.kind === "host" ? qsTr("Make host") : qsTr("Remove")
            onClicked: {
                if (card.kind === "host") card.floor.set_role(card.person, "host")
                else card.floor.remove(card.person, card.bar)
                card.close()
            }
        },
        ActionButton { id: stay; text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
