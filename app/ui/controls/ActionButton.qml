import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A button that says in words what it does.  One primary a screen.
B.Button {
    id: button

    property string kind: "secondary"    // primary | secondary | quiet | danger
    property string iconName
    property bool compact: false

    readonly property color ink: !enabled ? Theme.textMuted
        : kind === "primary" ? Theme.inkAccent
        : kind === "danger" ? Theme.inkDangerFill
        : kind === "quiet" ? Theme.accent : Theme.text

    implicitHeight: Math.max(compact ? Theme.compactHit : Theme.hit, contentItem.implicitHeight + 12)
    leftPadding: compact ? 12 : 16
    rightPadding: leftPadding
    topPadding: 0
    bottomPadding: 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    font.pixelSize: compact ? Theme.label : Theme.body
    font.weight: Font.Medium
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        readonly property int iconRoom: icon.visible ? icon.width + row.spacing : 0
        implicitWidth: words.implicitWidth + iconRoom
        implicitHeight: words.implicitHeight

        Row {
            id: row

            spacing: 8
            anchors.centerIn: parent

            Icon {
                id: icon

                visible: button.iconName !== ""
                name: button.iconName
                size: button.compact ? 16 : 18
                color: button.ink
                anchors.verticalCenter: parent.verticalCenter
            }
            Text {
                id: words

                text: button.text
                font: button.font
                color: button.ink
                wrapMode: Text.Wrap
                horizontalAlignment: Text.AlignHCenter
                textFormat: Text.PlainText
                renderType: Text.NativeRendering
                width: Math.min(implicitWidth, Math.max(1, button.availableWidth - button.contentItem.iconRoom))
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }
    background: Rectangle {
        radius: button.compact ? 8 : Theme.radius
        color: !button.enabled ? Theme.surfaceAlt
            : button.kind === "primary" ? (button.hovered || button.down ? Theme.accentHover : Theme.accent)
            : button.kind === "danger" ? (button.hovered || button.down ? Theme.dangerFillHover : Theme.dangerFill)
            : button.down ? Theme.pressed
            : button.hovered ? Theme.hover
            : button.kind === "quiet" ? "transparent" : Theme.surface
        border.width: button.kind === "secondary" || Theme.contrast ? Theme.outline : 0
        border.color: Theme.borderStrong

        FocusRing { target: button; around: parent.radius }
    }

    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: click()
}
