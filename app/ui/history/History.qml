import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Meetings that were held on this computer.  A list, and beside it (or over it where it is narrow) what was said in one.
FocusScope {
    id: screen

    required property var parley
    readonly property var model: parley.history
    readonly property bool narrow: width < 720
    readonly property bool reading: model.meeting !== ""
    readonly property bool searching: model.query !== ""
    property string wanted      // the line that was found, while its meeting is being read
    signal closing()

    function goBack(): void {
        if (narrow && reading) model.read("")
        else closing()
    }
    function when(began: real): string { return new Date(began).toLocaleString(Qt.locale(parley.preferences.language), Locale.ShortFormat) }

    Rectangle { anchors.fill: parent; color: Theme.bg }

    Item {
        id: head

        width: parent.width
        height: Math.max(52, Theme.hit + 12)

        // In words: a tip would cover the search field's label.
        ActionButton {
            id: back

            x: 8
            anchors.verticalCenter: parent.verticalCenter
            kind: "quiet"
            iconName: "arrow-left"
            text: qsTr("Back")
            onClicked: screen.goBack()
        }
        Label {
            role: "title"
            text: screen.narrow && screen.reading ? screen.model.title : qsTr("Meetings held here")
            elide: Text.ElideRight
            anchors.left: back.right
            anchors.leftMargin: 8
            anchors.right: parent.right
            anchors.rightMargin: 16
            anchors.verticalCenter: parent.verticalCenter
        }
        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.border }
    }
    Item {
        id: list

        visible: !screen.narrow || !screen.reading
        anchors.top: head.bottom
        anchors.bottom: parent.bottom
        width: screen.narrow ? parent.width : Math.max(320, Math.min(420, parent.width * 0.34))

        Field {
            id: query

            x: 16
            y: 12
            width: parent.width - 32
            iconName: "search"
            label: screen.searching ? qsTr("%n found", "", screen.model.hits.count) : qsTr("Search everything that was said and written")
            maximumLength: 100
            onEdited: screen.model.search(text)
            Keys.onEscapePressed: event => {
                if (text !== "") { text = ""; screen.model.search("") }
                else event.accepted = false
            }
        }
        component Rows: ListView {
            anchors.top: query.bottom
            anchors.topMargin: 8
            anchors.bottom: foot.top
            width: list.width
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }
            Accessible.role: Accessible.List
        }
        Rows {
            id: meetings

            visible: !screen.searching
            model: screen.model.meetings
            delegate: meeting
            Accessible.name: qsTr("Meetings")
        }
        Rows {
            id: hits

            visible: screen.searching
            model: screen.model.hits
            delegate: hit
            Accessible.name: qsTr("What was found")
        }
        Label {
            visible: (screen.searching ? hits.count : meetings.count) === 0 && screen.model.loaded
            anchors.horizontalCenter: parent.horizontalCenter
            y: query.y + query.height + 32
            width: parent.width - 48
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            muted: true
            text: screen.model.problem !== "" ? Wording.problem(screen.model.problem, "")
                : screen.searching ? qsTr("Nothing was found. Try fewer or other words.")
                : qsTr("No meeting was held on this computer yet. Meetings that you host stay here until you delete them.")
        }
        Item {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: visible ? all.height + 16 : 0
            visible: screen.model.meetings.count > 0 && !screen.searching

            ActionButton {
                id: all

                x: 16
                compact: true
                kind: "quiet"
                iconName: "trash-2"
                text: qsTr("Delete all meetings…")
                onClicked: judge.ask("all", "", "")
            }
        }
        Rectangle { anchors.right: parent.right; width: 1; height: parent.height; color: Theme.border }
    }

    component Line: B.AbstractButton {
        id: line

        property string above
        property string below
        property bool current: false

        width: ListView.view.width
        implicitHeight: words.implicitHeight + 20
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        Keys.onReturnPressed: click()
        Keys.onEnterPressed: click()
        background: Rectangle {
            color: line.current ? Theme.accentSoft : line.hovered ? Theme.hover : "transparent"
            FocusRing { target: line; anchors.margins: 4; around: 8 }
        }
        contentItem: Item {
            Column {
                id: words

                x: 10
                width: parent.width - 20
                anchors.verticalCenter: parent.verticalCenter

                Label { width: parent.width; text: line.text; font.weight: Font.Medium; elide: Text.ElideRight; Accessible.ignored: true
                        color: line.current ? Theme.inkAccentSoft : Theme.text }
                Label { width: parent.width; visible: text !== ""; role: "label"; text: line.below; wrapMode: Text.Wrap; maximumLineCount: 3
                        elide: Text.ElideRight; muted: !line.current; color: line.current ? Theme.inkAccentSoft : Theme.textMuted; Accessible.ignored: true }
                Label { width: parent.width; visible: text !== ""; role: "small"; muted: true; text: line.above; elide: Text.ElideRight; Accessible.ignored: true }
            }
        }
        Accessible.role: Accessible.ListItem
        Accessible.name: [text, below, above].filter(part => part !== "").join(", ")
        Accessible.focusable: true
        Accessible.onPressAction: click()
    }
    Component {
        id: meeting

        Line {
            required property string title
            required property real began
            required property int minutes
            required property int people
            required property bool live
            required property var model

            text: title
            below: screen.when(began)
            above: live ? qsTr("Going on now") : qsTr("%1, %2").arg(qsTr("%n minutes", "", minutes)).arg(qsTr("%n people", "", people))
            current: screen.model.meeting === model.meeting
            onClicked: screen.model.read(model.meeting)
        }
    }
    Component {
        id: hit

        Line {
            required property string title
            required property string name
            required property string time
            required property string segment
            required property var model

            text: name !== "" ? name : title
            below: model.text
            above: name !== "" ? qsTr("%1, at %2").arg(title).arg(time) : ""
            onClicked: {
                screen.wanted = segment
                screen.model.read(model.meeting)
            }
        }
    }
    MeetingRecord {
        id: record

        visible: !screen.narrow || screen.reading
        anchors.top: head.bottom
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        anchors.left: screen.narrow ? parent.left : list.right
        model: screen.model
        onCopied: text => { screen.parley.copy(text); toast.say(qsTr("Copied"), "check") }
        onJudging: (kind, person, name) => judge.ask(kind, person, name)
        onChoosing: recording => wish.ask(recording)
    }
    Toast {
        id: toast

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        width: Math.min(implicitWidth, parent.width - 32)
    }
    DeleteCard { id: judge; model: screen.model }
    FilmCard { id: wish; model: screen.model }

    Connections {
        target: screen.model
        function onChanged() {
            if (screen.wanted === "" || !screen.reading) return
            record.jump(screen.wanted)
            screen.wanted = ""
        }
        function onExported(path, saved) {
            toast.say(saved ? qsTr("Saved: %1").arg(path) : qsTr("It could not be saved there. Choose another folder."), saved ? "check" : "circle-alert")
        }
    }

    Keys.onEscapePressed: goBack()
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Meetings held here")
    Component.onCompleted: {
        model.open()
        query.input.forceActiveFocus(Qt.TabFocusReason)
    }
    Component.onDestruction: model.close()
}
