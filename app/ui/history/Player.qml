import QtQuick
import QtQuick.Window
import Parley.Theme
import "../controls"

// A recording: its picture, and beside it (below where it is narrow) what is said, who is heard and its chapters.
FocusScope {
    id: screen

    required property var player        // PlayerModel
    property bool full: false
    readonly property bool narrow: width < 900
    readonly property bool failed: player.problem !== ""
    property string part: "said"        // said | voices | chapters
    signal fullScreen(bool on)

    function showFull(on: bool): void {
        if (on === full) return
        full = on
        fullScreen(on)
        bar.forceActiveFocus()
    }
    function goBack(): void {
        if (full) showFull(false)
        else player.leave()
    }
    function sentence(why: string): string {
        switch (why) {
        case "gone": return qsTr("This recording was deleted or made anew meanwhile, as when somebody is erased from it. Go back and open it again.")
        case "refused": return qsTr("You may not see this recording any more. Ask whoever hosted the meeting.")
        case "unreachable": return qsTr("The host cannot be reached. Check that its computer is on and in the same network, then try again.")
        case "not_made": return qsTr("The film of this recording is not made yet. Come back in a few minutes.")
        default: return qsTr("This recording cannot be played: its file is damaged. The transcript of the meeting is still here.")
        }
    }

    Rectangle { anchors.fill: parent; color: Theme.bg }

    Item {
        id: head

        visible: !screen.full
        width: parent.width
        height: visible ? Math.max(52, Theme.hit + 12) : 0

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
            text: screen.player.title
            elide: Text.ElideRight
            anchors.left: back.right
            anchors.leftMargin: 8
            anchors.right: elsewhere.visible ? elsewhere.left : parent.right
            anchors.rightMargin: 16
            anchors.verticalCenter: parent.verticalCenter
        }
        IconButton {
            id: elsewhere

            visible: screen.player.elsewhere
            iconName: "external-link"
            text: qsTr("Open the film in another program")
            anchors.right: parent.right
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            onClicked: screen.player.play_elsewhere()
        }
        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.border }
    }
    Item {
        id: left

        anchors.top: head.bottom
        width: screen.narrow || !side.visible ? parent.width : parent.width - side.width
        height: screen.narrow && side.visible ? Math.min(picture.wanted, parent.height * 0.4) + below.height : parent.height - head.height

        Rectangle {
            id: picture

            readonly property real wanted: width * 9 / 16
            anchors.top: parent.top
            anchors.bottom: below.top
            width: parent.width
            color: Theme.stage

            LivePicture {
                anchors.fill: parent
                visible: screen.player.blindness === "" && !screen.failed
                pictures: screen.player.pictures
                source: "film"
                whole: true
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("Picture of the recording")
            }
            TapHandler { onTapped: screen.player.toggle(); onDoubleTapped: screen.showFull(!screen.full) }
            Column {
                visible: said.text !== ""
                anchors.centerIn: parent
                width: parent.width - 48
                spacing: 12

                Label { id: said; width: parent.width; wrapMode: Text.Wrap; horizontalAlignment: Text.AlignHCenter
                        text: screen.failed ? screen.sentence(screen.player.problem) : screen.player.blindness !== "" ? qsTr("The picture of this recording cannot be read. Sound and transcript go on.")
                            : late.over && !screen.player.ready ? qsTr("Opening the recording…") : late.over && screen.player.waits && !screen.player.lost ? qsTr("Waiting for the recording…") : "" }
                ActionButton {
                    visible: screen.failed
                    anchors.horizontalCenter: parent.horizontalCenter
                    iconName: "arrow-left"
                    text: qsTr("Back to the meeting")
                    onClicked: screen.player.leave()
                }
            }
            // What takes less than 300 ms needs no words.
            Timer {
                id: late

                property bool over: false
                readonly property bool counting: !screen.failed && (!screen.player.ready || screen.player.waits)
                interval: 300
                onCountingChanged: { over = false; counting ? restart() : stop() }
                onTriggered: over = true
                Component.onCompleted: if (counting) restart()
            }
        }
        Column {
            id: below

            visible: !screen.failed
            anchors.bottom: parent.bottom
            height: visible ? implicitHeight : 0
            width: parent.width
            padding: 8
            topPadding: 4
            spacing: 4

            Banner {
                visible: screen.player.lost || screen.player.no_loudspeaker !== ""
                width: parent.width - 16
                closable: false
                text: screen.player.lost ? qsTr("We lost the host. Trying again.") : qsTr("There is no sound: no loudspeaker can be used. Plug one in or choose another in the settings, then open the recording again.")
            }
            Label {
                visible: screen.full && text !== ""
                width: parent.width - 16
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
                horizontalAlignment: Text.AlignHCenter
                font.pixelSize: Theme.caption
                lineHeight: Math.round(Theme.caption * 1.4)
                text: screen.full ? screen.player.spoken : ""
                Accessible.ignored: true
            }
            PlayerBar {
                id: bar

                width: parent.width - 16
                player: screen.player
                full: screen.full
                onFullWanted: screen.showFull(!screen.full)
            }
        }
    }
    Item {
        id: side

        visible: !screen.full && !screen.failed
        anchors.top: screen.narrow ? left.bottom : head.bottom
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: screen.narrow ? parent.width : Math.max(320, Math.min(440, parent.width * 0.3))

        Rectangle { visible: !screen.narrow; width: 1; height: parent.height; color: Theme.border }
        Options {
            id: parts

            x: 12
            y: 8
            width: parent.width - 24
            options: [{ value: "said", text: qsTr("Transcript") }, { value: "voices", text: qsTr("Voices") }, { value: "chapters", text: qsTr("Chapters") }]
            value: screen.part
            onChosen: value => screen.part = value
        }
        PlayerLines { visible: screen.part === "said"; anchors.top: parts.bottom; anchors.bottom: parent.bottom; anchors.topMargin: 8; x: 4; width: parent.width - 8; player: screen.player }
        PlayerVoices { visible: screen.part === "voices"; anchors.top: parts.bottom; anchors.bottom: parent.bottom; anchors.topMargin: 8; x: 4; width: parent.width - 8; player: screen.player }
        PlayerChapters { visible: screen.part === "chapters"; anchors.top: parts.bottom; anchors.bottom: parent.bottom; anchors.topMargin: 8; x: 4; width: parent.width - 8; player: screen.player }
    }

    // Space plays and pauses wherever the focus is, and presses nothing; in a menu it is the menu's.
    Shortcut { sequence: "Space"; enabled: !bar.asking; onActivated: screen.player.toggle() }
    Keys.onPressed: event => {
        event.accepted = !(event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier))
        if (!event.accepted) return
        switch (event.key) {
        case Qt.Key_K: screen.player.toggle(); break
        case Qt.Key_J: screen.player.step(-10); break
        case Qt.Key_L: screen.player.step(10); break
        case Qt.Key_Left: screen.player.step(-5); break
        case Qt.Key_Right: screen.player.step(5); break
        case Qt.Key_Home: screen.player.seek(0); break
        case Qt.Key_PageUp: screen.player.leap(-1); break
        case Qt.Key_PageDown: screen.player.leap(1); break
        case Qt.Key_Less: case Qt.Key_Comma: screen.player.faster(-1); break
        case Qt.Key_Greater: case Qt.Key_Period: screen.player.faster(1); break
        case Qt.Key_F: screen.showFull(!screen.full); break
        case Qt.Key_Escape: screen.goBack(); break
        default: event.accepted = false
        }
    }
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Recording")
    Component.onDestruction: if (full) fullScreen(false)
}
