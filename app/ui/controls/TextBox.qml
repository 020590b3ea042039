import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A few lines of plain text; grows with what is written, then scrolls.
Rectangle {
    id: box

    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias input: input
    property int tallest: 120
    property int maximumLength: 4000
    property bool lines: false      // Enter begins a new line; else only Shift+Enter does
    signal accepted()

    implicitHeight: Math.min(tallest, Math.max(Theme.hit, input.contentHeight + 18))
    radius: Theme.radius
    color: Theme.surface
    border.width: input.activeFocus ? 2 : Theme.outline
    border.color: input.activeFocus ? Theme.focus : Theme.borderStrong

    Flickable {
        anchors.fill: parent
        anchors.margins: 2
        contentHeight: input.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        B.TextArea {
            id: input

            width: parent.width
            height: Math.max(implicitHeight, box.height - 4)
            leftPadding: 10
            rightPadding: 10
            topPadding: 8
            bottomPadding: 8
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            font.pixelSize: Theme.body
            color: Theme.text
            placeholderTextColor: Theme.textMuted
            selectionColor: Theme.accent
            selectedTextColor: Theme.inkAccent
            renderType: TextEdit.NativeRendering
            background: null
            onTextChanged: if (length > box.maximumLength) remove(box.maximumLength, length)
            Keys.onReturnPressed: event => box.lines || event.modifiers & Qt.ShiftModifier ? event.accepted = false : box.accepted()
            Keys.onEnterPressed: event => box.lines ? event.accepted = false : box.accepted()
            // Tab goes on; it is not text.
            KeyNavigation.priority: KeyNavigation.BeforeItem
            KeyNavigation.tab: nextItemInFocusChain(true)
            KeyNavigation.backtab: nextItemInFocusChain(false)
            Accessible.role: Accessible.EditableText
            Accessible.name: placeholderText
        }
    }
}
