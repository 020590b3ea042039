import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// Everybody who was recorded, each as loud as the listener wants.
ListView {
    id: list

    required property var player        // PlayerModel

    clip: true
    topMargin: 4
    bottomMargin: 16
    spacing: 8
    model: player.voices
    boundsBehavior: Flickable.StopAtBounds
    B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

    header: Label {
        width: list.width
        leftPadding: 12
        rightPadding: 12
        bottomPadding: 8
        visible: list.count === 0 && list.player.ready
        height: visible ? implicitHeight : 0
        wrapMode: Text.Wrap
        muted: true
        text: qsTr("The voices of this recording are not kept apart, so all are heard together.")
    }
    delegate: Column {
        id: voice

        required property string person
        required property string name
        required property int order
        required property real volume
        required property bool muted
        required property string trouble
        readonly property real room: list.width - 24

        width: list.width
        leftPadding: 12

        Label {
            width: voice.room
            role: "label"
            text: voice.name
            elide: Text.ElideRight
            font.weight: Font.DemiBold
            color: Theme.speaker(voice.order)
            Accessible.ignored: true
        }
        Item {
            visible: voice.trouble === ""
            width: voice.room
            height: Math.max(mute.height, level.height)

            IconButton {
                id: mute

                iconName: voice.muted ? "volume-x" : "volume-2"
                text: voice.muted ? qsTr("Hear %1 again").arg(voice.name) : qsTr("Mute %1").arg(voice.name)
                onClicked: list.player.mute(voice.person, !voice.muted)
            }
            Slider {
                id: level

                anchors.left: mute.right
                anchors.right: share.left
                anchors.verticalCenter: parent.verticalCenter
                from: 0
                to: list.player.loudest
                stepSize: 0.1
                name: qsTr("How loud %1 is").arg(voice.name)
                onMoved: list.player.turn(voice.person, value)

                Binding { target: level; property: "value"; value: voice.muted ? 0 : voice.volume; when: !level.pressed; restoreMode: Binding.RestoreNone }
            }
            Label {
                id: share

                role: "small"
                muted: true
                width: Math.max(implicitWidth, 48)
                horizontalAlignment: Text.AlignRight
                text: voice.muted ? qsTr("muted") : qsTr("%1 %").arg(Math.round(voice.volume * 100))
                font.features: ({ tnum: 1 })
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                Accessible.ignored: true
            }
        }
        Label {
            visible: voice.trouble !== ""
            width: voice.room
            role: "small"
            wrapMode: Text.Wrap
            color: Theme.inkWarnSoft
            text: qsTr("Their sound cannot be read, so they are not heard. The others are.")
        }
    }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Voices")
}
