import QtQuick
import Parley.Theme

// One set of weights: what it is for, how large, whether it is here, and getting it.
Item {
    id: line

    required property var models
    property string name
    property string title
    property string task
    property int size
    property string modelState      // ready | missing | damaged | fetching
    property int received
    property string sentence
    property bool needed: false     // the first screen's: no deleting
    readonly property bool fetching: modelState === "fetching"
    readonly property string amount: fetching ? qsTr("%1 of %2 MB").arg(received).arg(size) : qsTr("%1 MB").arg(size)

    implicitHeight: column.implicitHeight

    Column {
        id: column

        width: parent.width
        spacing: 8

        Fact {
            width: parent.width
            iconName: line.task === "captions" ? "captions" : "cpu"
            title: Wording.model(line.name, line.title)
            detail: line.modelState === "damaged" ? qsTr("%1. The files are damaged: download them again.").arg(line.amount) : line.amount
        }
        Progress {
            visible: line.fetching
            x: 48
            width: parent.width - 48
            share: line.size > 0 ? line.received / line.size : 0
            Accessible.name: Wording.model(line.name, line.title)
            Accessible.description: line.amount
        }
        Label {
            visible: line.sentence !== ""
            x: 48
            width: parent.width - 48
            role: "label"
            color: Theme.danger
            wrapMode: Text.Wrap
            text: line.sentence
        }
        Flow {
            x: 48
            width: parent.width - 48
            spacing: 8

            Chip { visible: line.modelState === "ready"; tone: "ok"; iconName: "check"; text: qsTr("Ready, works without internet") }
            ActionButton {
                visible: line.modelState === "missing" || line.modelState === "damaged"
                compact: true
                iconName: "download"
                text: qsTr("Download")
                Accessible.name: qsTr("Download: %1").arg(Wording.model(line.name, line.title))
                onClicked: line.models.fetch(line.name)
            }
            ActionButton {
                visible: line.fetching
                compact: true
                iconName: "pause"
                text: qsTr("Pause")
                onClicked: line.models.stop(line.name)
            }
            ActionButton {
                visible: line.modelState === "ready" && !line.needed
                compact: true
                kind: "quiet"
                iconName: "trash-2"
                text: qsTr("Delete")
                Accessible.name: qsTr("Delete: %1").arg(Wording.model(line.name, line.title))
                onClicked: line.models.delete(line.name)
            }
        }
    }
}
