import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Which screen or window to show, and whether letters or motion matter.  What the others will see is said before it is sent.
Dialog {
    id: card

    required property var sharing
    property string what
    property string mode: "text"
    property bool sound: false
    readonly property bool present: sharing.what.some(one => one.value === what)

    heading: qsTr("Share what is on your screen?")
    iconName: "monitor-up"
    widest: 560
    onOpened: {
        sharing.look()
        if (!present) what = sharing.what.length > 0 ? sharing.what[0].value : ""
        start.forceActiveFocus(Qt.TabFocusReason)
    }

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        muted: true
        text: card.sharing.what.length > 0
            ? qsTr("Everybody in the meeting sees it, notifications included if you show a whole screen.")
            : qsTr("This system lets no program show its screen.")
    }
    Flickable {
        width: parent.width
        height: Math.min(list.implicitHeight, 260)
        contentHeight: list.implicitHeight
        clip: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        Column {
            id: list

            width: parent.width
            spacing: 4

            Repeater {
                id: choices

                model: card.sharing.what

                B.AbstractButton {
                    id: choice

                    required property var modelData
                    required property int index
                    readonly property bool on: modelData.value === card.what

                    text: modelData.window ? qsTr("Window: %1").arg(modelData.text) : qsTr("Screen: %1").arg(modelData.text)
                    width: list.width
                    implicitHeight: Math.max(Theme.hit, words.implicitHeight + 12)
                    hoverEnabled: true
                    checkable: true
                    checked: on
                    focusPolicy: Qt.StrongFocus
                    onClicked: {
                        checked = Qt.binding(() => choice.on)
                        card.what = modelData.value
                    }
                    Keys.onReturnPressed: click()
                    Keys.onUpPressed: step(-1)
                    Keys.onDownPressed: step(1)

                    function step(by: int): void {
                        const next = choices.itemAt((index + by + choices.count) % choices.count)
                        next.forceActiveFocus(Qt.TabFocusReason)
                        next.click()
                    }

                    background: Rectangle {
                        radius: Theme.radius
                        color: choice.on ? Theme.accentSoft : choice.hovered ? Theme.hover : Theme.surface
                        border.width: choice.on ? 2 : Theme.outline
                        border.color: choice.on ? Theme.accent : Theme.borderStrong
                        FocusRing { target: choice; anchors.margins: 3; around: 7 }
                    }
                    contentItem: Item {
                        Icon {
                            id: sign

                            name: choice.modelData.window ? "app-window" : "monitor"
                            size: 18
                            x: 12
                            color: choice.on ? Theme.inkAccentSoft : Theme.text
                            anchors.verticalCenter: parent.verticalCenter
                        }
                        Label {
                            id: words

                            role: "label"
                            text: choice.text
                            elide: Text.ElideRight
                            color: choice.on ? Theme.inkAccentSoft : Theme.text
                            anchors.left: sign.right
                            anchors.leftMargin: 10
                            anchors.right: parent.right
                            anchors.rightMargin: 10
                            anchors.verticalCenter: parent.verticalCenter
                            Accessible.ignored: true
                        }
                    }
                    Accessible.role: Accessible.RadioButton
                    Accessible.name: text
                    Accessible.onPressAction: click()
                }
            }
        }
    }
    Options {
        width: parent.width
        label: qsTr("What matters")
        value: card.mode
        options: [
            { value: "text", text: qsTr("Sharp letters") },
            { value: "motion", text: qsTr("Smooth motion") },
        ]
        onChosen: value => card.mode = value
    }
    Choice {
        width: parent.width
        text: qsTr("Also share what this computer plays")
        on: card.sound
        onClicked: card.sound = !card.sound
    }

    answers: [
        ActionButton {
            id: start

            kind: "primary"
            iconName: "monitor-up"
            text: qsTr("Share")
            enabled: card.what !== ""
            onClicked: {
                card.sharing.share(card.what, card.mode, card.sound)
                card.close()
            }
        },
        ActionButton { text: qsTr("Cancel"); onClicked: card.close() }
    ]
}
