import QtQuick
import Parley.Theme
import "../controls"

// A box that follows a face, and what it seems to show: a word that always says that it is a guess.
Item {
    id: face

    required property var guess          // sfu.wire Face, or undefined
    required property rect place         // where it lies in this item

    visible: guess !== undefined

    Rectangle {
        x: face.place.x
        y: face.place.y
        width: face.place.width
        height: face.place.height
        radius: Theme.chipRadius
        color: "transparent"
        border.width: 2
        border.color: Theme.inkPlate
        opacity: 0.8
    }
    Rectangle {
        id: plate

        readonly property real under: face.place.y + face.place.height + 4

        // Below the face where there is room, else at its chin; never outside the tile, never over the name.
        x: Math.max(4, Math.min(face.width - width - 4, face.place.x + (face.place.width - width) / 2))
        y: Math.max(4, Math.min(face.height - height - 44, under))
        width: Math.min(words.implicitWidth + 12, face.width - 8)
        height: words.implicitHeight + 4
        radius: Theme.chipRadius
        color: Theme.plate

        Label {
            id: words

            anchors.centerIn: parent
            width: Math.min(implicitWidth, face.width - 20)
            role: "small"
            font.weight: Font.Medium
            color: Theme.inkPlate
            elide: Text.ElideRight
            text: face.guess ? Wording.guess(face.guess.label, face.guess.unclear) : ""
            Accessible.ignored: true
        }
    }
}
