import QtQuick
import Parley.Theme
import "../controls"

// Meetings that were joined from here before.  The host may have ended them: joining says so.
Column {
    id: recent

    required property var parley
    readonly property var rows: parley.home.recent
    signal picked(string address)

    visible: rows.count > 0
    spacing: 12

    Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Joined before") }
    Card {
        width: parent.width
        inset: 8
        spacing: 0

        Repeater {
            model: recent.rows

            Item {
                id: row

                required property string title
                required property string link

                width: parent.width
                implicitHeight: Math.max(Theme.hit + 8, words.implicitHeight + 12)

                Icon { id: clock; name: "history"; size: 18; x: 8; color: Theme.textMuted; anchors.verticalCenter: parent.verticalCenter }
                Label {
                    id: words

                    text: row.title
                    elide: Text.ElideRight
                    anchors.left: clock.right
                    anchors.leftMargin: 12
                    anchors.right: again.left
                    anchors.rightMargin: 12
                    anchors.verticalCenter: parent.verticalCenter
                }
                ActionButton {
                    id: again

                    compact: true
                    text: qsTr("Join again")
                    Accessible.name: qsTr("Join again: %1").arg(row.title)
                    anchors.right: forget.left
                    anchors.rightMargin: 4
                    anchors.verticalCenter: parent.verticalCenter
                    onClicked: {
                        recent.picked(row.link)
                        recent.parley.home.join(row.link, recent.parley.preferences.values.name)
                    }
                }
                IconButton {
                    id: forget

                    iconName: "x"
                    text: qsTr("Forget this meeting: %1").arg(row.title)
                    width: Theme.compactHit
                    height: Theme.compactHit
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    onClicked: recent.parley.home.forget(row.link)
                }
            }
        }
    }
}
