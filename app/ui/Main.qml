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
    readonly property bool asking: finder.opened || settings.active || history.active || theatre.active || (screen.item !== null && screen.item.asking === true)

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
            settings.item.subject = "devices"
            break
        case "full_screen": visibility = visibility === Window.FullScreen ? Window.Windowed : Window.FullScreen; break
        case "larger": parley.preferences.zoom(1); break
        case "smaller": parley.preferences.zoom(-1); break
        case "usual_size": parley.preferences.zoom(0); break
        default: if (parley.screen === "meeting") screen.item.act(name)
        }
    }
    function closeSettings(): void {
        settings.active = false
        screen.forceActiveFocus()
    }

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
            screen.item.askLeave()
        }
    }

    Loader {
        id: screen

        anchors.fill: parent
        focus: true
        sourceComponent: ({ meeting: meetingScreen, welcome: welcomeScreen, ready: readyScreen, home: homeScreen })[window.parley.screen]

        Connections {
            target: window.parley.preferences
            function onLanguage_changed() {
                screen.active = false
                screen.active = true
                if (settings.active) {
                    settings.active = false
                    settings.active = true
                }
            }
        }
    }
    Component { id: welcomeScreen; Welcome { parley: window.parley } }
    Component { id: readyScreen; Ready { parley: window.parley; pictures: window.pictures } }
    Component { id: homeScreen; Home { parley: window.parley } }
    Component { id: meetingScreen; Meeting { parley: window.parley; meeting: window.parley.meeting; pictures: window.pictures } }

    Loader {
        id: settings

        anchors.fill: parent
        active: false
        sourceComponent: Settings { parley: window.parley; pictures: window.pictures; onClosing: window.closeSettings() }
        onLoaded: item.forceActiveFocus()
    }
    Loader {
        id: history

        anchors.fill: parent
        active: false
        sourceComponent: History {
            parley: window.parley
            onClosing: {
                history.active = false
                screen.forceActiveFocus()
            }
        }
        onLoaded: item.forceActiveFocus()
    }
    Loader {
        id: theatre

        anchors.fill: parent
        active: window.parley.player.open
        sourceComponent: Player {
            player: window.parley.player
            onFullScreen: on => { if (window.visible) window.visibility = on ? Window.FullScreen : Window.Windowed }
        }
        onLoaded: item.forceActiveFocus()
        onActiveChanged: if (!active) (history.active ? history : screen).forceActiveFocus()
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
