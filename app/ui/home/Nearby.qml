import QtQuick
import Parley.Theme
import "../controls"

// Meetings that announce themselves on this network.  What they are called is their own claim; the code lets in.
Column {
    id: nearby

    required property var parley
    readonly property var rows: parley.home.nearby
    signal picked(string where)

    visible: rows.count > 0
    spacing: 12

    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Meetings on this network") }
    Card {
        width: parent.width
        inset: 8
        spacing: 0

        Repeater {
            model: nearby.rows

            Item {
                id: row

                required property string title
                required property string computer
                required property string where

                width: parent.width
                implicitHeight: Math.max(Theme.hit + 8, words.implicitHeight + 12)

                Icon { id: wifi; name: "wifi"; size: 18; x: 8; color: Theme.textMuted; anchors.verticalCenter: parent.verticalCenter }
                Column {
                    id: words

                    anchors.left: wifi.right
                    anchors.leftMargin: 12
                    anchors.right: enter.left
                    anchors.rightMargin: 12
                    anchors.verticalCenter: parent.verticalCenter

                    Label { text: row.title; width: parent.width; elide: Text.ElideRight }
                    Label {
                        role: "small"
                        muted: true
                        text: row.computer ? qsTr("%1, at %2").arg(row.computer).arg(row.where) : row.where
                        width: parent.width
                        elide: Text.ElideRight
                    }
                }
                ActionButton {
                    id: enter

                    compact: true
                    text: qsTr("Type the code")
                    Accessible.name: qsTr("Type the code of %1, at %2").arg(row.title).arg(row.where)
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    onClicked: nearby.picked(row.where)
                }
            }
        }
    }
}
