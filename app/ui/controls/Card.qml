import QtQuick
import Parley.Theme

// A surface with a border.  Grows with what is in it.
Rectangle {
    default property alias content: column.data
    property int inset: 24
    property alias spacing: column.spacing

    implicitHeight: column.implicitHeight + 2 * inset
    radius: Theme.cardRadius
    color: Theme.surface
    border.width: Theme.outline
    border.color: Theme.border

    Column {
        id: column

        x: parent.inset
        y: parent.inset
        width: parent.width - 2 * parent.inset
        spacing: 16
    }
}
