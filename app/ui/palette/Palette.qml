import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Type what you want, press Enter.  Every action of the window in the reader's words, with its keys.
B.Popup {
    id: finder

    required property var actions
    required property bool meeting      // actions of a meeting are on offer
    property var found: []
    signal chosen(string name)

    function search(): void {
        const texts = {}
        for (const name of actions.on_offer(meeting)) texts[name] = Wording.action(name)
        found = actions.find(query.text, texts)
        list.currentIndex = 0
    }
    function take(index: int): void {
        const name = found[index]
        if (name === undefined) return
        close()
        chosen(name)
    }

    parent: B.Overlay.overlay
    x: Math.round((parent.width - width) / 2)
    y: Math.min(96, Math.round(parent.height * 0.12))
    width: Math.min(520, parent.width - 24)
    height: Math.min(480, parent.height - y - 12)
    padding: 12
    modal: true
    focus: true
    closePolicy: B.Popup.CloseOnEscape | B.Popup.CloseOnPressOutside
    B.Overlay.modal: Rectangle { color: Theme.scrim }
    onAboutToShow: { query.text = ""; search() }
    onOpened: query.input.forceActiveFocus()

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: Theme.outline
        border.color: Theme.border
    }
    contentItem: Item {
        Field {
            id: query

            width: parent.width
            iconName: "search"
            label: qsTr("What would you like to do?")
            maximumLength: 80
            onEdited: finder.search()
            onAccepted: finder.take(list.currentIndex)
            Keys.onUpPressed: list.decrementCurrentIndex()
            Keys.onDownPressed: list.incrementCurrentIndex()
        }
        ListView {
            id: list

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: query.bottom
            anchors.topMargin: 8
            anchors.bottom: parent.bottom
            clip: true
            model: finder.found
            boundsBehavior: Flickable.StopAtBounds
            B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

            delegate: B.AbstractButton {
                id: row

                required property string modelData
                required property int index

                width: list.width
                implicitHeight: Math.max(Theme.hit, words.implicitHeight + 12)
                text: Wording.action(modelData)
                focusPolicy: Qt.NoFocus
                hoverEnabled: true
                onClicked: finder.take(index)
                background: Rectangle {
                    radius: Theme.radius
                    color: row.ListView.isCurrentItem ? Theme.accentSoft : row.hovered ? Theme.hover : "transparent"
                }
                contentItem: Item {
                    Label {
                        id: words

                        text: row.text
                        color: row.ListView.isCurrentItem ? Theme.inkAccentSoft : Theme.text
                        elide: Text.ElideRight
                        anchors.left: parent.left
                        anchors.leftMargin: 12
                        anchors.right: keys.left
                        anchors.rightMargin: 12
                        anchors.verticalCenter: parent.verticalCenter
                        Accessible.ignored: true
                    }
                    Label {
                        id: keys

                        text: finder.actions.shown[row.modelData] || ""
                        role: "label"
                        muted: true
                        anchors.right: parent.right
                        anchors.rightMargin: 12
                        anchors.verticalCenter: parent.verticalCenter
                        Accessible.ignored: true
                    }
                }
                Accessible.role: Accessible.ListItem
                Accessible.name: text
                Accessible.onPressAction: click()
            }
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Actions")
        }
        Label {
            visible: finder.found.length === 0
            anchors.horizontalCenter: parent.horizontalCenter
            y: list.y + 12
            muted: true
            text: qsTr("Nothing is called that.")
        }
    }
}
