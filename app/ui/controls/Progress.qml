import QtQuick
import Parley.Theme

// How far something is: a bar, and the same in words beside it.
Rectangle {
    id: bar

    property real share: 0      // 0 to 1

    implicitHeight: 8
    radius: 4
    color: Theme.surfaceAlt
    border.width: Theme.outline
    border.color: Theme.borderStrong

    Rectangle {
        width: Math.max(bar.radius * 2, bar.width * Math.min(1, bar.share))
        height: bar.height
        radius: bar.radius
        color: Theme.accent
    }

    Accessible.role: Accessible.ProgressBar
}
