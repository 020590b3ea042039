import QtQuick
import Parley.Theme

// One set of weights: what it is for, how large, whether it is here, and getting it.
Item {
    id: line

    required property var models
    required property var model     // a row of `models`; its state is ready, missing, damaged or fetching
    property bool needed: false     // the first screen's: no deleting
    readonly property bool fetching: model.state === "fetching"
    readonly property string amount: fetching ? qsTr("%1 of %2 MB").arg(model.received).arg(model.size) : qsTr("%1 MB").arg(model.size)

    implicitHeight: column.implicitHeight

    Column {
        id: column

        width: parent.width
        spacing: 8

        Fact {
            width: parent.width
            iconName: line.model.task === "captions" ? "captions" : "cpu"
            title: Wording.model(line.model.name, line.model.title)
            detail: line.model.state === "damaged" ? qsTr("%1. The files are damaged: download them again.").arg(line.amount) : line.amount
        }
        Progress {
            visible: line.fetching
            x: 48
            width: parent.width - 48
            share: line.model.size > 0 ? line.model.received / line.model.size : 0
            Accessible.name: Wording.model(line.model.name, line.model.title)
            Accessible.description: line.amount
        }
        Label {
            visible: line.model.sentence !== ""
            x: 48
            width: parent.width - 48
            role: "label"
            color: Theme.danger
            wrapMode: Text.Wrap
            text: line.model.sentence
        }
        Flow {
            x: 48
            width: parent.width - 48
            spacing: 8

            Chip { visible: line.model.state === "ready"; tone: "ok"; iconName: "check"; text: qsTr("Ready, works without internet") }
            ActionButton {
                visible: line.model.state === "missing" || line.model.state === "damaged"
                compact: true
                iconName: "download"
                text: qsTr("Download")
                Accessible.name: qsTr("Download: %1").arg(Wording.model(line.model.name, line.model.title))
                onClicked: line.models.fetch(line.model.name)
            }
            ActionButton {
                visible: line.fetching
                compact: true
                iconName: "pause"
                text: qsTr("Pause")
                onClicked: line.models.stop(line.model.name)
            }
            ActionButton {
                visible: line.model.state === "ready" && !line.needed
                compact: true
                kind: "quiet"
                iconName: "trash-2"
                text: qsTr("Delete")
                Accessible.name: qsTr("Delete: %1").arg(Wording.model(line.model.name, line.model.title))
                onClicked: line.models.delete(line.model.name)
            }
        }
    }
}
