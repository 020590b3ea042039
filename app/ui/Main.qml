import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "controls"
import "history"
import "home"
import "meeting"
import "palette"
import "ready"
import "settings"
import "welcome"

// The window.  Python says which screen; a change of language builds the screen anew, so that fonts follow too.
B.ApplicationWindow {
    id: window

    required property var parley
    required property var pictures
    // A dialog is open: keys belong to it.
    readonly property bool asking: finder.opened || settings.active || history.active || theatre.active || (room.item !== null && room.item.asking)
    // Screens and panes are built a little at a time: all at once a meeting's took a tenth of a second.
    property bool gradual: true
    // The screen outside of meetings; it stays in sight until the meeting's is built, and then there is none.
    property string front: "home"
    // The first screen is what everybody waits for, so it is built at once.
    property bool stands: false
    Component.onCompleted: stands = true

    // For the menu beside the clock, which Python shows.
    readonly property var trayWords: [qsTr("Show the window"), qsTr("Leave the meeting")]

    // What an action's name means; the screen knows those of a meeting.
    function act(name: string): void {
        switch (name) {
        case "palette": finder.open(); break
        case "settings": settings.active = true; break
        case "history": history.active = true; break
        case "devices":
            settings.active = true
            settings.then(item => item.subject = "devices")
            break
        case "full_screen": visibility = visibility === Window.FullScreen ? Window.Windowed : Window.FullScreen; break
        case "larger": parley.preferences.zoom(1); break
        case "smaller": parley.preferences.zoom(-1); break
        case "usual_size": parley.preferences.zoom(0); break
        default: if (room.item) room.item.act(name)
        }
    }
    function closeSettings(): void {
        settings.active = false
        goOn()
    }
    function goOn(): void { (room.visible ? room : screen).forceActiveFocus() }

    width: 1280
    height: 800
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: parley.meeting ? qsTr("%1 – Parley").arg(parley.meeting.title) : "Parley"
    color: Theme.bg

    Binding { target: Theme; property: "dark"; value: window.parley.preferences.dark }
    Binding { target: Theme; property: "still"; value: window.parley.preferences.values.still }
    Binding { target: Theme; property: "contrast"; value: window.parley.preferences.contrast }
    Binding { target: Theme; property: "textScale"; value: window.parley.preferences.values.text_scale }
    Binding { target: Theme; property: "captionScale"; value: window.parley.preferences.values.caption_scale }
    Binding { target: Wording; property: "language"; value: window.parley.preferences.language }

    // Closing the window is leaving, which asks first.
    onClosing: close => {
        if (parley.screen === "meeting") {
            close.accepted = false
            parley.close_after(true)
            if (room.item) room.item.askLeave()
        }
    }

    Gradual {
        id: screen

        anchors.fill: parent
        focus: true
        asynchronous: window.gradual && window.stands
        sourceComponent: ({ "": null, welcome: welcomeScreen, ready: readyScreen, home: homeScreen })[window.front]
    }
    Gradual {
        id: room

        property bool renewing: false

        anchors.fill: parent
        active: window.parley.screen === "meeting" && !renewing
        visible: status === Loader.Ready
        sourceComponent: meetingScreen
        onLoaded: {
            window.front = ""
            if (!settings.active && !history.active && !theatre.active) forceActiveFocus()
        }
    }
    Connections {
        target: window.parley
        function onScreen_changed() { if (window.parley.screen !== "meeting") window.front = window.parley.screen }
    }
    Connections {
        target: window.parley.preferences
        function onLanguage_changed() {
            screen.active = false
            screen.active = true
            room.renewing = true
            room.renewing = false
            if (settings.active) {
                settings.active = false
                settings.active = true
            }
        }
    }
    Component { id: welcomeScreen; Welcome { parley: window.parley } }
    Component { id: readyScreen; Ready { parley: window.parley; pictures: window.pictures } }
    Component { id: homeScreen; Home { parley: window.parley } }
    Component { id: meetingScreen; Meeting { parley: window.parley; meeting: window.parley.meeting; pictures: window.pictures } }

    Gradual {
        id: settings

        anchors.fill: parent
        active: false
        sourceComponent: Settings { parley: window.parley; pictures: window.pictures; onClosing: window.closeSettings() }
        onLoaded: item.forceActiveFocus()
    }
    Gradual {
        id: history

        anchors.fill: parent
        active: false
        sourceComponent: History {
            parley: window.parley
            onClosing: {
                history.active = false
                window.goOn()
            }
        }
        onLoaded: item.forceActiveFocus()
    }
    Gradual {
        id: theatre

        anchors.fill: parent
        active: window.parley.player.open
        sourceComponent: Player {
            player: window.parley.player
            onFullScreen: on => { if (window.visible) window.visibility = on ? Window.FullScreen : Window.Windowed }
        }
        onLoaded: item.forceActiveFocus()
        onActiveChanged: if (!active) history.active ? history.forceActiveFocus() : window.goOn()
    }
    Palette {
        id: finder

        actions: window.parley.actions
        meeting: window.parley.screen === "meeting"
        onChosen: name => window.act(name)
    }

    Instantiator {
        model: window.parley.actions.rows
        delegate: Shortcut {
            required property string name
            required property string where
            required property string keys
            required property bool held

            sequence: held ? "" : keys
            enabled: sequence !== "" && (where === "anywhere" || (window.parley.screen === "meeting" && !settings.active && !history.active && !theatre.active))
            onActivated: window.act(name)
        }
    }
}
