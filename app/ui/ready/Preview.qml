import QtQuick
import Parley.Theme
import "../controls"

// The own picture, as oneself sees it.
Rectangle {
    id: preview

    required property var meeting
    required property var pictures
    required property bool mirror
    readonly property bool pictured: meeting.camera && video.ready

    implicitHeight: Math.round(width * 9 / 16)
    radius: Theme.cardRadius
    color: Theme.surfaceAlt
    border.width: Theme.outline
    border.color: Theme.border

    LivePicture {
        id: video

        anchors.fill: parent
        visible: preview.pictured
        source: "self/camera"
        pictures: preview.pictures
        mirrored: preview.mirror
        radius: Theme.cardRadius
    }
    Column {
        visible: !preview.pictured
        anchors.centerIn: parent
        width: parent.width - 48
        spacing: 8

        Icon {
            name: preview.meeting.camera ? "clock" : "video-off"
            size: 20
            color: Theme.textMuted
            anchors.horizontalCenter: parent.horizontalCenter
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            muted: true
            text: preview.meeting.camera ? qsTr("The camera is starting…") : qsTr("Your camera is off. Others see your initials.")
        }
    }
    Accessible.role: Accessible.Graphic
    Accessible.name: preview.meeting.camera ? qsTr("Your picture") : qsTr("Your camera is off")
}
