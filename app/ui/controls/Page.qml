import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme

// A form: one column, at most 1040 wide, that scrolls when the window is short.
Rectangle {
    id: page

    default property alias content: column.data
    readonly property bool narrow: width < 720
    readonly property real columnWidth: Math.min(width - (narrow ? 32 : 64), 1040)

    color: Theme.bg

    Flickable {
        id: scroll

        anchors.fill: parent
        contentHeight: column.y + column.implicitHeight + 32
        boundsBehavior: Flickable.StopAtBounds
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        // What is reached by keyboard is brought into sight; the focus of a new screen must not scroll its head away.
        readonly property Item focused: page.Window.activeFocusItem
        onFocusedChanged: {
            if (!focused || ![Qt.TabFocusReason, Qt.BacktabFocusReason].includes(focused.focusReason)) return
            const place = focused.mapToItem(scroll.contentItem, 0, 0)
            if (place.y < contentY) contentY = Math.max(0, place.y - 24)
            else if (place.y + focused.height > contentY + height) contentY = place.y + focused.height - height + 24
        }

        Column {
            id: column

            width: page.columnWidth
            anchors.horizontalCenter: parent.horizontalCenter
            y: page.narrow ? 16 : 24
            spacing: page.narrow ? 20 : 24
        }
    }
}
