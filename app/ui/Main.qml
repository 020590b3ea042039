import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "controls"
import "home"
import "meeting"

// The window.  Python says which screen; a change of language builds the screen anew, so that fonts follow too.
B.ApplicationWindow {
    id: window

    required property var parley
    required property var pictures
    // A dialog is open: keys belong to it.
    readonly property bool asking: screen.item !== null && screen.item.asking === true

    width: 1280
    height: 800
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: parley.meeting ? qsTr("%1 – Parley").arg(parley.meeting.title) : "Parley"
    color: Theme.bg

    Binding { target: Theme; property: "dark"; value: window.parley.preferences.dark }
    Binding { target: Theme; property: "still"; value: window.parley.preferences.still }
    Binding { target: Theme; property: "contrast"; value: window.parley.preferences.contrast }
    Binding { target: Theme; property: "textScale"; value: window.parley.preferences.text_scale }
    Binding { target: Theme; property: "captionScale"; value: window.parley.preferences.caption_scale }
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
        sourceComponent: window.parley.screen === "meeting" ? meetingScreen : homeScreen

        Connections {
            target: window.parley.preferences
            function onLanguage_changed() {
                screen.active = false
                screen.active = true
            }
        }
    }
    Component { id: homeScreen; Home { parley: window.parley } }
    Component { id: meetingScreen; Meeting { parley: window.parley; meeting: window.parley.meeting; pictures: window.pictures } }

    Shortcut { sequences: [StandardKey.ZoomIn, "Ctrl+="]; onActivated: window.parley.preferences.zoom(1) }
    Shortcut { sequences: [StandardKey.ZoomOut]; onActivated: window.parley.preferences.zoom(-1) }
    Shortcut { sequence: "Ctrl+0"; onActivated: window.parley.preferences.zoom(0) }
    Shortcut {
        sequence: "F11"
        onActivated: window.visibility = window.visibility === Window.FullScreen ? Window.Windowed : Window.FullScreen
    }
}
