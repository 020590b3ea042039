import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What a person can choose, a page a subject.  Every choice counts at once and is remembered; nothing needs "OK".
FocusScope {
    id: settings

    required property var parley
    required property var pictures
    property string subject: "you"
    readonly property bool narrow: width < 720
    readonly property var subjects: [
        { name: "you", icon: "user", text: qsTr("You and the window") },
        { name: "devices", icon: "mic", text: qsTr("Sound and video") },
        { name: "captions", icon: "captions", text: qsTr("Captions") },
        { name: "models", icon: "cpu", text: qsTr("Files for captions") },
        { name: "keyboard", icon: "keyboard", text: qsTr("Keyboard") },
        { name: "privacy", icon: "shield-check", text: qsTr("What is processed here") },
        { name: "about", icon: "info", text: qsTr("About Parley") },
    ]
    signal closing()

    Rectangle { anchors.fill: parent; color: Theme.bg }

    Item {
        id: head

        width: parent.width
        height: Math.max(52, Theme.hit + 12)

        IconButton {
            id: back

            x: 8
            anchors.verticalCenter: parent.verticalCenter
            iconName: "arrow-left"
            text: qsTr("Back")
            keys: "Esc"
            onClicked: settings.closing()
        }
        Label {
            role: "title"
            text: qsTr("Settings")
            anchors.left: back.right
            anchors.leftMargin: 8
            anchors.verticalCenter: parent.verticalCenter
        }
        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.border }
    }
    Flow {
        id: nav

        readonly property real cell: settings.narrow ? implicitWidth : width

        anchors.top: head.bottom
        anchors.topMargin: settings.narrow ? 8 : 16
        anchors.left: parent.left
        anchors.leftMargin: settings.narrow ? 8 : 16
        width: settings.narrow ? parent.width - 16 : Math.max(220, 200 * Theme.textScale)
        spacing: 4

        Repeater {
            model: settings.subjects

            B.AbstractButton {
                id: tab

                required property var modelData
                readonly property bool current: settings.subject === modelData.name

                text: modelData.text
                width: settings.narrow ? Math.min(implicitWidth, nav.width) : nav.width
                implicitWidth: sign.width + words.implicitWidth + 34
                implicitHeight: Theme.hit
                hoverEnabled: true
                focusPolicy: Qt.StrongFocus
                onClicked: settings.subject = modelData.name
                Keys.onReturnPressed: click()
                Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.TabFocusReason)
                Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                background: Rectangle {
                    radius: Theme.radius
                    color: tab.current ? Theme.accentSoft : tab.hovered ? Theme.hover : "transparent"
                    border.width: Theme.contrast && tab.current ? 2 : 0
                    border.color: Theme.borderStrong
                    FocusRing { target: tab }
                }
                contentItem: Item {
                    Icon {
                        id: sign

                        name: tab.modelData.icon
                        size: 18
                        x: 12
                        color: tab.current ? Theme.inkAccentSoft : Theme.text
                        anchors.verticalCenter: parent.verticalCenter
                    }
                    Label {
                        id: words

                        text: tab.text
                        role: "label"
                        font.weight: tab.current ? Font.DemiBold : Font.Normal
                        color: tab.current ? Theme.inkAccentSoft : Theme.text
                        elide: Text.ElideRight
                        anchors.left: sign.right
                        anchors.leftMargin: 10
                        anchors.right: parent.right
                        anchors.rightMargin: 8
                        anchors.verticalCenter: parent.verticalCenter
                        Accessible.ignored: true
                    }
                }
                Accessible.role: Accessible.PageTab
                Accessible.name: text
                Accessible.selected: current
                Accessible.onPressAction: click()
            }
        }
    }
    Gradual {
        id: page

        anchors.left: settings.narrow ? parent.left : nav.right
        anchors.right: parent.right
        anchors.top: settings.narrow ? nav.bottom : head.bottom
        anchors.bottom: parent.bottom
        sourceComponent: ({ you: you, devices: devices, captions: captions, models: models, keyboard: keyboard, privacy: privacy, about: about })[settings.subject]
    }
    Component { id: you; You { parley: settings.parley } }
    Component { id: devices; SoundAndVideo { parley: settings.parley; pictures: settings.pictures } }
    Component { id: captions; CaptionSettings { parley: settings.parley } }
    Component { id: models; Models { parley: settings.parley } }
    Component { id: keyboard; KeyboardSettings { parley: settings.parley } }
    Component { id: privacy; Privacy { parley: settings.parley } }
    Component { id: about; About { parley: settings.parley } }

    Keys.onEscapePressed: closing()
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Settings")
    Component.onCompleted: back.forceActiveFocus()
}
