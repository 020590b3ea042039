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
    signal correcting(string segment, string speaker, string text)

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
            anchors.right: keep.left
            anchors.bottom: query.bottom
            onClicked: pane.copied(pane.meeting.transcript.text())
        }
        IconButton {
            id: keep

            iconName: "file-down"
            text: qsTr("Save the transcript")
            anchors.right: parent.right
            anchors.rightMargin: -8
            anchors.bottom: query.bottom
            onClicked: forms.popup(this, 0, height)
        }
    }
    FormsMenu { id: forms; onChosen: form => pane.meeting.export(form) }
    Menu {
        id: deeds

        property Item entry

        function show(line: Item, at: point): void {
            entry = line
            popup(line, at.x, at.y)
        }

        MenuRow {
            iconName: "copy"
            text: qsTr("Copy the line")
            onTriggered: pane.copied(deeds.entry.text)
        }
        MenuRow {
            visible: deeds.entry !== null && !deeds.entry.remark && (deeds.entry.mine || pane.meeting.floor.moderates)
            iconName: "pencil"
            text: qsTr("Put the words right…")
            onTriggered: pane.correcting(deeds.entry.segment, deeds.entry.speaker, deeds.entry.text)
        }
        MenuRow {
            visible: pane.searching
            iconName: "search"
            text: qsTr("Show what was said around it")
            onTriggered: list.jump(deeds.entry.segment)
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

        keyNavigationEnabled: false     // a step by key also stops following
        Keys.onUpPressed: step(-1)
        Keys.onDownPressed: step(1)
        Keys.onPressed: event => {
            if (event.key === Qt.Key_End) newest()
            else if (event.key === Qt.Key_Home) { following = false; positionViewAtBeginning() }
        }

        function step(by: int): void {
            following = false
            currentIndex = Math.max(0, Math.min(count - 1, currentIndex + by))
            positionViewAtIndex(currentIndex, ListView.Contain)
            if (currentItem) currentItem.forceActiveFocus(Qt.TabFocusReason)
        }
        // Out of what was found, to its place among everything.
        function jump(segment: string): void {
            pane.meeting.transcript.search("")
            following = false
            currentIndex = pane.meeting.transcript.place(segment)
            positionViewAtIndex(currentIndex, ListView.Center)
            if (currentItem) currentItem.forceActiveFocus(Qt.TabFocusReason)
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
            required property bool mine
            required property string segment
            required property string remark
            readonly property string words: Wording.remark(remark) || text
            readonly property bool visualFocus: true
            function choose(at: point): void { deeds.show(entry, at) }
            Keys.onReturnPressed: choose(Qt.point(24, height / 2))
            Keys.onEnterPressed: choose(Qt.point(24, height / 2))
            Keys.onMenuPressed: choose(Qt.point(24, height / 2))
            TapHandler {
                acceptedButtons: Qt.RightButton
                onTapped: point => entry.choose(point.position)
            }

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
                text: entry.words
                muted: entry.remark !== ""
                font.italic: entry.remark !== ""
                wrapMode: Text.Wrap
                Accessible.ignored: true

                FocusRing { target: entry; anchors.margins: -4 }
            }

            Accessible.role: Accessible.ListItem
            Accessible.focusable: true
            Accessible.onPressAction: choose(Qt.point(24, height / 2))
            Accessible.name: qsTr("%1, %2: %3").arg(speaker).arg(time).arg(words)
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
