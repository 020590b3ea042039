import QtQuick
import Parley.Theme
import "../controls"

// Asked before a shared file is deleted from the host.  Escape changes nothing.
Dialog {
    id: card

    required property var files
    property string file
    property string name

    function ask(file: string, name: string): void {
        card.file = file
        card.name = name
        open()
    }

    heading: qsTr("Withdraw %1?").arg(name)
    iconName: "trash-2"
    widest: 460
    onOpened: stay.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("It is deleted from the host’s computer, and nobody can save it any more. Who has saved it keeps it.")
    }

    answers: [
        ActionButton {
            kind: "danger"
            text: qsTr("Withdraw")
            onClicked: {
                card.files.withdraw(card.file)
                card.close()
            }
        },
        ActionButton { id: stay; text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
