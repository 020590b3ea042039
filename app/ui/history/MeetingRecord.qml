import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What was said in one past meeting, and what can be done with it.
Item {
    id: pane

    required property var model
    readonly property bool open: model.meeting !== ""
    property bool summed: false         // its minutes are shown, and not the transcript
    signal copied(string text)
    signal judging(string kind, string person, string name)
    signal choosing(string recording)   // how its film shall be

    function jump(segment: string): void {
        const row = model.place(segment)
        if (row < 0) return
        summed = false
        list.currentIndex = row
        list.positionViewAtIndex(row, ListView.Center)
        if (list.currentItem) list.currentItem.forceActiveFocus(Qt.TabFocusReason)
    }

    Label {
        visible: !pane.open
        anchors.centerIn: parent
        width: parent.width - 48
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("Choose a meeting to read what was said.")
    }
    Options {
        id: views

        visible: pane.open
        x: 16
        y: 12
        width: parent.width - 32
        options: [{ value: "said", text: qsTr("Transcript") }, { value: "summed", text: qsTr("Minutes and topics") }]
        value: pane.summed ? "summed" : "said"
        onChosen: value => pane.summed = value === "summed"
    }
    Outcome {
        visible: pane.open && pane.summed
        anchors.top: views.bottom
        anchors.topMargin: 12
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.right: parent.right
        anchors.rightMargin: 16
        model: pane.model
        onJumping: segment => pane.jump(segment)
        onCopied: text => pane.copied(text)
    }
    Flow {
        id: deeds

        visible: pane.open && !pane.summed
        x: 16
        anchors.top: views.bottom
        anchors.topMargin: 12
        width: parent.width - 32
        spacing: 8

        Repeater {
            model: pane.model.recordings

            Row {
                id: film

                required property string recording
                required property string state
                required property bool made
                required property int number
                readonly property bool only: pane.model.recordings.count === 1

                visible: made
                spacing: 8

                ActionButton {
                    compact: true
                    iconName: "play"
                    text: film.only ? qsTr("Play the recording") : qsTr("Play recording %1").arg(film.number)
                    onClicked: pane.model.play(film.recording)
                }
                ActionButton {
                    compact: true
                    iconName: "layout-grid"
                    text: film.only ? qsTr("Another film…") : qsTr("Another film of recording %1…").arg(film.number)
                    enabled: film.state !== "waiting" && film.state !== "running"
                    onClicked: pane.choosing(film.recording)
                }
            }
        }
        ActionButton {
            compact: true
            iconName: "file-down"
            text: qsTr("Save the transcript")
            enabled: pane.model.lines.count > 0
            onClicked: forms.popup(this, 0, height)
        }
        ActionButton {
            visible: pane.model.people.count > 0
            compact: true
            iconName: "user-x"
            text: qsTr("Delete one person’s words…")
            enabled: !pane.model.live
            onClicked: people.popup(this, 0, height)
        }
        ActionButton {
            compact: true
            iconName: "trash-2"
            text: qsTr("Delete the meeting…")
            enabled: !pane.model.live
            onClicked: pane.judging("meeting", pane.model.meeting, pane.model.title)
        }
    }
    Column {
        id: making

        visible: pane.open && !pane.summed
        x: 16
        anchors.top: deeds.bottom
        width: parent.width - 32

        Repeater {
            model: pane.model.recordings

            MakingLine { width: making.width; only: pane.model.recordings.count === 1; onAgain: recording => pane.choosing(recording) }
        }
    }
    FormsMenu { id: forms; onChosen: form => pane.model.export(form) }
    Menu {
        id: people

        Repeater {
            model: pane.model.people

            MenuRow {
                required property string person
                required property string name

                iconName: "user"
                text: name
                onTriggered: pane.judging("person", person, name)
            }
        }
    }
    ListView {
        id: list

        visible: pane.open && !pane.summed
        anchors.top: making.bottom
        anchors.topMargin: 8
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.right: parent.right
        anchors.rightMargin: 16
        clip: true
        bottomMargin: 16
        model: pane.model.lines
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        delegate: Column {
            id: line

            required property string speaker
            required property int order
            required property string time
            required property string text
            required property bool headed
            readonly property bool visualFocus: true

            width: list.width
            spacing: 2
            topPadding: headed ? 12 : 2
            Keys.onReturnPressed: pane.copied(text)

            Item {
                visible: line.headed
                width: parent.width
                height: Math.max(who.implicitHeight, when.implicitHeight)

                Label {
                    id: who

                    role: "label"
                    text: line.speaker
                    font.weight: Font.DemiBold
                    color: Theme.speaker(line.order)
                    elide: Text.ElideRight
                    width: Math.min(implicitWidth, parent.width - when.width - 12)
                    Accessible.ignored: true
                }
                Label {
                    id: when

                    role: "small"
                    muted: true
                    text: line.time
                    font.features: ({ tnum: 1 })
                    anchors.left: who.right
                    anchors.leftMargin: 12
                    anchors.verticalCenter: who.verticalCenter
                    Accessible.ignored: true
                }
            }
            Label {
                width: parent.width
                text: line.text
                wrapMode: Text.Wrap
                Accessible.ignored: true

                FocusRing { target: line; anchors.margins: -4 }
            }
            Accessible.role: Accessible.ListItem
            Accessible.name: qsTr("%1, %2: %3").arg(speaker).arg(time).arg(text)
            Accessible.focusable: true
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Transcript")
    }
    Label {
        visible: pane.open && !pane.summed && list.count === 0
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: making.bottom
        anchors.topMargin: 32
        width: parent.width - 48
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("Nothing of what was said was written down.")
    }
}
