import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What is said, line by line; the one that is heard is marked and kept in sight until the reader looks elsewhere.
Item {
    id: pane

    required property var player        // PlayerModel

    ListView {
        id: list

        property bool following: true
        readonly property int spoken: pane.player.line

        anchors.fill: parent
        clip: true
        topMargin: 4
        bottomMargin: 56
        model: pane.player.lines
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        cacheBuffer: 2000
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded; onPressedChanged: if (pressed) list.following = false }

        keyNavigationEnabled: false     // a step by key also stops following
        Keys.onUpPressed: step(-1)
        Keys.onDownPressed: step(1)

        function step(by: int): void {
            following = false
            go(Math.max(0, Math.min(count - 1, currentIndex + by)))
        }
        function go(row: int): void {
            currentIndex = row
            positionViewAtIndex(row, ListView.Contain)
            if (currentItem) currentItem.forceActiveFocus(Qt.TabFocusReason)
        }
        function follow(): void {
            following = true
            if (spoken >= 0) positionViewAtIndex(spoken, ListView.Center)
        }
        onSpokenChanged: if (following) follow()
        onHeightChanged: if (following) Qt.callLater(follow)
        onMovementStarted: following = false
        onActiveFocusChanged: if (activeFocus && count > 0) go(Math.max(0, spoken))

        delegate: B.AbstractButton {
            id: line

            required property string name
            required property int order
            required property string time
            required property bool headed
            required property int index
            required property var model
            readonly property bool heard: index === list.spoken

            text: model.text === "[not recorded]" ? qsTr("[not recorded]") : model.text
            width: list.width
            implicitHeight: words.implicitHeight + (headed ? 12 : 6)
            hoverEnabled: true
            focusPolicy: Qt.StrongFocus
            onClicked: jump()
            Keys.onReturnPressed: jump()
            Keys.onEnterPressed: jump()
            Keys.onUpPressed: list.step(-1)
            Keys.onDownPressed: list.step(1)
            onActiveFocusChanged: if (activeFocus) list.currentIndex = index

            function jump(): void {
                list.following = true
                pane.player.jump(index)
            }

            background: Rectangle {
                radius: 8
                color: line.heard ? Theme.accentSoft : line.hovered ? Theme.hover : "transparent"
                border.width: line.heard && Theme.contrast ? 2 : 0
                border.color: Theme.accent

                Rectangle { visible: line.heard; width: 3; height: parent.height - 8; x: 2; anchors.verticalCenter: parent.verticalCenter; radius: 1.5; color: Theme.accent }
                FocusRing { target: line; anchors.margins: 1; around: 6 }
            }
            contentItem: Item {
                Column {
                    id: words

                    x: 12
                    width: parent.width - 24
                    anchors.verticalCenter: parent.verticalCenter

                    Item {
                        visible: line.headed
                        width: parent.width
                        height: Math.max(who.implicitHeight, when.implicitHeight)

                        Label { id: who; role: "label"; text: line.name; font.weight: Font.DemiBold; elide: Text.ElideRight
                                color: line.heard ? Theme.inkAccentSoft : Theme.speaker(line.order)
                                width: Math.min(implicitWidth, parent.width - when.width - 12); Accessible.ignored: true }
                        Label { id: when; role: "small"; text: line.time; font.features: ({ tnum: 1 })
                                color: line.heard ? Theme.inkAccentSoft : Theme.textMuted
                                anchors.right: parent.right; anchors.verticalCenter: who.verticalCenter; Accessible.ignored: true }
                    }
                    Label { width: parent.width; text: line.text; wrapMode: Text.Wrap; color: line.heard ? Theme.inkAccentSoft : Theme.text; Accessible.ignored: true }
                }
            }
            Accessible.role: Accessible.ListItem
            Accessible.name: heard ? qsTr("Heard now. %1, %2: %3").arg(name).arg(time).arg(text) : qsTr("%1, %2: %3").arg(name).arg(time).arg(text)
            Accessible.focusable: true
            Accessible.onPressAction: jump()
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Transcript")
    }
    Label {
        visible: list.count === 0 && pane.player.ready
        width: parent.width - 32
        anchors.horizontalCenter: parent.horizontalCenter
        y: 24
        muted: true
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("Nothing of what was said was written down.")
    }
    ActionButton {
        visible: !list.following && list.count > 0
        compact: true
        iconName: "audio-lines"
        text: qsTr("Go to what is heard now")
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        onClicked: list.follow()
    }
}
