import QtQuick
import Parley.Theme

// An icon, a fact and its detail.
Row {
    id: fact

    property string iconName
    property string title
    property string detail

    spacing: 12

    Rectangle {
        width: 36
        height: 36
        radius: 10
        color: Theme.surfaceAlt

        Icon { anchors.centerIn: parent; name: fact.iconName; size: 18 }
    }
    Column {
        width: fact.width - 48
        anchors.verticalCenter: parent.verticalCenter

        Label {
            text: fact.title
            font.weight: Font.Medium
            width: parent.width
            wrapMode: Text.Wrap
        }
        Label {
            visible: text !== ""
            text: fact.detail
            role: "label"
            muted: true
            width: parent.width
            wrapMode: Text.Wrap
        }
    }
}
