import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A labelled line of text.
Column {
    id: field

    property alias label: caption.text
    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias maximumLength: input.maximumLength
    property alias input: input
    property string iconName
    signal accepted()
    signal edited()

    spacing: 6

    Label {
        id: caption

        role: "label"
        width: parent.width
        wrapMode: Text.Wrap
        font.weight: Font.Medium
        Accessible.ignored: true
    }
    B.TextField {
        id: input

        width: parent.width
        implicitHeight: Theme.hit
        font.pixelSize: Theme.body
        color: Theme.text
        placeholderTextColor: Theme.textMuted
        leftPadding: field.iconName ? 40 : 12
        rightPadding: 12
        topPadding: 0
        bottomPadding: 0
        verticalAlignment: TextInput.AlignVCenter
        selectByMouse: true
        selectionColor: Theme.accent
        selectedTextColor: Theme.inkAccent
        renderType: TextInput.NativeRendering
        onAccepted: field.accepted()
        onTextEdited: field.edited()
        background: Rectangle {
            radius: Theme.radius
            color: Theme.surface
            border.width: input.activeFocus ? 2 : Theme.outline
            border.color: input.activeFocus ? Theme.focus : Theme.borderStrong

            Icon {
                visible: field.iconName !== ""
                name: field.iconName
                size: 18
                x: 12
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.textMuted
            }
        }
        Accessible.role: Accessible.EditableText
        Accessible.name: caption.text
    }
}
