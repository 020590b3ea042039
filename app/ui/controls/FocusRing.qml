import QtQuick
import Parley.Theme

// 2 px of focus colour, 2 px away from what has it; only for those who came by keyboard.
Rectangle {
    property Item target: parent
    property real around: Theme.radius

    anchors.fill: parent
    anchors.margins: -4
    radius: around + 4
    color: "transparent"
    border.width: 2
    border.color: Theme.focus
    visible: target !== null && target.activeFocus && (target.visualFocus === undefined || target.visualFocus)
}
