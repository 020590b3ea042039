import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// How others get in: a QR code on white in both themes, the code to read aloud, the link to send.
Dialog {
    id: card

    required property string link
    required property string code
    required property string words
    required property string trust
    required property string fingerprint
    signal copied(string text, string said)

    readonly property bool stacked: width < 480

    widest: 560
    heading: qsTr("Invite people")
    onOpened: copyLink.forceActiveFocus(Qt.TabFocusReason)

    Grid {
        id: grid

        width: parent.width
        columns: card.stacked ? 1 : 2
        columnSpacing: 24
        rowSpacing: 16
        horizontalItemAlignment: card.stacked ? Grid.AlignHCenter : Grid.AlignLeft

        Rectangle {
            id: plate

            width: 212
            height: 212
            radius: Theme.radius
            color: "#FFFFFF"
            border.width: 1
            border.color: Theme.border

            Image {
                // The provider draws the quiet zone of four modules; nothing may scale it unevenly.
                anchors.fill: parent
                anchors.margins: 6
                source: card.visible && card.link ? "image://qr/" + encodeURIComponent(card.link) : ""
                sourceSize: Qt.size(width * Screen.devicePixelRatio, height * Screen.devicePixelRatio)
                fillMode: Image.Pad
                smooth: false
                asynchronous: true
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("QR code with the link to this meeting")
            }
        }
        Column {
            width: card.stacked ? grid.width : grid.width - plate.width - 24
            spacing: 12

            Column {
                width: parent.width
                spacing: 4

                Label { role: "label"; muted: true; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Meeting code") }
                Label {
                    role: "display"
                    text: card.code
                    font.letterSpacing: 2
                    Accessible.name: card.code.split("").join(" ")
                }
                ActionButton {
                    compact: true
                    iconName: "copy"
                    text: qsTr("Copy the code")
                    onClicked: card.copied(card.code, qsTr("The code is copied."))
                }
            }
            Column {
                visible: card.words !== ""
                width: parent.width
                spacing: 4

                Label { role: "label"; muted: true; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Words of this host, to compare") }
                Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: card.words }
            }
            Column {
                width: parent.width
                spacing: 6

                Label { role: "label"; muted: true; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Meeting link") }
                Rectangle {
                    width: parent.width
                    height: shownLink.implicitHeight + 16
                    radius: Theme.radius
                    color: Theme.surfaceAlt

                    Label {
                        id: shownLink

                        role: "small"
                        text: card.link
                        elide: Text.ElideMiddle
                        width: parent.width - 20
                        anchors.centerIn: parent
                    }
                }
                ActionButton {
                    id: copyLink

                    compact: true
                    iconName: "share-2"
                    text: qsTr("Copy the link")
                    onClicked: card.copied(card.link, qsTr("The link is copied."))
                }
            }
        }
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        role: "label"
        muted: true
        text: qsTr("People on the same network open the link in Parley or in a browser, or scan the code with a phone. The end of the link proves that they reach this meeting and nobody in between.")
    }

    Column {
        visible: card.trust !== ""
        width: parent.width
        spacing: 4

        Label {
            width: parent.width
            wrapMode: Text.Wrap
            role: "label"
            muted: true
            text: qsTr("Browsers warn once, and that is all right. Who wants no warning opens %1 and compares this fingerprint (SHA-256) while installing:").arg(card.trust)
        }
        Label { role: "small"; width: parent.width; wrapMode: Text.WrapAnywhere; text: card.fingerprint }
    }

    answers: ActionButton { text: qsTr("Close"); onClicked: card.close() }
}
