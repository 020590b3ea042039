import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What was written, and a line to write in.  Text is plain: nothing in it is a link or markup.
Item {
    id: pane

    required property var meeting
    property string to          // whom the next message is for; empty: everybody
    readonly property var floor: meeting.floor
    readonly property bool open: floor.moderates || floor.policy.chat
    readonly property string toName: meeting.name_of(to)
    signal opened(string address)
    signal copied(string text)

    function compose(): void { draft.input.forceActiveFocus(Qt.TabFocusReason) }
    function writeTo(person: string): void {
        to = person
        compose()
    }
    function send(): void {
        pane.meeting.write(draft.text, to)
        draft.text = ""
    }

    ListView {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        clip: true
        spacing: 12
        topMargin: 16
        bottomMargin: 12
        model: pane.meeting.chat
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }
        onCountChanged: Qt.callLater(positionViewAtEnd)

        delegate: Column {
            id: row

            required property string sender
            required property int order
            required property bool you
            required property string time
            required property string text
            required property bool deleted
            required property bool isPrivate
            required property string to
            required property int number
            required property string sentBy
            required property string links
            readonly property string who: you ? qsTr("%1 (you)").arg(sender) : sender
            readonly property string words: deleted ? qsTr("Message deleted") : text

            readonly property var addresses: links === "" ? [] : links.split("\n")
            readonly property bool visualFocus: true
            function choose(at: point): void { menu.show(row, at) }
            Keys.onReturnPressed: choose(Qt.point(24, height / 2))
            Keys.onEnterPressed: choose(Qt.point(24, height / 2))
            Keys.onMenuPressed: choose(Qt.point(24, height / 2))
            TapHandler {
                acceptedButtons: Qt.RightButton
                onTapped: point => row.choose(point.position)
            }

            width: list.width
            spacing: 2

            Item {
                width: parent.width
                height: Math.max(name.implicitHeight, when.implicitHeight)

                Label {
                    id: name

                    role: "label"
                    text: row.who
                    font.weight: Font.DemiBold
                    color: Theme.speaker(row.order)
                    elide: Text.ElideRight
                    anchors.left: parent.left
                    anchors.right: when.left
                    anchors.rightMargin: 8
                    anchors.verticalCenter: parent.verticalCenter
                    Accessible.ignored: true
                }
                Label {
                    id: when

                    role: "small"
                    muted: true
                    text: row.time
                    font.features: ({ tnum: 1 })
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    Accessible.ignored: true
                }
            }
            Chip {
                visible: row.isPrivate
                tone: "info"
                iconName: "lock"
                text: row.you ? qsTr("To %1 only").arg(row.to) : qsTr("To you only")
            }
            Label {
                width: parent.width
                text: row.words
                muted: row.deleted
                wrapMode: Text.Wrap
                Accessible.ignored: true

                FocusRing { target: row; anchors.margins: -4 }
            }
            Repeater {
                model: row.addresses

                ActionButton {
                    required property string modelData

                    compact: true
                    kind: "quiet"
                    iconName: "external-link"
                    text: modelData.length > 60 ? modelData.slice(0, 57) + "…" : modelData
                    width: Math.min(implicitWidth, row.width)
                    Accessible.name: qsTr("Open %1").arg(modelData)
                    onClicked: pane.opened(modelData)
                }
            }

            Accessible.role: Accessible.ListItem
            Accessible.focusable: true
            Accessible.onPressAction: choose(Qt.point(24, height / 2))
            Accessible.name: qsTr("%1, %2: %3").arg(who).arg(time).arg(words)
        }

        Accessible.role: Accessible.List
        Accessible.name: qsTr("Chat")
    }
    Label {
        visible: pane.meeting.chat.count === 0
        width: parent.width - 48
        anchors.horizontalCenter: parent.horizontalCenter
        y: 24
        muted: true
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("Nothing has been written yet. Messages go to everybody and stay on the host’s computer.")
    }
    Menu {
        id: menu

        property Item row

        function show(line: Item, at: point): void {
            row = line
            popup(line, at.x, at.y)
        }

        MenuRow {
            visible: menu.row !== null && !menu.row.deleted
            iconName: "copy"
            text: qsTr("Copy the message")
            onTriggered: pane.copied(menu.row.text)
        }
        MenuRow {
            visible: menu.row !== null && !menu.row.you && pane.meeting.name_of(menu.row.sentBy) !== ""
            iconName: "message-square"
            text: menu.row ? qsTr("Write to %1 only").arg(menu.row.sender) : ""
            onTriggered: pane.writeTo(menu.row.sentBy)
        }
        MenuRow {
            visible: menu.row !== null && !menu.row.deleted && (menu.row.you || (pane.floor.moderates && !menu.row.isPrivate))
            grave: true
            iconName: "trash-2"
            text: qsTr("Delete the message")
            onTriggered: pane.floor.delete_message(menu.row.number)
        }
    }
    Item {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: draft.y + draft.height + 12

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        Row {
            id: recipient

            visible: pane.to !== ""
            x: 16
            y: 8
            spacing: 4

            Chip {
                tone: "info"
                iconName: "lock"
                text: qsTr("To %1 only").arg(pane.toName)
                width: Math.min(implicitWidth, foot.width - 80)
                anchors.verticalCenter: parent.verticalCenter
            }
            IconButton {
                width: 32
                height: 32
                iconName: "x"
                text: qsTr("Write to everybody again")
                onClicked: pane.to = ""
            }
        }
        TextBox {
            id: draft

            x: 16
            y: recipient.visible ? recipient.y + recipient.height + 4 : 12
            width: parent.width - 32 - send.width - (attach.visible ? attach.width : 0) - 4
            placeholder: pane.to !== "" ? qsTr("Write to %1").arg(pane.toName)
                : pane.open ? qsTr("Write to everybody") : qsTr("The host has turned the chat off.")
            enabled: pane.open || pane.to !== ""
            onAccepted: pane.send()
        }
        IconButton {
            id: attach

            visible: pane.meeting.files.allowed
            iconName: "paperclip"
            text: pane.to !== "" ? qsTr("Share files with %1 only").arg(pane.toName) : qsTr("Share files with everybody")
            anchors.right: send.left
            anchors.bottom: draft.bottom
            onClicked: pane.meeting.files.choose(pane.to)
        }
        IconButton {
            id: send

            iconName: "send"
            text: qsTr("Send")
            enabled: draft.text.trim() !== ""
            opacity: enabled ? 1 : 0.4
            anchors.right: parent.right
            anchors.rightMargin: 12
            anchors.bottom: draft.bottom
            onClicked: pane.send()
        }
    }
}
