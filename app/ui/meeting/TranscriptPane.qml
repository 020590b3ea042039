import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What was said.  Follows the newest entry until the reader scrolls up; then it stays and offers the way back.
Item {
    id: pane

    required property var meeting
    readonly property bool searching: meeting.transcript.query !== ""
    signal copied(string text)

    function search(): void { query.input.forceActiveFocus(Qt.ShortcutFocusReason) }

    Item {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: 16
        height: visible ? query.implicitHeight + 20 : 0
        visible: pane.meeting.transcript.count > 0 || pane.searching

        Field {
            id: query

            anchors.left: parent.left
            anchors.right: copy.left
            anchors.rightMargin: 4
            y: 12
            iconName: "search"
            label: pane.searching ? qsTr("%n found", "", pane.meeting.transcript.count) : qsTr("Search the transcript")
            maximumLength: 100
            text: pane.meeting.transcript.query
            onEdited: pane.meeting.transcript.search(text)
            Keys.onEscapePressed: event => {
                if (pane.searching) pane.meeting.transcript.search("")
                else event.accepted = false
            }
        }
        IconButton {
            id: copy

            iconName: "copy"
            text: pane.searching ? qsTr("Copy what was found") : qsTr("Copy the transcript")
            anchors.right: parent.right
            anchors.rightMargin: -8
            anchors.bottom: query.bottom
            onClicked: pane.copied(pane.meeting.transcript.text())
        }
    }
    ListView {
        id: list

        property bool following: true
        property int unread: 0

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: foot.top
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        clip: true
        topMargin: 12
        bottomMargin: 12
        model: pane.meeting.transcript
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        reuseItems: true
        cacheBuffer: 2000
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        Keys.onUpPressed: flick(0, 600)
        Keys.onDownPressed: flick(0, -600)
        Keys.onPressed: event => {
            if (event.key === Qt.Key_End) newest()
            else if (event.key === Qt.Key_Home) { following = false; positionViewAtBeginning() }
        }

        function newest(): void {
            following = true
            unread = 0
            positionViewAtEnd()
        }
        function settle(): void { if (following) positionViewAtEnd() }

        onCountChanged: {
            if (following) Qt.callLater(settle)
            else unread += 1
        }
        onContentHeightChanged: Qt.callLater(settle)
        onHeightChanged: Qt.callLater(settle)
        onMovementEnded: {
            following = atYEnd
            if (atYEnd) unread = 0
        }
        Component.onCompleted: positionViewAtEnd()

        delegate: Column {
            id: entry

            required property string speaker
            required property int order
            required property string time
            required property string text
            required property bool headed

            width: list.width
            spacing: 2
            topPadding: headed ? 12 : 2

            Item {
                visible: entry.headed
                width: parent.width
                height: Math.max(name.implicitHeight, when.implicitHeight)

                Label {
                    id: name

                    role: "label"
                    text: entry.speaker
                    font.weight: Font.DemiBold
                    color: Theme.speaker(entry.order)
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
                    text: entry.time
                    font.features: ({ tnum: 1 })
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    Accessible.ignored: true
                }
            }
            Label {
                width: parent.width
                text: entry.text
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }

            Accessible.role: Accessible.ListItem
            Accessible.name: qsTr("%1, %2: %3").arg(speaker).arg(time).arg(text)
        }

        Accessible.role: Accessible.List
        Accessible.name: qsTr("Transcript")
    }
    Label {
        visible: list.count === 0 && !pane.searching
        width: parent.width - 48
        anchors.horizontalCenter: parent.horizontalCenter
        y: 24
        muted: true
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        text: pane.meeting.captions_on
            ? qsTr("Nothing has been said yet. Finished sentences stand here with the speaker’s name.")
            : qsTr("Captions are off in this meeting, so there is no transcript.")
    }
    ActionButton {
        visible: !list.following
        compact: true
        iconName: "chevron-down"
        text: list.unread > 0 ? qsTr("Go to newest, %n new", "", list.unread) : qsTr("Go to newest")
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: foot.top
        anchors.bottomMargin: 8
        onClicked: list.newest()
    }
    Column {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        bottomPadding: visibleChildren.length > 1 ? 8 : 0

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        Choice {
            visible: pane.meeting.captions_on
            x: 8
            width: parent.width - 16
            text: qsTr("Caption my voice")
            on: pane.meeting.captioned
            onClicked: pane.meeting.answer(!pane.meeting.captioned)
        }
        Choice {
            visible: pane.meeting.hosting
            x: 8
            width: parent.width - 16
            text: qsTr("Captions for everyone in this meeting")
            on: pane.meeting.captions_on
            onClicked: pane.meeting.captions_on ? pane.meeting.stop_captions() : pane.meeting.toggle_captions()
        }
        Label {
            visible: pane.meeting.captions_on || list.count > 0
            x: 16
            width: parent.width - 32
            topPadding: 4
            role: "small"
            muted: true
            wrapMode: Text.Wrap
            text: qsTr("Written by a computer on this network. Check what matters.")
        }
    }
}
