import QtQuick
import QtQuick.Shapes
import Parley.Theme

// A small curve over time, and thinner a second one that it should follow.  Decoration: the sentence beside it says it.
Item {
    id: plot

    property var values: []
    property var others: []

    implicitWidth: 120
    implicitHeight: 40
    Accessible.ignored: true

    function line(numbers: var): var {
        const low = Math.min(...numbers), high = Math.max(...numbers)
        const tall = high > low ? (height - 8) / (high - low) : 0
        return numbers.map((number, place) => Qt.point(4 + place * (width - 8) / Math.max(1, numbers.length - 1), tall ? height - 4 - (number - low) * tall : height / 2))
    }

    component Curve: ShapePath {
        property var numbers: []

        strokeWidth: 2
        fillColor: "transparent"
        joinStyle: ShapePath.RoundJoin
        PathPolyline { path: numbers.length > 1 ? plot.line(numbers) : [] }
    }

    Rectangle { visible: plot.values.length > 1; anchors.fill: parent; radius: Theme.chipRadius; color: Theme.surfaceAlt }
    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        Curve { numbers: plot.others; strokeColor: Theme.borderStrong; strokeWidth: 1 }
        Curve { numbers: plot.values; strokeColor: Theme.accent }
    }
}
