import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A card over a scrim.  Holds the focus, names itself, gives the focus back; Escape is the safe choice.  What does not
// fit scrolls; the answers stay in sight.
B.Dialog {
    id: dialog

    property string heading
    property string iconName
    property int widest: 480
    default property alias body: column.data
    property alias answers: foot.data

    parent: B.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(widest, parent ? parent.width - 24 : widest)
    height: Math.min(implicitHeight, parent ? parent.height - 24 : implicitHeight)
    padding: 24
    modal: true
    focus: true
    closePolicy: B.Popup.CloseOnEscape
    title: heading     // what a screen reader says; drawn below
    header: null
    footer: null
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.slow; easing.type: Easing.OutCubic } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.fast } }
    B.Overlay.modal: Rectangle { color: Theme.scrim }

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: Theme.outline
        border.color: Theme.border
    }
    contentItem: Item {
        implicitHeight: column.implicitHeight + 20 + foot.implicitHeight

        Flickable {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: foot.top
            anchors.bottomMargin: 20
            contentHeight: column.implicitHeight
            clip: contentHeight > height
            boundsBehavior: Flickable.StopAtBounds
            B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

            Column {
                id: column

                width: parent.width
                spacing: 16

                Row {
                    width: parent.width
                    spacing: 12

                    Rectangle {
                        id: well

                        visible: dialog.iconName !== ""
                        width: 40
                        height: 40
                        radius: 12
                        color: Theme.accentSoft

                        Icon { anchors.centerIn: parent; name: dialog.iconName; color: Theme.inkAccentSoft }
                    }
                    Label {
                        text: dialog.heading
                        role: "title"
                        wrapMode: Text.Wrap
                        width: parent.width - (well.visible ? 52 : 0)
                        anchors.verticalCenter: parent.verticalCenter
                    }
                }
            }
        }
        Flow {
            id: foot

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            spacing: 12
            layoutDirection: Qt.RightToLeft
        }
    }
}
