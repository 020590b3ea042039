import QtQuick
import Parley.Theme
import "../controls"

// How the film of a recording shall be.  It takes the place of the one that is there when it is done.
Dialog {
    id: card

    required property var model
    property string recording
    property string layout: "speaker"
    property string captions: "embedded"

    function ask(recording: string): void {
        card.recording = recording
        open()
    }

    heading: qsTr("Make the film")
    iconName: "layout-grid"
    widest: 520
    onOpened: made.forceActiveFocus(Qt.TabFocusReason)

    Options {
        width: parent.width
        label: qsTr("Who is seen")
        options: [{ value: "speaker", text: qsTr("Whoever speaks, large") }, { value: "grid", text: qsTr("Everybody, in a grid") }]
        value: card.layout
        onChosen: value => card.layout = value
    }
    Options {
        width: parent.width
        label: qsTr("Captions")
        options: [
            { value: "embedded", text: qsTr("To be turned on") }, { value: "burnt", text: qsTr("Always in the picture") },
            { value: "separate", text: qsTr("None in the film") }
        ]
        value: card.captions
        onChosen: value => card.captions = value
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("Shared screens come first. This takes about a third of the time the recording lasts; the film that is there stays until then. Captions lie beside the film as files, too.")
    }

    answers: [
        ActionButton {
            id: made

            kind: "primary"
            text: qsTr("Make the film")
            onClicked: {
                card.model.make(card.recording, card.layout, card.captions)
                card.close()
            }
        },
        ActionButton { text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
