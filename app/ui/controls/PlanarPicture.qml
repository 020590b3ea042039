import QtQuick
import QtQuick.Effects
import QtMultimedia

// What a `LivePicture` shows, converted, cropped, mirrored and rounded by the graphics card.
Item {
    id: drawn

    required property var tile

    VideoOutput {
        id: output

        anchors.fill: parent
        fillMode: drawn.tile.whole ? VideoOutput.PreserveAspectFit : VideoOutput.PreserveAspectCrop
        visible: false
        layer.enabled: true
    }
    Rectangle {
        id: shape

        anchors.fill: parent
        radius: drawn.tile.radius
        visible: false
        layer.enabled: true
    }
    MultiEffect {
        anchors.fill: parent
        source: output
        maskEnabled: true
        maskSource: shape
        maskThresholdMin: 0.5
        maskSpreadAtMin: 1
        transform: Scale { origin.x: drawn.width / 2; xScale: drawn.tile.mirrored ? -1 : 1 }
    }
    Component.onCompleted: tile.sink = output.videoSink
}
