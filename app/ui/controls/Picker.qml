import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// One of many, by name.  Names are other people's text: never markup, cut where they are too long.
Column {
    id: picker

    property string label
    property var options        // [{ value, text }]
    property string value
    property string iconName
    signal chosen(string value)

    spacing: 6

    Label {
        role: "label"
        text: picker.label
        width: parent.width
        wrapMode: Text.Wrap
        font.weight: Font.Medium
        Accessible.ignored: true
    }
    B.ComboBox {
        id: box

        width: parent.width
        implicitHeight: Theme.hit
        leftPadding: picker.iconName ? 40 : 12
        rightPadding: 36
        model: picker.options
        textRole: "text"
        valueRole: "value"
        currentIndex: Math.max(0, picker.options.findIndex(option => option.value === picker.value))
        focusPolicy: Qt.StrongFocus
        onActivated: row => {
            picker.chosen(picker.options[row].value)
            currentIndex = Qt.binding(() => Math.max(0, picker.options.findIndex(option => option.value === picker.value)))
        }
        Keys.onReturnPressed: popup.opened ? popup.close() : popup.open()
        Keys.onEnterPressed: popup.opened ? popup.close() : popup.open()

        background: Rectangle {
            radius: Theme.radius
            color: box.hovered ? Theme.hover : Theme.surface
            border.width: box.visualFocus ? 2 : Theme.outline
            border.color: box.visualFocus ? Theme.focus : Theme.borderStrong

            Icon {
                visible: picker.iconName !== ""
                name: picker.iconName
                size: 18
                x: 12
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.textMuted
            }
        }
        indicator: Icon {
            name: "chevron-down"
            size: 18
            x: box.width - width - 10
            anchors.verticalCenter: parent.verticalCenter
        }
        contentItem: Label {
            text: box.displayText
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        delegate: B.ItemDelegate {
            id: line

            required property var modelData
            required property int index

            width: ListView.view.width
            height: Math.max(Theme.hit, name.implicitHeight + 12)
            highlighted: box.highlightedIndex === index
            background: Rectangle { radius: 8; color: line.highlighted ? Theme.hover : "transparent" }
            contentItem: Item {
                Label {
                    id: name

                    text: line.modelData.text
                    elide: Text.ElideRight
                    font.weight: line.index === box.currentIndex ? Font.DemiBold : Font.Normal
                    anchors.left: parent.left
                    anchors.right: mark.left
                    anchors.verticalCenter: parent.verticalCenter
                    Accessible.ignored: true
                }
                Icon {
                    id: mark

                    visible: line.index === box.currentIndex
                    name: "check"
                    size: 16
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                }
            }
            Accessible.role: Accessible.ListItem
            Accessible.name: modelData.text
        }
        popup: B.Popup {
            y: box.height + 4
            width: box.width
            height: Math.min(contentItem.implicitHeight + 12, 320)
            padding: 6
            background: Rectangle {
                radius: Theme.radius
                color: Theme.surface
                border.width: Theme.outline
                border.color: Theme.border
            }
            contentItem: ListView {
                clip: true
                implicitHeight: contentHeight
                model: box.popup.visible ? box.delegateModel : null
                currentIndex: box.highlightedIndex
                boundsBehavior: Flickable.StopAtBounds
                B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }
            }
        }

        Accessible.role: Accessible.ComboBox
        Accessible.name: qsTr("%1: %2").arg(picker.label).arg(displayText)
    }
}
