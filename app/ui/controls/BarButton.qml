import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A control-bar button: a pill with an icon, and below it the word for what a press does.
B.AbstractButton {
    id: button

    property string iconName
    property string look: "normal"      // normal | on | off | danger
    property string keys
    property bool toggles: false        // on or off, for screen readers; else the label says what a press does
    property int news: 0                // that have not been seen, counted on the pill
    property real level: 0              // 0 to 1, drawn as a bar under the icon

    readonly property color fill: ({ normal: Theme.surfaceAlt, on: Theme.accentSoft, off: Theme.dangerSoft, danger: Theme.dangerFill })[look]
    readonly property color ink: ({ normal: Theme.text, on: Theme.inkAccentSoft, off: Theme.inkDangerSoft, danger: Theme.inkDangerFill })[look]

    implicitWidth: Math.max(68, words.implicitWidth + 8)
    implicitHeight: 36 + 4 + words.implicitHeight
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    checkable: toggles
    checked: toggles && look === "on"
    onClicked: checked = Qt.binding(() => toggles && look === "on")
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    background: Item {}
    contentItem: Item {
        Rectangle {
            id: pill

            anchors.horizontalCenter: parent.horizontalCenter
            width: 52
            height: 36
            radius: 12
            color: button.look === "danger" ? (button.hovered || button.down ? Theme.dangerFillHover : Theme.dangerFill)
                : button.down ? Theme.pressed
                : button.hovered && button.look === "normal" ? Theme.hover : button.fill
            border.width: Theme.contrast ? 2 : 0
            border.color: Theme.borderStrong

            Icon {
                anchors.centerIn: parent
                anchors.verticalCenterOffset: loudness.visible ? -2 : 0
                name: button.iconName
                color: button.ink
            }
            Rectangle {
                id: loudness

                visible: button.level > 0
                anchors.horizontalCenter: parent.horizontalCenter
                y: 29
                width: Math.round(6 + 26 * Math.min(1, button.level))
                height: 3
                radius: 1.5
                color: Theme.speaking
            }
            Rectangle {
                visible: button.news > 0
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.margins: -4
                width: Math.max(height, count.implicitWidth + 10)
                height: count.implicitHeight + 2
                radius: height / 2
                color: Theme.dangerFill

                Label {
                    id: count

                    anchors.centerIn: parent
                    role: "small"
                    font.weight: Font.DemiBold
                    text: button.news > 99 ? "99+" : button.news
                    color: Theme.inkDangerFill
                    Accessible.ignored: true
                }
            }
            FocusRing { target: button; around: 12 }
        }
        Label {
            id: words

            role: "small"
            text: button.text
            width: Math.min(implicitWidth, button.width)
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignHCenter
            anchors.top: pill.bottom
            anchors.topMargin: 4
            anchors.horizontalCenter: parent.horizontalCenter
            Accessible.ignored: true
        }
    }

    Tip {
        visible: button.keys !== "" && (button.hovered || button.visualFocus)
        text: button.text + "  " + button.keys
    }

    Accessible.role: Accessible.Button
    Accessible.name: news > 0 ? qsTr("%1, %n new", "", news).arg(text) : text
    Accessible.onPressAction: click()
}
