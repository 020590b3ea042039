import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Who is here.
Item {
    id: pane

    required property var meeting
    signal inviting()

    ListView {
        id: list

        anchors.fill: parent
        anchors.bottomMargin: foot.height
        clip: true
        topMargin: 8
        bottomMargin: 8
        model: pane.meeting.people
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        delegate: Item {
            id: row

            required property string name
            required property string initials
            required property int order
            required property bool you
            required property bool host
            required property bool muted
            required property bool camera
            required property bool captioned
            required property bool connected
            required property int hand
            readonly property string detail: {
                const facts = []
                if (hand > 0) facts.push(qsTr("Hand up, number %1").arg(hand))
                if (host) facts.push(qsTr("Host"))
                if (!connected) facts.push(qsTr("Connecting…"))
                if (captioned) facts.push(qsTr("Captioned"))
                return facts.join(" · ")
            }

            width: list.width
            height: Math.max(52, names.implicitHeight + 14)

            Rectangle {
                id: face

                x: 16
                width: 36
                height: 36
                radius: 18
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.surfaceAlt
                border.width: 2
                border.color: Theme.speaker(row.order)

                Label {
                    anchors.centerIn: parent
                    text: row.initials
                    font.pixelSize: 13
                    font.weight: Font.DemiBold
                    color: Theme.speaker(row.order)
                    Accessible.ignored: true
                }
            }
            Column {
                id: names

                anchors.left: face.right
                anchors.leftMargin: 12
                anchors.right: marks.left
                anchors.rightMargin: 12
                anchors.verticalCenter: parent.verticalCenter

                Label {
                    text: row.you ? qsTr("%1 (you)").arg(row.name) : row.name
                    font.weight: Font.Medium
                    width: parent.width
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
                Label {
                    visible: text !== ""
                    text: row.detail
                    role: "label"
                    muted: true
                    width: parent.width
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
            }
            Row {
                id: marks

                anchors.right: parent.right
                anchors.rightMargin: 16
                anchors.verticalCenter: parent.verticalCenter
                spacing: 12

                Icon { visible: row.hand > 0; name: "hand"; size: 18; color: Theme.inkWarnSoft }
                Icon { name: row.muted ? "mic-off" : "mic"; size: 18; color: row.muted ? Theme.danger : Theme.textMuted }
                Icon { name: row.camera ? "video" : "video-off"; size: 18; color: Theme.textMuted }
            }

            Accessible.role: Accessible.ListItem
            Accessible.name: {
                const facts = [you ? qsTr("%1 (you)").arg(name) : name]
                if (detail) facts.push(detail)
                facts.push(muted ? qsTr("muted") : qsTr("microphone on"))
                facts.push(camera ? qsTr("camera on") : qsTr("camera off"))
                return facts.join(", ")
            }
        }

        Accessible.role: Accessible.List
        Accessible.name: qsTr("People in the meeting")
    }
    Item {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: invite.height + 24

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        ActionButton {
            id: invite

            x: 16
            y: 12
            width: parent.width - 32
            iconName: "plus"
            text: qsTr("Invite people")
            onClicked: pane.inviting()
        }
    }
}
