import QtQuick
import QtQuick.Window
import Parley.Theme

// A line icon in any colour.  Tinted by the image provider, not by a shader, so software rendering shows it too.
Image {
    property string name
    property color color: Theme.text
    property int size: 20

    width: size
    height: size
    sourceSize: Qt.size(size * Screen.devicePixelRatio, size * Screen.devicePixelRatio)
    source: name ? "image://icon/" + name + "/" + String(color).slice(-6) : ""
    Accessible.ignored: true
}
