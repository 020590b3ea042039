import QtQuick
import Parley.Theme
import "../controls"

// One shared file: its name, whose it is, how far it is, and the one or two things that can be done now.
Column {
    id: row

    required property var files
    required property string key
    required property string file
    required property string name
    required property string owner
    required property int order
    required property bool you
    required property string time
    required property bool isPrivate
    required property string to
    required property string standing
    required property bool held
    required property string size
    required property string moved
    required property real done
    required property string transfer
    required property string code
    required property string sentence
    required property string path
    required property bool runs
    required property bool mine
    readonly property bool moves: ["sending", "saving", "arriving"].includes(standing)
    readonly property string who: you ? qsTr("%1 (you)").arg(owner) : owner
    readonly property string about: Wording.file(standing, held, size, moved) + (code !== "" ? " " + Wording.fileTrouble(standing, code, sentence) : "")
    readonly property bool visualFocus: true
    signal withdrawing(string file, string name)

    spacing: 4

    Item {
        width: parent.width
        height: Math.max(title.implicitHeight, when.implicitHeight)

        Label {
            id: title

            text: row.name
            font.weight: Font.DemiBold
            elide: Text.ElideMiddle
            anchors.left: parent.left
            anchors.right: when.left
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true

            FocusRing { target: row; anchors.margins: -4 }
        }
        Label {
            id: when

            role: "small"
            muted: true
            text: row.time
            font.features: ({ tnum: 1 })
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
    Label {
        width: parent.width
        role: "label"
        text: row.who
        color: Theme.speaker(row.order)
        elide: Text.ElideRight
        Accessible.ignored: true
    }
    Chip {
        visible: row.isPrivate
        tone: "info"
        iconName: "lock"
        text: row.you ? qsTr("To %1 only").arg(row.to) : qsTr("To you only")
    }
    Label {
        width: parent.width
        role: "small"
        muted: row.code === ""
        color: row.code !== "" ? Theme.danger : muted ? Theme.textMuted : Theme.text
        text: row.about
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    Progress {
        visible: row.moves
        width: parent.width
        share: row.done
        Accessible.name: row.about
    }
    Flow {
        width: parent.width
        spacing: 8

        component Deed: ActionButton {
            compact: true
            kind: "quiet"
        }

        Deed {
            visible: row.standing === "ready" && row.file !== ""
            iconName: "download"
            text: qsTr("Save")
            Accessible.name: qsTr("Save %1").arg(row.name)
            onClicked: row.files.save(row.file)
        }
        Deed {
            visible: row.standing === "here" && !row.runs
            iconName: "external-link"
            text: qsTr("Open")
            Accessible.name: qsTr("Open %1").arg(row.name)
            onClicked: row.files.open(row.path)
        }
        Deed {
            visible: row.standing === "here"
            iconName: "folder"
            text: qsTr("Show in folder")
            Accessible.name: qsTr("Show %1 in its folder").arg(row.name)
            onClicked: row.files.reveal(row.path)
        }
        Deed {
            visible: row.standing === "unsent" || row.standing === "unsaved"
            iconName: "rotate-ccw"
            text: qsTr("Try again")
            Accessible.name: qsTr("Try %1 again").arg(row.name)
            onClicked: row.files.try_again(row.key)
        }
        Deed {
            visible: ["preparing", "sending", "saving"].includes(row.standing)
            iconName: "x"
            text: qsTr("Cancel")
            Accessible.name: qsTr("Cancel %1").arg(row.name)
            onClicked: row.files.cancel(row.transfer)
        }
        Deed {
            visible: row.standing === "unsent"
            iconName: "x"
            text: qsTr("Remove from the list")
            Accessible.name: qsTr("Remove %1 from the list").arg(row.name)
            onClicked: row.files.cancel(row.transfer)
        }
        Deed {
            visible: row.mine && row.file !== "" && !["sending", "saving"].includes(row.standing)
            iconName: "trash-2"
            text: qsTr("Withdraw")
            Accessible.name: qsTr("Withdraw %1").arg(row.name)
            onClicked: row.withdrawing(row.file, row.name)
        }
    }

    Accessible.role: Accessible.ListItem
    Accessible.focusable: true
    Accessible.name: qsTr("%1, from %2: %3").arg(name).arg(who).arg(about)
}
