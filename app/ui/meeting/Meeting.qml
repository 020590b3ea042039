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
    readonly property bool asking: [consent, invite, leave, judge, rules, machines, share, statistics, correct, withdraw, glossary, emotions, processing, record, recorded, check, checkAsked].some(card => card.opened)

    onPaneChanged: {
        meeting.chat.look(pane === "chat")
        meeting.files.look(pane === "files")
    }

    function showPane(which: string): void {
        pane = pane === which ? "" : which
        if (pane !== "") side.forceActiveFocus()
    }

    function act(name: string): void {
        switch (name) {
        case "microphone": meeting.toggle_microphone(); break
        case "camera": meeting.toggle_camera(); break
        case "captions": meeting.toggle_captions(); break
        case "transcript": showPane("transcript"); break
        case "people": showPane("people"); break
        case "chat": openChat(); break
        case "files": showPane("files"); break
        case "share_file": if (meeting.files.allowed) meeting.files.choose(""); break
        case "hand": meeting.toggle_hand(); break
        case "react": react(); break
        case "share":
            if (meeting.sharing.sharing) meeting.sharing.stop()
            else if (meeting.sharing.allowed) share.open()
            break
        case "small": small.active = !small.active; break
        case "statistics": statistics.open(); break
        case "mute_all": if (meeting.floor.moderates) meeting.floor.mute("", "microphone"); break
        case "rules": if (meeting.floor.moderates) rules.open(); break
        case "glossary": if (meeting.floor.moderates) glossary.open(); break
        case "machines": machines.open(); break
        case "processing": processing.open(); break
        case "recordings": recordings.open(); break
        case "record": (meeting.recording.runs ? record : recorded).open(); break
        case "own_recording": recorded.open(); break
        case "emotions": emotions.open(); break
        case "guesses": meeting.faces.toggle(); break
        case "check": check.open(); break
        case "find": find(); break
        case "view": meeting.gallery.toggle_view(); break
        case "hide_self": parley.preferences.choose("hide_self", !parley.preferences.values.hide_self); break
        case "invite": invite.open(); break
        case "next_region": region(1); break
        case "previous_region": region(-1); break
        case "leave": leave.open(); break
        }
    }
    function react(): void {
        const menu = reactions.made()
        menu.popup(bar, Math.max(0, (bar.width - menu.width) / 2), -menu.implicitHeight)
    }
    function openChat(): void {
        showPane("chat")
        if (pane === "chat") side.compose()
    }
    function writeTo(person: string): void {
        if (pane !== "chat") showPane("chat")
        side.writeTo(person)
    }
    function find(): void {
        pane = "transcript"
        side.search()
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
        onActing: name => screen.Window.window.act(name)
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
            iconName: ({ reconnecting: "wifi", device: "mic-off", deaf: "mic-off", muted: "mic-off", asked: "mic", asked_camera: "video", howl: "audio-lines" })[screen.meeting.trouble] || "gauge"
            closable: screen.meeting.trouble !== "reconnecting"
            text: Wording.trouble(screen.meeting.trouble, screen.meeting.trouble_sentence, screen.meeting.trouble_seconds)
            action: Wording.remedy(screen.meeting.trouble)
            onActed: ["deaf", "device"].includes(screen.meeting.trouble) ? screen.Window.window.act("devices") : screen.meeting.act_on_banner()
            onClosed: screen.meeting.close_banner()
        }
        Gallery {
            id: gallery

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: captions.above ? captions.bottom : banner.visible ? banner.bottom : parent.top
            anchors.bottom: captions.visible && !captions.above ? captions.top : parent.bottom
            anchors.margins: stage.inset
            gallery: screen.meeting.gallery
            onMenuAsked: (row, at) => menu.made().show(row, at)
            pictures: screen.pictures
            narrow: screen.narrow
            preferences: screen.parley.preferences
            faces: screen.meeting.faces
        }
        CaptionBar {
            id: captions

            readonly property bool above: visible && chosen.caption_place === "above"

            visible: screen.meeting.captions_shown
            chosen: screen.parley.preferences.values
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width - 2 * stage.inset, Math.round(1040 * Theme.captionScale))
            y: above ? (banner.visible ? banner.y + banner.height : 0) + stage.inset : parent.height - height - stage.inset
            meeting: screen.meeting
        }
        LobbyCard {
            visible: screen.meeting.floor.waiters.count > 0 && screen.pane !== "people"
            floor: screen.meeting.floor
            width: Math.min(320, parent.width - 2 * stage.inset)
            anchors.right: parent.right
            anchors.top: banner.visible ? banner.bottom : parent.top
            anchors.margins: stage.inset
        }
        Toast {
            id: toast

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: captions.visible && !captions.above ? captions.top : parent.bottom
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
        onMenuAsked: (row, at) => menu.made().show(row, at)
        onRuling: rules.open()
        onLocating: machines.open()
        onWithdrawing: (file, name) => withdraw.made().ask(file, name)
        onCorrecting: (segment, speaker, text) => correct.made().ask(segment, speaker, text)
        onOpened: address => screen.parley.open(address)
        which: screen.pane || "transcript"
        onAsked: which => screen.pane = which
        onInviting: screen.openInvite()
        onClosing: screen.pane = ""
        onCopied: text => {
            screen.parley.copy(text)
            toast.say(qsTr("Copied"), "check")
        }
    }
    ControlBar {
        id: bar

        width: parent.width
        anchors.bottom: parent.bottom
        meeting: screen.meeting
        keys: screen.parley.actions.shown
        pane: screen.pane
        onPaneAsked: which => screen.showPane(which)
        onInviting: screen.openInvite()
        onLeaving: leave.open()
        onActing: name => screen.Window.window.act(name)
    }

    DropArea {
        id: drop

        readonly property string to: side.visible ? side.writingTo : ""

        anchors.fill: parent
        enabled: screen.meeting.files.allowed && !screen.asking
        keys: ["text/uri-list"]
        onDropped: event => {
            event.acceptProposedAction()
            screen.meeting.files.drop(event.urls, to)
            screen.pane = "files"
        }
    }
    Rectangle {
        objectName: "dropPlace"
        anchors.fill: parent
        visible: drop.containsDrag
        color: Theme.scrim

        Chip {
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 32)
            tone: "info"
            iconName: "paperclip"
            text: drop.to !== "" ? qsTr("Drop to share with %1 only").arg(screen.meeting.name_of(drop.to)) : qsTr("Drop to share with everybody")
        }
    }
    Later {
        id: menu

        // A person's menu has a `screen` of its own.
        readonly property var meeting: screen.meeting
        readonly property var preferences: screen.parley.preferences
        readonly property var page: screen

        objectName: "personMenu"
        sourceComponent: PersonMenu {
            meeting: menu.meeting
            preferences: menu.preferences
            onWriting: person => menu.page.writeTo(person)
            onChecking: person => menu.page.checkCamera(person)
            onJudging: (kind, person, name) => judge.made().ask(kind, person, name)
        }
    }
    Later { id: glossary; sourceComponent: GlossaryCard { floor: screen.meeting.floor } }
    Later { id: withdraw; objectName: "withdrawCard"; sourceComponent: WithdrawCard { files: screen.meeting.files } }
    Later { id: correct; objectName: "correctCard"; sourceComponent: CorrectCard { floor: screen.meeting.floor } }
    Later { id: share; sourceComponent: ShareCard { sharing: screen.meeting.sharing } }
    Later { id: statistics; sourceComponent: StatisticsCard { quality: screen.meeting.quality } }
    Loader {
        id: small

        // A window has a `screen` of its own, so what it is given has other names here.
        readonly property var meeting: screen.meeting
        readonly property var pictures: screen.pictures
        function back(): void {
            active = false
            meeting.gallery.follow_lead(false)
            Window.window.raise()
            Window.window.requestActivate()
        }

        active: false
        sourceComponent: SmallWindow {
            meeting: small.meeting
            pictures: small.pictures
            onBackAsked: small.back()
        }
    }
    Later { id: reactions; sourceComponent: Reactions { floor: screen.meeting.floor } }
    Later { id: judge; sourceComponent: PersonCard { floor: screen.meeting.floor } }
    Later { id: rules; sourceComponent: RulesCard { floor: screen.meeting.floor; limit: screen.meeting.faces.limit } }
    Later { id: check; objectName: "checkCard"; sourceComponent: CheckCard { checks: screen.meeting.checks } }
    Later { id: checkAsked; objectName: "checkAskedCard"; sourceComponent: ConsentToCheck { checks: screen.meeting.checks } }
    Later { id: emotions; sourceComponent: EmotionCard { faces: screen.meeting.faces } }
    Later { id: recordings; sourceComponent: RecordingsCard { shelf: screen.parley.shelf } }
    Later { id: record; objectName: "recordCard"; sourceComponent: RecordCard { recording: screen.meeting.recording } }
    Later { id: recorded; objectName: "recordingCard"; sourceComponent: RecordingCard { recording: screen.meeting.recording } }
    Later { id: feed; objectName: "feedCard"; sourceComponent: FeedCard { recording: screen.meeting.recording; onClosed: Qt.callLater(screen.askRecording) } }
    Later { id: processing; sourceComponent: ProcessingCard { meeting: screen.meeting; onEmotionsAsked: emotions.open() } }
    Later { id: machines; sourceComponent: MachinesCard { meeting: screen.meeting; here: screen.parley.here; load: screen.parley.load } }
    Later {
        id: consent

        sourceComponent: ConsentCard {
            people: screen.meeting.people.count
            onAnswered: allowed => screen.meeting.answer(allowed)
            onClosed: screen.askRecording()
        }
    }
    Later {
        id: invite

        sourceComponent: InviteCard {
            link: screen.parley.link
            code: screen.meeting.code
            words: screen.parley.words
            trust: screen.parley.trust
            fingerprint: screen.parley.fingerprint
            onCopied: (text, said) => {
                screen.parley.copy(text)
                close()
                toast.say(said, "check")
            }
        }
    }
    Later {
        id: leave

        sourceComponent: LeaveCard {
            mayEnd: screen.meeting.hosting
            here: screen.parley.here
            hideable: screen.parley.hideable
            onHiding: {
                close()
                screen.parley.hide()
            }
            onLeaving: screen.meeting.leave()
            onEnding: screen.meeting.end()
            onClosed: screen.parley.close_after(false)
        }
    }

    CheckScreen {
        id: checked

        anchors.fill: parent
        z: 10
        checks: screen.meeting.checks
    }
    Connections {
        target: screen.meeting.checks
        function onChanged() {
            if (screen.meeting.checks.question.name) {
                if (!checkAsked.opened) checkAsked.open()
            } else if (checkAsked.opened) {
                checkAsked.item.decided = true
                checkAsked.item.close()
            }
        }
    }
    Connections {
        target: screen.meeting
        function onConsent_changed() { screen.askConsent() }
        function onExported(path, saved) {
            toast.say(saved ? qsTr("Saved: %1").arg(path) : qsTr("It could not be saved there. Choose another folder."), saved ? "check" : "circle-alert")
        }
        function onSaid(name, text) {
            if (screen.parley.preferences.values.announce) screen.Accessible.announce(qsTr("%1: %2").arg(name).arg(text), Accessible.Polite)
        }
        function onAnnounced(about, name, code, sentence) {
            const icons = { joined: "log-in", left: "log-out", notice: "info", refused: "circle-alert", role: "crown" }
            const otherIcons = { muted: "mic-off", hand: "hand", written: "message-square", shared: "paperclip", policy: "user-cog" }
            if (about === "written" && pane === "chat") return
            if (about === "shared" && pane === "files") return
            const text = Wording.announcement(about, name, code, sentence)
            screen.Accessible.announce(text, about === "muted" || about === "asked" ? Accessible.Assertive : Accessible.Polite)
            // What asks for an answer stays in sight until it has one: a banner, or the lobby's card.
            if (about !== "asked" && about !== "waits") toast.say(text, icons[about] || otherIcons[about])
            screen.parley.notify(text)
        }
    }
    Connections {
        target: screen.meeting.recording
        function onChanged() { screen.askRecording() }
    }
    // One question at a time: the captions notice comes first.
    function askRecording(): void {
        const due = meeting.recording.must_ask
        if (due && !consent.opened && !recorded.opened) recorded.open()
        else if (meeting.recording.phase === "off" && recorded.opened) { recorded.item.decided = true; recorded.item.close() }
        else if (meeting.recording.feed !== "" && !consent.opened && !recorded.opened && !feed.opened) feed.open()
        else if (meeting.recording.feed === "" && feed.opened) { feed.item.decided = true; feed.item.close() }
    }
    function checkCamera(person: string): void {
        meeting.checks.ask(person)
        check.open()
    }
    function askLeave(): void { leave.open() }
    function openInvite(): void { invite.open() }
    function askConsent(): void {
        if (meeting.must_ask) consent.open()
        else if (consent.opened) { consent.item.decided = true; consent.item.close() }
    }

    Keys.onEscapePressed: pane = ""

    Component.onCompleted: {
        askConsent()
        askRecording()
    }
}
