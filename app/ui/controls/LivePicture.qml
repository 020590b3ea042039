import QtQuick
import Parley.Video

// A source's newest picture: painted, or drawn by the graphics card where there is one.
VideoTile {
    id: tile

    Loader {
        anchors.fill: parent
        active: tile.pictures !== null && tile.pictures.takes_planes
        Component.onCompleted: setSource("PlanarPicture.qml", { tile: tile })
    }
}
