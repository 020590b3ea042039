import QtQuick
import Parley.Theme
import "../controls"

// What was recorded of this meeting so far, to be played while it goes on.
Dialog {
    id: card

    required property var shelf         // ShelfModel

    heading: qsTr("Recordings of this meeting")
    iconName: "play"
    onOpened: shelf.open()
    onClosed: shelf.close()

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        muted: true
        visible: text !== ""
        text: !card.shelf.loaded ? qsTr("Asking the host…")
            : card.shelf.problem === "refused" ? qsTr("Only who runs this meeting may see its recordings.")
            : card.shelf.problem !== "" ? qsTr("The host does not answer. It is asked again.")
            : card.shelf.rows.count === 0 ? qsTr("Nothing was recorded yet. When a recording is over its film is made, and stands here.") : ""
    }
    Repeater {
        model: card.shelf.rows

        Item {
            id: row

            required property string recording
            required property int number
            required property string state
            required property real progress

            width: parent.width
            implicitHeight: Math.max(words.implicitHeight, play.visible ? play.implicitHeight : 0)

            Label {
                id: words

                anchors.left: parent.left
                anchors.right: play.visible ? play.left : parent.right
                anchors.rightMargin: 12
                anchors.verticalCenter: parent.verticalCenter
                wrapMode: Text.Wrap
                text: row.state === "ready" ? qsTr("Recording %1").arg(row.number)
                    : row.state === "running" ? qsTr("The film of recording %1 is being made, %2 %").arg(row.number).arg(Math.round(row.progress * 100))
                    : row.state === "waiting" ? qsTr("The film of recording %1 will be made.").arg(row.number)
                    : qsTr("There is no film of recording %1.").arg(row.number)
            }
            ActionButton {
                id: play

                visible: row.state === "ready"
                compact: true
                iconName: "play"
                text: qsTr("Play")
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                onClicked: {
                    card.shelf.play(row.recording)
                    card.close()
                }
                Accessible.name: qsTr("Play recording %1").arg(row.number)
            }
        }
    }

    answers: [
        ActionButton { text: qsTr("Close"); onClicked: card.close() }
    ]
}
