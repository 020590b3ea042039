import QtQuick
import Parley.Theme
import "../controls"
import "../consent"
import "../invite"
import "../leaving"

// The meeting: people and words in the middle, machinery at the edges.
FocusScope {
    id: screen

    required property var parley
    required property var meeting
    required property var pictures

    readonly property bool narrow: width < 720
    property string pane: width >= 900 ? "transcript" : ""
    readonly property bool asking: consent.opened || invite.opened || leave.opened

    function showPane(which: string): void {
        pane = pane === which ? "" : which
        if (pane !== "") side.forceActiveFocus()
    }

    // F6 goes round the regions in reading order.
    function region(step: int): void {
        const regions = [top, gallery, side, bar].filter(item => item.visible)
        const here = regions.findIndex(item => item.activeFocus)
        const next = regions[(here + step + regions.length) % regions.length]
        const first = next.nextItemInFocusChain(true)
        if (first) first.forceActiveFocus(Qt.TabFocusReason)
    }

    Rectangle { anchors.fill: parent; color: Theme.stage }

    TopBar {
        id: top

        width: parent.width
        meeting: screen.meeting
        onInviting: screen.openInvite()
    }
    Item {
        id: stage

        anchors.left: parent.left
        anchors.right: side.visible && !screen.narrow ? side.left : parent.right
        anchors.top: top.bottom
        anchors.bottom: bar.top
        readonly property int inset: screen.narrow ? 10 : 16

        Banner {
            id: banner

            visible: screen.meeting.trouble !== ""
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: stage.inset
            tone: screen.meeting.trouble === "reconnecting" ? "danger" : "warn"
            iconName: ({ reconnecting: "wifi", device: "mic-off", muted: "mic-off", howl: "audio-lines" })[screen.meeting.trouble] || "gauge"
            closable: screen.meeting.trouble !== "reconnecting"
            text: Wording.trouble(screen.meeting.trouble, screen.meeting.trouble_sentence, screen.meeting.trouble_seconds)
            onClosed: screen.meeting.close_banner()
        }
        Gallery {
            id: gallery

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: banner.visible ? banner.bottom : parent.top
            anchors.bottom: captions.visible ? captions.top : parent.bottom
            anchors.margins: stage.inset
            gallery: screen.meeting.gallery
            pictures: screen.pictures
            narrow: screen.narrow
        }
        CaptionBar {
            id: captions

            visible: screen.meeting.captions_shown
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width - 2 * stage.inset, Math.round(1040 * Theme.captionScale))
            anchors.bottom: parent.bottom
            anchors.bottomMargin: stage.inset
            meeting: screen.meeting
        }
        Toast {
            id: toast

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: captions.visible ? captions.top : parent.bottom
            anchors.bottomMargin: 16
            width: Math.min(implicitWidth, parent.width - 2 * stage.inset)
        }
    }
    SidePane {
        id: side

        visible: screen.pane !== ""
        width: screen.narrow ? screen.width : Math.min(380, Math.max(320, screen.width * 0.28))
        anchors.right: parent.right
        anchors.top: top.bottom
        anchors.bottom: bar.top
        meeting: screen.meeting
        which: screen.pane || "transcript"
        onAsked: which => screen.pane = which
        onInviting: screen.openInvite()
        onClosing: screen.pane = ""
    }
    ControlBar {
        id: bar

        width: parent.width
        anchors.bottom: parent.bottom
        meeting: screen.meeting
        pane: screen.pane
        onPaneAsked: which => screen.showPane(which)
        onInviting: screen.openInvite()
        onLeaving: leave.open()
    }

    ConsentCard {
        id: consent

        people: screen.meeting.people.count
        onAnswered: allowed => screen.meeting.answer(allowed)
    }
    InviteCard {
        id: invite

        link: screen.parley.link
        code: screen.meeting.code
        onCopied: (text, said) => {
            screen.parley.copy(text)
            close()
            toast.say(said, "check")
        }
    }
    LeaveCard {
        id: leave

        mayEnd: screen.meeting.hosting
        here: screen.parley.here
        onLeaving: screen.meeting.leave()
        onEnding: screen.meeting.end()
        onClosed: screen.parley.close_after(false)
    }

    Connections {
        target: screen.meeting
        function onConsent_changed() { screen.askConsent() }
        function onAnnounced(about, name, code, sentence) {
            const icons = { joined: "log-in", left: "log-out", notice: "info", refused: "circle-alert" }
            toast.say(Wording.announcement(about, name, code, sentence), icons[about])
        }
    }
    function askLeave(): void { leave.open() }
    function openInvite(): void { invite.open() }
    function askConsent(): void {
        if (meeting.must_ask) consent.open()
        else if (consent.opened) { consent.decided = true; consent.close() }
    }

    Shortcut { sequence: "Ctrl+D"; onActivated: screen.meeting.toggle_microphone() }
    Shortcut { sequence: "Ctrl+E"; onActivated: screen.meeting.toggle_camera() }
    Shortcut { sequence: "Ctrl+Shift+C"; onActivated: screen.meeting.toggle_captions() }
    Shortcut { sequence: "Ctrl+Shift+T"; onActivated: screen.showPane("transcript") }
    Shortcut { sequence: "Ctrl+Shift+P"; onActivated: screen.showPane("people") }
    Shortcut { sequence: "Ctrl+Shift+Q"; onActivated: leave.open() }
    Shortcut { sequence: "F6"; onActivated: screen.region(1) }
    Shortcut { sequence: "Shift+F6"; onActivated: screen.region(-1) }
    Keys.onEscapePressed: pane = ""

    Component.onCompleted: askConsent()
}
