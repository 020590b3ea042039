import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Every action with its keys.  A press on the keys waits for new ones; Escape leaves them, Backspace takes them away.
Page {
    id: page

    required property var parley
    readonly property var actions: parley.actions
    property string waiting
    property string problem

    function heard(name: string, answer: var): void {
        waiting = ""
        problem = answer.plain && name === "talk" ? qsTr("That key is needed to get around. Choose another.")
            : answer.plain ? qsTr("Hold Ctrl, Alt or Meta with another key, or choose a function key.")
            : answer.other ? qsTr("“%1” has these keys. Change those first.").arg(Wording.action(answer.other)) : ""
    }

    Banner {
        visible: page.problem !== ""
        width: parent.width
        text: page.problem
        onClosed: page.problem = ""
    }
    Card {
        width: parent.width
        inset: page.narrow ? 8 : 16
        spacing: 0

        Repeater {
            model: page.actions.rows

            Item {
                id: row

                required property string name
                required property string shown
                required property bool own
                readonly property bool hears: page.waiting === name

                width: parent.width
                implicitHeight: Math.max(Theme.hit + 4, words.implicitHeight + 12)

                Label {
                    id: words

                    text: Wording.action(row.name)
                    wrapMode: Text.Wrap
                    anchors.left: parent.left
                    anchors.leftMargin: 8
                    anchors.right: keys.left
                    anchors.rightMargin: 12
                    anchors.verticalCenter: parent.verticalCenter
                }
                B.AbstractButton {
                    id: keys

                    text: row.hears ? qsTr("Press the keys") : row.shown || qsTr("None")
                    implicitWidth: Math.max(96, label.implicitWidth + 24)
                    implicitHeight: Theme.compactHit
                    anchors.right: restore.left
                    anchors.rightMargin: 4
                    anchors.verticalCenter: parent.verticalCenter
                    hoverEnabled: true
                    focusPolicy: Qt.StrongFocus
                    onClicked: { page.problem = ""; page.waiting = row.name }
                    onActiveFocusChanged: if (!activeFocus && row.hears) page.waiting = ""
                    Keys.onShortcutOverride: event => event.accepted = row.hears
                    Keys.onPressed: event => {
                        if (!row.hears) {
                            if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) click()
                            return
                        }
                        event.accepted = true
                        if (event.key === Qt.Key_Escape) { page.waiting = ""; return }
                        if (event.key === Qt.Key_Backspace || event.key === Qt.Key_Delete) {
                            page.heard(row.name, page.actions.bind(row.name, ""))
                            return
                        }
                        const sequence = page.actions.sequence(event.key, event.modifiers)
                        if (sequence !== "") page.heard(row.name, page.actions.bind(row.name, sequence))
                    }
                    background: Rectangle {
                        radius: 8
                        color: row.hears ? Theme.accentSoft : keys.hovered ? Theme.hover : Theme.surfaceAlt
                        border.width: row.own || Theme.contrast ? 1 : 0
                        border.color: Theme.borderStrong
                        FocusRing { target: keys; around: 8 }
                    }
                    contentItem: Item {
                        Label {
                            id: label

                            anchors.centerIn: parent
                            text: keys.text
                            role: "label"
                            color: row.hears ? Theme.inkAccentSoft : Theme.text
                            Accessible.ignored: true
                        }
                    }
                    Accessible.role: Accessible.Button
                    Accessible.name: qsTr("Change the keys for: %1").arg(words.text)
                    Accessible.description: row.shown
                    Accessible.onPressAction: click()
                }
                IconButton {
                    id: restore

                    iconName: "rotate-ccw"
                    text: qsTr("Usual keys again: %1").arg(words.text)
                    enabled: row.own
                    opacity: row.own ? 1 : 0
                    width: Theme.compactHit
                    height: Theme.compactHit
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    onClicked: page.heard(row.name, page.actions.restore(row.name))
                }
            }
        }
    }
    ActionButton {
        iconName: "rotate-ccw"
        text: qsTr("All keys as they were")
        onClicked: { page.actions.restore_all(); page.problem = "" }
    }
}
