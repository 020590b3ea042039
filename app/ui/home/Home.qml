import QtQuick
import Parley.Theme
import "../controls"

// The first screen: who you are, host or join, and what is missing on this computer.
Page {
    id: home

    required property var parley
    readonly property var model: parley.home
    readonly property bool idle: model.busy === ""

    Item {
        width: parent.width
        implicitHeight: Math.max(40, brand.implicitHeight)

        Row {
            id: brand

            spacing: 10
            anchors.verticalCenter: parent.verticalCenter

            Rectangle {
                width: 32
                height: 32
                radius: 10
                color: Theme.accent
                anchors.verticalCenter: parent.verticalCenter

                Icon { anchors.centerIn: parent; name: "audio-lines"; color: Theme.inkAccent; size: 20 }
            }
            Label { role: "title"; text: "Parley"; anchors.verticalCenter: parent.verticalCenter }
        }
        Row {
            anchors.right: parent.right
            anchors.rightMargin: -8
            anchors.verticalCenter: parent.verticalCenter
            spacing: 4

            IconButton {
                iconName: "languages"
                text: home.parley.preferences.language === "zh" ? "Switch to English" : "切换为中文"
                onClicked: home.parley.preferences.toggle_language()
            }
            IconButton {
                iconName: "settings"
                text: qsTr("Settings")
                onClicked: home.Window.window.act("settings")
            }
            IconButton {
                iconName: Theme.dark ? "sun" : "moon"
                text: Theme.dark ? qsTr("Use the light theme") : qsTr("Use the dark theme")
                onClicked: home.parley.preferences.toggle_theme()
            }
        }
    }

    Column {
        width: parent.width
        spacing: 4

        Label {
            role: "display"
            width: parent.width
            wrapMode: Text.Wrap
            text: qsTr("Meet on your own network")
        }
        Label {
            muted: true
            width: parent.width
            wrapMode: Text.Wrap
            text: qsTr("Sound, video and captions stay between the computers in the meeting.")
        }
    }

    Banner {
        visible: home.model.problem_code !== "" || home.model.problem !== ""
        width: parent.width
        tone: home.model.problem_code === "ended" ? "info" : "danger"
        iconName: home.model.problem_code === "ended" ? "info" : "circle-alert"
        text: Wording.problem(home.model.problem_code, home.model.problem)
        onClosed: home.model.dismiss()
    }
    Waiting { width: parent.width; model: home.model }

    Card {
        width: parent.width
        inset: home.narrow ? 20 : 24

        Grid {
            id: self

            width: parent.width
            columns: home.narrow ? 1 : 2
            columnSpacing: 64
            rowSpacing: 12
            readonly property real cell: home.narrow ? width : (width - 64) / 2

            Field {
                id: you

                width: self.cell
                iconName: "user"
                label: qsTr("Your name, as others see it")
                maximumLength: 64
                text: home.parley.preferences.values.name
                onEdited: home.parley.preferences.call_me(text)
                onAccepted: link.input.forceActiveFocus(Qt.TabFocusReason)
            }
            Column {
                width: self.cell

                Choice {
                    width: parent.width
                    text: qsTr("Start with the microphone on")
                    on: home.parley.preferences.values.microphone
                    onClicked: home.parley.preferences.choose("microphone", !home.parley.preferences.values.microphone)
                }
                Choice {
                    width: parent.width
                    text: qsTr("Start with the camera on")
                    on: home.parley.preferences.values.camera
                    onClicked: home.parley.preferences.choose("camera", !home.parley.preferences.values.camera)
                }
            }
        }
    }

    Grid {
        id: cards

        width: parent.width
        columns: home.narrow ? 1 : 2
        columnSpacing: 16
        rowSpacing: 16
        readonly property real cell: home.narrow ? width : (width - 16) / 2
        readonly property real tallest: Math.max(hosting.implicitHeight, joining.implicitHeight)

        Card {
            id: hosting

            width: cards.cell
            height: home.narrow ? implicitHeight : cards.tallest
            inset: home.narrow ? 20 : 24

            Column {
                width: parent.width
                spacing: 4

                Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Host a meeting") }
                Label {
                    muted: true
                    width: parent.width
                    wrapMode: Text.Wrap
                    text: qsTr("This PC becomes the meeting room. It must stay on until you finish.")
                }
            }
            Field {
                id: title

                width: parent.width
                label: qsTr("Meeting name")
                maximumLength: 120
                text: qsTr("Our meeting")
                onAccepted: start.click()
            }
            ActionButton {
                id: start

                kind: "primary"
                iconName: "video"
                text: qsTr("Start meeting")
                width: home.narrow ? parent.width : Math.min(implicitWidth, parent.width)
                enabled: home.idle
                onClicked: home.model.host(title.text, you.text)
            }
            ActionButton {
                kind: "quiet"
                compact: true
                iconName: "history"
                text: qsTr("Meetings held here")
                onClicked: home.Window.window.act("history")
            }
        }
        Card {
            id: joining

            width: cards.cell
            height: home.narrow ? implicitHeight : cards.tallest
            inset: home.narrow ? 20 : 24

            Column {
                width: parent.width
                spacing: 4

                Label { role: "heading"; width: parent.width; wrapMode: Text.Wrap; text: qsTr("Join a meeting") }
                Label {
                    muted: true
                    width: parent.width
                    wrapMode: Text.Wrap
                    text: qsTr("Paste the whole link, or type the code that the host reads out. An address may stand before it.")
                }
            }
            Field {
                id: link

                width: parent.width
                label: qsTr("Meeting link or code")
                text: home.model.link
                placeholder: "KM4T-7QXD"
                maximumLength: 2048
                onAccepted: enter.click()
            }
            Field {
                id: passcode

                visible: home.model.problem_code === "bad_passcode" || text !== ""
                width: parent.width
                iconName: "lock"
                label: qsTr("Passcode of the meeting")
                maximumLength: 64
                onAccepted: enter.click()
                onVisibleChanged: if (visible) input.forceActiveFocus(Qt.OtherFocusReason)
            }
            ActionButton {
                id: enter

                iconName: "log-in"
                text: qsTr("Join")
                width: home.narrow ? parent.width : Math.min(implicitWidth, parent.width)
                enabled: home.idle
                onClicked: home.model.join(link.text, you.text, passcode.text)
            }
        }
    }

    Nearby {
        width: parent.width
        parley: home.parley
        enabled: home.idle
        onPicked: where => {
            link.text = where + " "
            link.input.forceActiveFocus(Qt.OtherFocusReason)
            link.input.cursorPosition = link.text.length
        }
    }
    Recent { width: parent.width; parley: home.parley; enabled: home.idle; onPicked: address => link.text = address }
    Missing { width: parent.width; parley: home.parley }

    Words { model: home.model }

    Component.onCompleted: (you.text === "" ? you : link).input.forceActiveFocus()
}
