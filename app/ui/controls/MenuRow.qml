import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// One thing to do.
B.MenuItem {
    id: row

    property string iconName
    property bool grave: false      // ends something, or takes something from somebody

    height: implicitHeight
    implicitHeight: visible ? Math.max(Theme.hit, words.implicitHeight + 12) : 0
    implicitWidth: words.implicitWidth + 64
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true

    background: Rectangle {
        radius: 8
        color: row.down ? Theme.pressed : row.highlighted || row.hovered ? Theme.hover : "transparent"
    }
    contentItem: Item {
        Icon {
            id: icon

            name: row.iconName
            size: 18
            x: 8
            color: row.grave ? Theme.danger : Theme.text
            anchors.verticalCenter: parent.verticalCenter
        }
        Label {
            id: words

            text: row.text
            color: row.grave ? Theme.danger : Theme.text
            anchors.left: icon.right
            anchors.leftMargin: 12
            anchors.right: parent.right
            anchors.rightMargin: 8
            elide: Text.ElideRight
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
}
