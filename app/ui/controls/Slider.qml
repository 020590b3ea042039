import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A value between two ends.  Arrow keys change it by a step; whoever needs other keys handles them first.
B.Slider {
    id: slider

    property string name                // for screen readers
    property var marks: []              // places worth knowing, as values

    implicitHeight: Theme.compactHit
    implicitWidth: 120
    leftPadding: 8
    rightPadding: 8
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus

    background: Rectangle {
        x: slider.leftPadding
        y: (slider.height - height) / 2
        width: slider.availableWidth
        height: 6
        radius: 3
        color: Theme.surfaceAlt
        border.width: Theme.outline
        border.color: Theme.borderStrong

        Rectangle { width: slider.visualPosition * parent.width; height: parent.height; radius: 3; color: slider.enabled ? Theme.accent : Theme.borderStrong }
        Repeater {
            model: slider.marks

            Rectangle {
                required property real modelData

                x: (modelData - slider.from) / Math.max(0.001, slider.to - slider.from) * parent.width - 1
                y: -3
                width: 2
                height: 12
                color: Theme.borderStrong
            }
        }
    }
    handle: Rectangle {
        x: slider.leftPadding + slider.visualPosition * (slider.availableWidth - width)
        y: (slider.height - height) / 2
        width: 16
        height: 16
        radius: 8
        color: slider.pressed ? Theme.accentHover : slider.enabled ? Theme.accent : Theme.borderStrong
        border.width: 2
        border.color: Theme.surface

        FocusRing { target: slider; around: 8 }
    }
    Accessible.role: Accessible.Slider
    Accessible.name: name
}
