import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Who is here, who waits, and what host and co-hosts may do.
Item {
    id: pane

    required property var meeting
    signal menuAsked(Item row, point at)
    readonly property var floor: meeting.floor
    signal inviting()
    signal ruling()
    signal locating()

    LobbyCard {
        id: lobby

        visible: pane.floor.waiters.count > 0
        floor: pane.floor
        x: 12
        y: 12
        width: parent.width - 24
    }
    ListView {
        id: list

        anchors.fill: parent
        anchors.topMargin: lobby.visible ? lobby.height + 20 : 0
        anchors.bottomMargin: foot.height
        clip: true
        topMargin: 8
        bottomMargin: 8
        model: pane.meeting.people
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        currentIndex: 0
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        delegate: Item {
            id: row

            required property string name
            required property string initials
            required property int order
            required property bool you
            required property string person
            required property string role
            required property bool spotlight
            required property bool screen
            required property int index
            required property bool muted
            required property bool camera
            required property bool captioned
            required property bool connected
            required property int hand
            readonly property string detail: {
                const facts = []
                if (hand > 0) facts.push(qsTr("Hand up, number %1").arg(hand))
                if (role !== "member") facts.push(Wording.role(role))
                if (screen) facts.push(qsTr("Shares a screen"))
                if (spotlight) facts.push(qsTr("Large for everybody"))
                if (!connected) facts.push(qsTr("Connecting…"))
                if (captioned) facts.push(qsTr("Captioned"))
                return facts.join(" · ")
            }

            width: list.width
            height: Math.max(52, names.implicitHeight + 14)
            readonly property bool visualFocus: true
            function choose(): void { pane.menuAsked(row, Qt.point(width / 2, height / 2)) }
            Keys.onReturnPressed: choose()
            Keys.onEnterPressed: choose()
            Keys.onMenuPressed: choose()
            TapHandler {
                acceptedButtons: Qt.RightButton
                onTapped: point => pane.menuAsked(row, point.position)
            }

            Rectangle {
                anchors.fill: parent
                anchors.margins: 4
                radius: 8
                color: "transparent"
                border.width: 2
                border.color: Theme.focus
                visible: row.activeFocus
            }

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
                anchors.rightMargin: 8
                anchors.verticalCenter: parent.verticalCenter
                spacing: 12

                Icon { visible: row.hand > 0; name: "hand"; size: 18; color: Theme.inkWarnSoft; anchors.verticalCenter: parent.verticalCenter }
                Icon {
                    name: row.muted ? "mic-off" : "mic"
                    size: 18
                    color: row.muted ? Theme.danger : Theme.textMuted
                    anchors.verticalCenter: parent.verticalCenter
                }
                Icon { name: row.camera ? "video" : "video-off"; size: 18; color: Theme.textMuted; anchors.verticalCenter: parent.verticalCenter }
                // By keyboard: Enter on the line.
                IconButton {
                    width: 32
                    height: 32
                    focusPolicy: Qt.NoFocus
                    iconName: "ellipsis"
                    text: qsTr("More about %1").arg(row.name)
                    onClicked: row.choose()
                }
            }

            Accessible.role: Accessible.ListItem
            Accessible.focusable: true
            Accessible.onPressAction: choose()
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
        height: acts.height + 24

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        Flow {
            id: acts

            x: 16
            y: 12
            width: parent.width - 32
            spacing: 8

            ActionButton {
                compact: true
                iconName: "plus"
                text: qsTr("Invite people")
                onClicked: pane.inviting()
            }
            ActionButton {
                visible: pane.floor.moderates
                compact: true
                iconName: "mic-off"
                text: qsTr("Mute everybody")
                onClicked: pane.floor.mute("", "microphone")
            }
            ActionButton {
                visible: pane.floor.moderates && pane.floor.hands > 0
                compact: true
                iconName: "hand"
                text: qsTr("Lower all hands")
                onClicked: pane.floor.lower_all()
            }
            ActionButton {
                visible: pane.floor.moderates
                compact: true
                iconName: "user-cog"
                text: qsTr("Run the meeting")
                onClicked: pane.ruling()
            }
            ActionButton {
                compact: true
                iconName: "server"
                text: qsTr("What runs where")
                onClicked: pane.locating()
            }
        }
    }
}
