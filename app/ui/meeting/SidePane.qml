import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Tabs beside the stage: Transcript, Chat, People and Files.
FocusScope {
    id: pane

    required property var meeting
    required property string which      // transcript | chat | people | files
    readonly property string writingTo: content.item?.to ?? ""
    signal asked(string which)
    signal menuAsked(Item row, point at)
    signal inviting()
    signal ruling()
    signal locating()
    signal opened(string address)
    signal correcting(string segment, string speaker, string text)
    signal closing()
    signal withdrawing(string file, string name)
    signal copied(string text)

    function compose(): void { content.then(item => item.compose()) }
    function writeTo(person: string): void { content.then(item => item.writeTo(person)) }
    function search(): void { content.then(item => item.search()) }

    Rectangle { anchors.fill: parent; color: Theme.surface }
    Rectangle { width: 1; height: parent.height; color: Theme.border }

    Item {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        height: Math.max(52, Theme.hit + 12)

        Row {
            id: tabs

            anchors.left: parent.left
            anchors.leftMargin: 8
            height: parent.height

            // Where four words and a button do not fit, only the open tab has its word.
            readonly property real natural: [...children].reduce((sum, tab) => sum + (tab.natural || 0), 0)
            readonly property bool crowded: natural > head.width - 8 - Theme.hit - 12

            component Tab: B.AbstractButton {
                id: tab

                property string which
                property string iconName
                readonly property bool current: pane.which === which
                readonly property bool bare: tabs.crowded && !current
                readonly property real natural: words.implicitWidth + 20

                height: head.height
                width: bare ? Theme.hit : natural
                hoverEnabled: true
                focusPolicy: Qt.StrongFocus
                onClicked: pane.asked(which)
                Keys.onReturnPressed: click()
                Keys.onLeftPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.TabFocusReason)
                Keys.onRightPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                background: Item {
                    Rectangle {
                        anchors.bottom: parent.bottom
                        x: 10
                        width: parent.width - 20
                        height: 3
                        radius: 1.5
                        color: Theme.accent
                        visible: tab.current
                    }
                    FocusRing { target: tab; anchors.margins: 4; radius: 8 }
                }
                contentItem: Item {
                    Icon {
                        visible: tab.bare
                        anchors.centerIn: parent
                        name: tab.iconName
                        color: tab.hovered ? Theme.text : Theme.textMuted
                    }
                    Label {
                        id: words

                        visible: !tab.bare

                        anchors.centerIn: parent
                        text: tab.text
                        role: "label"
                        font.weight: tab.current ? Font.DemiBold : Font.Normal
                        color: tab.current || tab.hovered ? Theme.text : Theme.textMuted
                        Accessible.ignored: true
                    }
                }
                Tip { visible: tab.bare && (tab.hovered || tab.visualFocus); text: tab.text }

                Accessible.role: Accessible.PageTab
                Accessible.name: text
                Accessible.selected: current
                Accessible.onPressAction: click()
            }

            Tab { which: "transcript"; iconName: "notebook-text"; text: qsTr("Transcript") }
            Tab { which: "chat"; iconName: "message-square"; text: pane.meeting.chat.unread > 0 ? qsTr("Chat, %n new", "", pane.meeting.chat.unread) : qsTr("Chat") }
            Tab { which: "people"; iconName: "users"; text: qsTr("People, %n", "", pane.meeting.people.count) }
            Tab { which: "files"; iconName: "paperclip"; text: pane.meeting.files.unread > 0 ? qsTr("Files, %n new", "", pane.meeting.files.unread) : qsTr("Files") }
        }
        IconButton {
            iconName: "x"
            text: qsTr("Close the pane")
            keys: "Esc"
            anchors.right: parent.right
            anchors.rightMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            onClicked: pane.closing()
        }
        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.border }
    }
    Gradual {
        id: content

        anchors.left: parent.left
        anchors.leftMargin: 1
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: parent.bottom
        sourceComponent: ({ people: people, chat: chat, transcript: transcript, files: files })[pane.which]
    }
    Component {
        id: transcript

        TranscriptPane {
            meeting: pane.meeting
            onCopied: text => pane.copied(text)
            onCorrecting: (segment, speaker, text) => pane.correcting(segment, speaker, text)
        }
     }
    Component {
        id: chat

        ChatPane {
            meeting: pane.meeting
            onOpened: address => pane.opened(address)
            onCopied: text => pane.copied(text)
        }
     }
    Component {
        id: files

        FilesPane {
            files: pane.meeting.files
            onWithdrawing: (file, name) => pane.withdrawing(file, name)
        }
     }
    Component {
        id: people

        PeoplePane {
            meeting: pane.meeting
            onMenuAsked: (row, at) => pane.menuAsked(row, at)
            onInviting: pane.inviting()
            onRuling: pane.ruling()
            onLocating: pane.locating()
        }
     }

    Keys.onEscapePressed: closing()
}
