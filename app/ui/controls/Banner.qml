import QtQuick
import Parley.Theme

// What is wrong and what to do; stays until it is mended or closed.
Rectangle {
    id: banner

    property string text
    property string iconName: "triangle-alert"
    property string tone: "warn"        // warn | danger | info
    property string action
    property bool closable: true
    signal acted()
    signal closed()

    readonly property color ink: ({ warn: Theme.inkWarnSoft, danger: Theme.inkDangerSoft, info: Theme.inkInfoSoft })[tone]

    implicitHeight: Math.max(40, words.implicitHeight + 20, acts.visible ? acts.implicitHeight + 8 : 0)
    radius: Theme.radius
    color: Theme.contrast ? Theme.surface : ({ warn: Theme.warnSoft, danger: Theme.dangerSoft, info: Theme.infoSoft })[tone]
    border.width: Theme.contrast ? 2 : 0
    border.color: ink

    Icon {
        id: icon

        name: banner.iconName
        size: 18
        color: banner.ink
        x: 12
        y: 11
    }
    Label {
        id: words

        text: banner.text
        role: "label"
        color: banner.ink
        wrapMode: Text.Wrap
        anchors.left: icon.right
        anchors.leftMargin: 8
        anchors.right: acts.visible ? acts.left : close.visible ? close.left : parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        Accessible.ignored: true
    }
    ActionButton {
        id: acts

        visible: banner.action !== ""
        text: banner.action
        compact: true
        anchors.right: close.visible ? close.left : parent.right
        anchors.rightMargin: 8
        anchors.verticalCenter: parent.verticalCenter
        onClicked: banner.acted()
    }
    IconButton {
        id: close

        visible: banner.closable
        iconName: "x"
        text: qsTr("Close this message")
        width: 32
        height: 32
        anchors.right: parent.right
        anchors.rightMargin: 6
        anchors.verticalCenter: parent.verticalCenter
        onClicked: banner.closed()
        contentItem: Item { Icon { anchors.centerIn: parent; name: "x"; size: 18; color: banner.ink } }
    }

    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
}
