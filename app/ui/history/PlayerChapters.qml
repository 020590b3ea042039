import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// The parts of a recording: a press goes to one.
ListView {
    id: list

    required property var player        // PlayerModel

    clip: true
    topMargin: 4
    bottomMargin: 16
    model: player.chapters
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    onActiveFocusChanged: if (activeFocus && currentItem) currentItem.forceActiveFocus(Qt.TabFocusReason)
    B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

    delegate: B.AbstractButton {
        id: chapter

        required property string kind
        required property string name
        required property string time
        required property real start
        required property int index
        readonly property bool here: index === list.player.chapter

        text: Wording.chapter(kind, name)
        width: list.width
        implicitHeight: Math.max(Theme.hit, words.implicitHeight + 16)
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        onClicked: list.player.seek(start)
        Keys.onReturnPressed: click()
        Keys.onEnterPressed: click()
        background: Rectangle {
            radius: 8
            color: chapter.here ? Theme.accentSoft : chapter.hovered ? Theme.hover : "transparent"

            Rectangle { visible: chapter.here; width: 3; height: parent.height - 8; x: 2; anchors.verticalCenter: parent.verticalCenter; radius: 1.5; color: Theme.accent }
            FocusRing { target: chapter; anchors.margins: 1; around: 6 }
        }
        contentItem: Item {
            Label { id: words; x: 12; width: parent.width - when.width - 36; text: chapter.text; wrapMode: Text.Wrap; color: chapter.here ? Theme.inkAccentSoft : Theme.text
                    anchors.verticalCenter: parent.verticalCenter; Accessible.ignored: true }
            Label { id: when; role: "small"; text: chapter.time; font.features: ({ tnum: 1 }); color: chapter.here ? Theme.inkAccentSoft : Theme.textMuted
                    anchors.right: parent.right; anchors.rightMargin: 12; anchors.verticalCenter: parent.verticalCenter; Accessible.ignored: true }
        }
        Accessible.role: Accessible.ListItem
        Accessible.name: qsTr("%1, %2").arg(text).arg(time)
        Accessible.focusable: true
        Accessible.onPressAction: click()
    }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Chapters")
}
