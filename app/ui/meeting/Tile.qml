import QtQuick
import Parley.Theme
import "../controls"

// One person: the picture or the initials, the name, and what they are doing right now.
FocusScope {
    id: tile

    required property string seat
    required property string person
    required property bool screen
    required property bool weak
    required property string name
    required property string initials
    required property int order
    required property bool you
    required property bool speaking
    required property bool muted
    required property bool camera
    required property string source
    required property bool connected
    required property bool pinned
    required property int hand
    required property string role
    required property bool spotlight
    required property string reaction
    required property bool analysed
    required property rect box
    required property int index
    property var pictures
    property bool mirror: true
    property var faces
    signal menuAsked(point at)

    readonly property bool tight: width < 220
    readonly property string shownName: screen ? qsTr("%1’s screen").arg(name) : you ? qsTr("%1 (you)").arg(name) : name
    readonly property color tint: Theme.speaker(order)
    readonly property bool pictured: camera && video.ready
    readonly property var guess: faces && pictured && !screen ? faces.shown[person] : undefined
    readonly property bool visualFocus: true

    x: box.x
    y: box.y
    width: box.width
    height: box.height

    Rectangle {
        anchors.fill: parent
        visible: !tile.pictured
        radius: Theme.cardRadius
        gradient: Gradient {
            GradientStop { position: 0; color: Qt.tint(Theme.surfaceAlt, Qt.alpha(tile.tint, Theme.dark ? 0.14 : 0.12)) }
            GradientStop { position: 1; color: Qt.tint(Theme.surfaceAlt, Qt.alpha(tile.tint, Theme.dark ? 0.28 : 0.28)) }
        }

        Rectangle {
            // A small tile's plate would cover the initials, so they move up.
            readonly property real side: Math.min(parent.width, parent.height) * (tile.tight ? 0.36 : 0.42)

            width: side
            height: side
            radius: side / 2
            anchors.centerIn: parent
            anchors.verticalCenterOffset: -parent.height * (tile.tight ? 0.14 : 0.03)
            color: Theme.surface
            border.width: 2
            border.color: tile.tint

            Text {
                anchors.centerIn: parent
                text: tile.initials
                textFormat: Text.PlainText
                color: tile.tint
                font.pixelSize: Math.max(10, parent.side * 0.36)
                font.weight: Font.DemiBold
                Accessible.ignored: true
            }
        }
    }
    LivePicture {
        id: video

        anchors.fill: parent
        visible: tile.pictured
        source: tile.source
        pictures: tile.pictures
        mirrored: tile.you && tile.mirror && !tile.screen
        whole: tile.screen
        radius: Theme.cardRadius
    }
    Loader {
        anchors.fill: video
        active: tile.guess !== undefined && tile.width >= 140
        sourceComponent: FaceBox {
            guess: tile.guess
            place: tile.guess && width > 0 && height > 0
                ? video.locate(Qt.rect(tile.guess.x, tile.guess.y, tile.guess.width, tile.guess.height)) : Qt.rect(0, 0, 0, 0)
        }
    }
    // The ring is drawn just outside the picture; the bars in the name plate say the same without colour.
    Rectangle {
        anchors.fill: parent
        anchors.margins: -4
        radius: Theme.cardRadius + 4
        color: "transparent"
        border.width: 3
        border.color: Theme.speaking
        opacity: tile.speaking ? 1 : 0
        Behavior on opacity { NumberAnimation { duration: Theme.fast } }
    }
    FocusRing { target: tile; around: Theme.cardRadius + 4; anchors.margins: -8 }

    // What is seldom to be seen is made when it is: nine tiles of signs took longer than all else in them.
    component Sign: Loader {
        property bool first: true
        anchors.left: first ? parent.left : undefined
        anchors.right: first ? undefined : parent.right
        anchors.top: parent.top
        anchors.margins: 8
    }
    Sign {
        active: !tile.connected && !tile.you
        sourceComponent: Chip {
            tone: "plate"
            iconName: "signal-zero"
            text: tile.tight ? "" : qsTr("Connecting…")
        }
    }
    Sign {
        active: tile.weak && tile.hand === 0
        sourceComponent: Chip {
            tone: "warn"
            iconName: "signal-low"
            text: tile.tight ? "" : qsTr("Weak network")
        }
    }
    Sign {
        active: tile.hand > 0
        sourceComponent: Chip {
            tone: "warn"
            iconName: "hand"
            text: tile.hand
        }
    }
    // Whose face is read shows it to everybody; on the own tile one press stops it.
    Sign {
        id: badge

        first: false
        active: tile.analysed
        sourceComponent: Chip {
            id: read

            readonly property bool mine: tile.you && tile.faces && tile.faces.mine !== "off"

            tone: "plate"
            iconName: "scan-face"
            text: tile.tight ? "" : mine ? qsTr("Guessing. Stop") : qsTr("Face is read")
            activeFocusOnTab: mine
            Keys.onReturnPressed: stop()
            Keys.onSpacePressed: stop()
            Accessible.role: mine ? Accessible.Button : Accessible.StaticText
            Accessible.name: mine ? qsTr("Stop guessing from your face") : qsTr("Face is read")
            Accessible.onPressAction: stop()

            function stop(): void { if (mine) tile.faces.share("off") }

            TapHandler { enabled: read.mine; onTapped: read.stop() }
            FocusRing { target: read }
        }
    }
    Sign {
        first: false
        active: tile.pinned || tile.spotlight
        anchors.top: badge.active ? badge.bottom : parent.top
        sourceComponent: Chip {
            tone: "plate"
            iconName: tile.spotlight ? "spotlight" : "pin"
            text: tile.tight ? "" : tile.spotlight ? qsTr("Large for everybody") : qsTr("Pinned")
        }
    }
    Sign {
        active: tile.reaction !== ""
        anchors.top: undefined
        anchors.bottom: named.top
        anchors.bottomMargin: 6
        sourceComponent: Chip {
            tone: "accent"
            iconName: Wording.reactionIcon(tile.reaction)
            text: tile.tight ? "" : Wording.reaction(tile.reaction)
        }
    }
    Rectangle {
        id: named

        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: 8
        width: Math.min(plate.implicitWidth + 16, tile.width - 16)
        height: plate.implicitHeight + 8
        radius: Theme.chipRadius
        color: Theme.plate

        Row {
            id: plate

            x: 8
            y: 4
            spacing: 6

            Icon {
                id: state

                visible: tile.screen || tile.muted || tile.speaking
                name: tile.screen ? "monitor-up" : tile.muted ? "mic-off" : "audio-lines"
                size: 14
                color: tile.screen ? Theme.inkPlate : tile.muted ? Theme.mutedOnPlate : Theme.speakingOnPlate
                anchors.verticalCenter: parent.verticalCenter
            }
            Label {
                role: "label"
                text: tile.shownName
                font.weight: Font.Medium
                color: Theme.inkPlate
                elide: Text.ElideRight
                width: Math.min(implicitWidth, tile.width - 32 - (state.visible ? 20 : 0))
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
        }
    }

    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: point => tile.menuAsked(point.position)
    }
    TapHandler { onDoubleTapped: point => tile.menuAsked(point.position) }
    Keys.onReturnPressed: menuAsked(Qt.point(width / 2, height / 2))
    Keys.onEnterPressed: menuAsked(Qt.point(width / 2, height / 2))
    Keys.onMenuPressed: menuAsked(Qt.point(width / 2, height / 2))

    Accessible.role: Accessible.ListItem
    Accessible.focusable: true
    Accessible.onPressAction: menuAsked(Qt.point(width / 2, height / 2))
    Accessible.name: {
        const facts = [shownName]
        if (speaking) facts.push(qsTr("speaking"))
        if (muted && !screen) facts.push(qsTr("muted"))
        if (weak) facts.push(qsTr("weak network"))
        if (!camera) facts.push(qsTr("camera off"))
        if (hand > 0) facts.push(qsTr("hand raised"))
        if (reaction !== "") facts.push(Wording.reaction(reaction))
        if (analysed) facts.push(qsTr("face is read"))
        if (guess) facts.push(Wording.guess(guess.label, guess.unclear))
        if (pinned) facts.push(qsTr("pinned"))
        if (spotlight) facts.push(qsTr("large for everybody"))
        if (!connected && !you) facts.push(qsTr("connecting"))
        return facts.join(", ")
    }
}
