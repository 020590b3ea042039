import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Files that are shared: what each is, how far it is, and what can be done with it.
Item {
    id: pane

    required property var files
    signal withdrawing(string file, string name)

    function start(): void { share.forceActiveFocus(Qt.TabFocusReason) }

    ListView {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        clip: true
        spacing: 20
        topMargin: 16
        bottomMargin: 12
        model: pane.files
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        delegate: FileLine {
            width: list.width
            files: pane.files
            onWithdrawing: (file, name) => pane.withdrawing(file, name)
        }

        Accessible.role: Accessible.List
        Accessible.name: qsTr("Files")
    }
    Label {
        visible: pane.files.count === 0
        width: parent.width - 48
        anchors.horizontalCenter: parent.horizontalCenter
        y: 24
        muted: true
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        text: pane.files.allowed ? qsTr("No files have been shared yet. Drop one here, or choose it below. Files stay on the host’s computer.")
            : qsTr("No files have been shared yet.")
    }
    Item {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: share.height + 24

        Rectangle { width: parent.width; height: 1; color: Theme.border }
        ActionButton {
            id: share

            visible: pane.files.allowed
            x: 16
            y: 12
            width: Math.min(implicitWidth, parent.width - 32)
            iconName: "paperclip"
            text: qsTr("Share files")
            onClicked: pane.files.choose("")
        }
        Label {
            visible: !pane.files.allowed
            x: 16
            width: parent.width - 32
            anchors.verticalCenter: parent.verticalCenter
            muted: true
            wrapMode: Text.Wrap
            text: qsTr("You cannot share files in this meeting. Ask the host.")
        }
    }
}
