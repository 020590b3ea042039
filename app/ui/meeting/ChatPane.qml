import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What was written, and a line to write in.  Text is plain: nothing in it is a link or markup.
Item {
    id: pane

    required property var meeting

    function compose(): void { draft.forceActiveFocus(Qt.TabFocusReason) }
    function send(): void {
        pane.meeting.write(draft.text)
        draft.clear()
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
            readonly property string who: you ? qsTr("%1 (you)").arg(sender) : sender
            readonly property string words: deleted ? qsTr("Message deleted") : text

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
            }

            Accessible.role: Accessible.ListItem
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
    Item {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: box.height + 24

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        Rectangle {
            id: box

            x: 16
            y: 12
            width: parent.width - 32 - send.width - 4
            height: Math.min(120, Math.max(Theme.hit, draft.contentHeight + 18))
            radius: Theme.radius
            color: Theme.surface
            border.width: draft.activeFocus ? 2 : Theme.outline
            border.color: draft.activeFocus ? Theme.focus : Theme.borderStrong

            Flickable {
                anchors.fill: parent
                anchors.margins: 2
                contentHeight: draft.height
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                B.TextArea {
                    id: draft

                    width: parent.width
                    height: Math.max(implicitHeight, box.height - 4)
                    leftPadding: 10
                    rightPadding: 10
                    topPadding: 8
                    bottomPadding: 8
                    wrapMode: TextEdit.Wrap
                    textFormat: TextEdit.PlainText
                    font.pixelSize: Theme.body
                    color: Theme.text
                    placeholderText: qsTr("Write to everybody")
                    placeholderTextColor: Theme.textMuted
                    selectionColor: Theme.accent
                    selectedTextColor: Theme.inkAccent
                    renderType: TextEdit.NativeRendering
                    background: null
                    // Enter sends; with Shift it begins a new line.
                    Keys.onReturnPressed: event => event.modifiers & Qt.ShiftModifier ? event.accepted = false : pane.send()
                    Keys.onEnterPressed: pane.send()
                    KeyNavigation.priority: KeyNavigation.BeforeItem
                    KeyNavigation.tab: send
                    Accessible.role: Accessible.EditableText
                    Accessible.name: placeholderText
                }
            }
        }
        IconButton {
            id: send

            iconName: "send"
            text: qsTr("Send")
            enabled: draft.text.trim() !== ""
            opacity: enabled ? 1 : 0.4
            anchors.right: parent.right
            anchors.rightMargin: 12
            anchors.bottom: box.bottom
            onClicked: pane.send()
        }
    }
}
