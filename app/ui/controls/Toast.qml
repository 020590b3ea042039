import QtQuick
import Parley.Theme

// One short line, 6 s, longer under the mouse.  Never for an error that needs somebody to act.
Rectangle {
    id: toast

    property string text
    property string iconName: "info"

    function say(words: string, icon: string): void {
        text = words
        iconName = icon
        opacity = 1
        away.restart()
    }

    opacity: 0
    visible: opacity > 0
    implicitHeight: Math.max(40, words.implicitHeight + 16)
    implicitWidth: words.implicitWidth + 54
    radius: Theme.radius
    color: Theme.text

    Behavior on opacity { NumberAnimation { duration: Theme.medium } }
    Timer { id: away; interval: 6000; running: false; onTriggered: if (!hover.hovered) toast.opacity = 0 }
    HoverHandler { id: hover; onHoveredChanged: if (!hovered) away.restart() }

    Icon {
        id: icon

        name: toast.iconName
        size: 18
        color: Theme.bg
        x: 14
        anchors.verticalCenter: parent.verticalCenter
    }
    Label {
        id: words

        text: toast.text
        role: "label"
        color: Theme.bg
        wrapMode: Text.Wrap
        anchors.left: icon.right
        anchors.leftMargin: 8
        anchors.right: parent.right
        anchors.rightMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        Accessible.ignored: true
    }

    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Accessible.ignored: !visible
}
