import QtQuick
import Parley.Theme
import "../controls"

// Where the recording stands, and what moves it.
Column {
    id: bar

    required property var player        // PlayerModel
    property bool full: false
    readonly property bool asking: speeds.opened
    readonly property int whole: Math.floor(player.second)
    readonly property string place: qsTr("%1 of %2").arg(player.clock(whole)).arg(player.clock(player.length))
    signal fullWanted()

    spacing: 4

    Slider {
        id: seek

        width: parent.width
        name: qsTr("Position: %1").arg(bar.place)
        enabled: bar.player.ready
        from: 0
        to: Math.max(1, bar.player.length)
        marks: bar.player.chapter_starts
        live: false
        onPressedChanged: if (!pressed) bar.player.seek(value)
        Keys.onLeftPressed: bar.player.step(-5)
        Keys.onRightPressed: bar.player.step(5)

        // Not while somebody holds it.
        Binding { target: seek; property: "value"; value: bar.player.second; when: !seek.pressed; restoreMode: Binding.RestoreNone }
        Tip {
            visible: seek.pressed || hover.hovered
            delay: 0
            x: Math.max(0, Math.min(seek.width - width, at * seek.width - width / 2))
            text: bar.player.clock(seek.valueAt(at))

            readonly property real at: seek.pressed ? seek.visualPosition : Math.max(0, Math.min(1, (hover.point.position.x - seek.leftPadding) / Math.max(1, seek.availableWidth)))
        }
        HoverHandler { id: hover }
    }
    Flow {
        width: parent.width

        IconButton { iconName: bar.player.playing ? "pause" : "play"; text: bar.player.playing ? qsTr("Pause") : qsTr("Play"); keys: "K"; enabled: bar.player.ready; onClicked: bar.player.toggle() }
        IconButton { iconName: "rotate-ccw"; text: qsTr("10 seconds back"); keys: "J"; enabled: bar.player.ready; onClicked: bar.player.step(-10) }
        IconButton { iconName: "rotate-cw"; text: qsTr("10 seconds on"); keys: "L"; enabled: bar.player.ready; onClicked: bar.player.step(10) }
        ActionButton {
            compact: true
            kind: "quiet"
            iconName: "gauge"
            text: qsTr("%1×").arg(bar.player.rate)
            enabled: bar.player.ready
            height: Theme.hit
            onClicked: speeds.popup(this, 0, -speeds.implicitHeight)
            Accessible.name: qsTr("Speed: %1").arg(text)
        }
        IconButton { iconName: bar.full ? "minimize" : "maximize"; text: bar.full ? qsTr("Leave full screen") : qsTr("Full screen"); keys: "F"; onClicked: bar.fullWanted() }
        Label {
            role: "label"
            text: bar.place
            font.features: ({ tnum: 1 })
            height: Theme.hit
            leftPadding: 4
        }
    }
    Menu {
        id: speeds

        Repeater {
            model: bar.player.rates

            MenuRow {
                required property real modelData

                iconName: modelData === bar.player.rate ? "check" : ""
                text: qsTr("%1×").arg(modelData)
                onTriggered: bar.player.set_rate(modelData)
            }
        }
    }
}
