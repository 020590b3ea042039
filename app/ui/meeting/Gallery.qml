import QtQuick
import Parley.Theme
import "../controls"

// Everybody's tile, where the view model puts it; pages when they would be too small.  Arrow keys go from tile to tile.
FocusScope {
    id: grid

    required property var gallery
    required property var pictures
    required property bool narrow
    required property var preferences
    required property var faces
    signal menuAsked(Item row, point at)

    function refit(): void {
        gallery.fit(stage.width, stage.height, narrow ? 10 : 14, narrow, Screen.devicePixelRatio)
    }

    Item {
        id: stage

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: pager.visible ? pager.top : parent.bottom
        anchors.bottomMargin: pager.visible ? 8 : 0
        onWidthChanged: Qt.callLater(grid.refit)
        onHeightChanged: Qt.callLater(grid.refit)

        Accessible.role: Accessible.List
        Accessible.name: qsTr("People in the meeting")

        Repeater {
            id: tiles

            model: grid.gallery.tiles

            Tile {
                pictures: grid.pictures
                mirror: grid.preferences.values.mirror
                faces: grid.faces
                onMenuAsked: at => grid.menuAsked(this, at)
                activeFocusOnTab: index === 0
                Keys.onLeftPressed: grid.go(index - 1)
                Keys.onUpPressed: grid.go(index - 1)
                Keys.onRightPressed: grid.go(index + 1)
                Keys.onDownPressed: grid.go(index + 1)
            }
        }
    }

    function go(index: int): void {
        if (tiles.itemAt(index)) tiles.itemAt(index).forceActiveFocus(Qt.TabFocusReason)
    }

    Row {
        id: pager

        visible: grid.gallery.pages > 1
        spacing: 8
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom

        IconButton {
            iconName: "arrow-left"
            text: qsTr("Previous page of people")
            enabled: grid.gallery.page > 1
            opacity: enabled ? 1 : 0.4
            onClicked: grid.gallery.turn(-1)
        }
        Label {
            role: "label"
            text: qsTr("%1 of %2").arg(grid.gallery.page).arg(grid.gallery.pages)
            anchors.verticalCenter: parent.verticalCenter
            Accessible.name: qsTr("Page %1 of %2").arg(grid.gallery.page).arg(grid.gallery.pages)
        }
        IconButton {
            iconName: "arrow-right"
            text: qsTr("Next page of people")
            enabled: grid.gallery.page < grid.gallery.pages
            opacity: enabled ? 1 : 0.4
            onClicked: grid.gallery.turn(1)
        }
    }

    Component.onCompleted: refit()
}
