import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// One of a few, all in sight.  Arrow keys choose, as in any group of radio buttons.
Column {
    id: group

    property string label
    property var options        // [{ value, text }]
    property string value
    signal chosen(string value)

    spacing: 6

    Label {
        role: "label"
        visible: text !== ""
        text: group.label
        width: parent.width
        wrapMode: Text.Wrap
        font.weight: Font.Medium
        Accessible.ignored: true
    }
    Flow {
        width: parent.width
        spacing: 8

        Repeater {
            id: buttons

            model: group.options

            B.AbstractButton {
                id: option

                required property var modelData
                required property int index
                readonly property bool on: modelData.value === group.value

                text: modelData.text
                implicitHeight: Theme.hit
                implicitWidth: Math.min(words.implicitWidth + mark.width + 36, group.width)
                hoverEnabled: true
                checkable: true
                checked: on
                focusPolicy: Qt.StrongFocus
                onClicked: {
                    checked = Qt.binding(() => option.on)
                    group.chosen(modelData.value)
                }
                Keys.onReturnPressed: click()
                Keys.onEnterPressed: click()
                Keys.onLeftPressed: step(-1)
                Keys.onUpPressed: step(-1)
                Keys.onRightPressed: step(1)
                Keys.onDownPressed: step(1)

                function step(by: int): void {
                    const next = buttons.itemAt((index + by + buttons.count) % buttons.count)
                    next.forceActiveFocus(Qt.TabFocusReason)
                    next.click()
                }

                background: Rectangle {
                    radius: Theme.radius
                    color: option.down ? Theme.pressed : option.hovered ? Theme.hover : option.on ? Theme.accentSoft : Theme.surface
                    border.width: option.on ? 2 : Theme.outline
                    border.color: option.on ? Theme.accent : Theme.borderStrong
                    FocusRing { target: option }
                }
                contentItem: Item {
                    Rectangle {
                        id: mark

                        x: 12
                        width: 16
                        height: 16
                        radius: 8
                        anchors.verticalCenter: parent.verticalCenter
                        color: "transparent"
                        border.width: 2
                        border.color: option.on ? Theme.accent : Theme.borderStrong

                        Rectangle { visible: option.on; anchors.centerIn: parent; width: 8; height: 8; radius: 4; color: Theme.accent }
                    }
                    Label {
                        id: words

                        text: option.text
                        role: "label"
                        color: option.on && !option.hovered ? Theme.inkAccentSoft : Theme.text
                        elide: Text.ElideRight
                        anchors.left: mark.right
                        anchors.leftMargin: 8
                        anchors.right: parent.right
                        anchors.rightMargin: 10
                        anchors.verticalCenter: parent.verticalCenter
                        Accessible.ignored: true
                    }
                }

                Accessible.role: Accessible.RadioButton
                Accessible.name: group.label ? qsTr("%1: %2").arg(group.label).arg(text) : text
                Accessible.onPressAction: click()
            }
        }
    }
}
