import QtQuick
import Parley.Theme
import "../controls"

// What the connection is like, in words that lead somewhere.
Dialog {
    id: card

    required property var quality

    readonly property bool known: quality.verdict !== ""

    heading: qsTr("Your connection")
    iconName: "activity"
    widest: 480
    onOpened: done.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: !card.known ? qsTr("Nothing has been measured yet.")
            : card.quality.verdict === "good" ? qsTr("It is good: nobody should notice anything.")
            : card.quality.verdict === "fair" ? qsTr("It is fair: now and then a picture may become smaller.")
            : qsTr("It is poor: sound may break up. Use a cable, go nearer to the Wi-Fi, or stop your video.")
    }
    Fact {
        visible: card.known
        width: parent.width
        iconName: "video"
        title: qsTr("Your uplink carries %1 kbps").arg(card.quality.uplink)
        detail: card.quality.height > 0 ? qsTr("Sending %1p.").arg(card.quality.height) : qsTr("No picture of yours is sent now.")
    }
    Fact {
        visible: card.known
        width: parent.width
        iconName: "clock"
        title: qsTr("To the host and back: %1 ms").arg(card.quality.round_trip)
        detail: card.quality.round_trip >= 150 ? qsTr("People may begin to talk over each other.") : qsTr("Too short to notice.")
    }
    Fact {
        visible: card.known
        width: parent.width
        iconName: "gauge"
        title: qsTr("Lost on the way: %1 % of what you send, %2 % of what you get")
            .arg(card.quality.lost_up.toLocaleString(Qt.locale(), "f", 1)).arg(card.quality.lost_down.toLocaleString(Qt.locale(), "f", 1))
        detail: Math.max(card.quality.lost_up, card.quality.lost_down) < 2 ? qsTr("Small losses are repaired.") : qsTr("More than can always be repaired.")
    }

    answers: [ ActionButton { id: done; text: qsTr("Close"); onClicked: card.close() } ]
}
