import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Who waits to be let in; for those who may decide.  Several people are one card with a list.
Rectangle {
    id: card

    required property var floor
    readonly property int most: 4       // lines before the list scrolls

    implicitHeight: column.implicitHeight + 24
    radius: Theme.cardRadius
    color: Theme.surface
    border.width: Theme.outline
    border.color: Theme.borderStrong

    Column {
        id: column

        x: 16
        y: 12
        width: parent.width - 32
        spacing: 8

        Label {
            width: parent.width
            role: "heading"
            wrapMode: Text.Wrap
            text: qsTr("%n waiting to come in", "", card.floor.waiters.count)
        }
        Flickable {
            width: parent.width
            height: Math.min(list.height, list.height / Math.max(1, card.floor.waiters.count) * card.most)
            contentHeight: list.height
            clip: contentHeight > height
            boundsBehavior: Flickable.StopAtBounds
            B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

            Column {
                id: list

                width: parent.width
                spacing: 8

                Repeater {
                    model: card.floor.waiters

                    Column {
                        id: row

                        required property string person
                        required property string name
                        required property string client
                        required property string time

                        width: list.width
                        spacing: 6

                        Label {
                            width: parent.width
                            text: row.name
                            font.weight: Font.Medium
                            elide: Text.ElideRight
                        }
                        Label {
                            width: parent.width
                            role: "label"
                            muted: true
                            text: qsTr("%1, since %2").arg(Wording.client(row.client)).arg(row.time)
                            elide: Text.ElideRight
                        }
                        Flow {
                            width: parent.width
                            spacing: 8

                            ActionButton {
                                compact: true
                                iconName: "user-check"
                                text: qsTr("Let in")
                                Accessible.name: qsTr("Let %1 in").arg(row.name)
                                onClicked: card.floor.admit(row.person)
                            }
                            ActionButton {
                                compact: true
                                text: qsTr("Not now")
                                Accessible.name: qsTr("Send %1 away").arg(row.name)
                                onClicked: card.floor.deny(row.person)
                            }
                        }
                    }
                }
            }
            Accessible.role: Accessible.List
            Accessible.name: qsTr("People who wait to come in")
        }
        ActionButton {
            visible: card.floor.waiters.count > 1
            compact: true
            iconName: "users"
            text: qsTr("Let everybody in")
            onClicked: card.floor.admit("")
        }
    }

    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Lobby")
}
