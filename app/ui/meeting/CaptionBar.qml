import QtQuick
import Parley.Theme
import "../controls"

// Two lines, newest last.  Committed words never move; the tail is dim.  The height is fixed, so nothing else moves either.
Rectangle {
    id: bar

    required property var meeting
    required property var chosen        // the reader's choices
    readonly property var lines: meeting.lines
    readonly property bool plate: chosen.caption_look !== "card"
    readonly property color ink: chosen.caption_look === "yellow" ? Theme.captionYellow : plate ? Theme.inkPlate : Theme.text

    readonly property bool stacked: width < 560 * Theme.captionScale     // the name stands above the words
    readonly property int lineHeight: Math.round(Theme.caption * 1.5)
    readonly property int namePixels: Math.round(Theme.caption * 0.8)
    readonly property int nameHeight: Math.round(namePixels * 1.4)
    readonly property int nameWidth: stacked ? 0 : Math.round(160 * Theme.captionScale)
    readonly property int inset: 20
    readonly property int textWidth: width - 2 * inset - nameWidth - (nameWidth ? 12 : 0)

    onTextWidthChanged: Qt.callLater(refit)
    Component.onCompleted: refit()
    Connections {
        target: Theme
        function onCaptionChanged() { Qt.callLater(bar.refit) }
    }

    // Two pixels of slack: the scene graph may round a glyph differently than the ruler.
    function refit(): void { lines.fit(textWidth - 2, Theme.caption) }

    readonly property var translation: meeting.translation
    readonly property int translationHeight: translation.on ? Math.round(Theme.caption * 0.8 * 1.4) * 2 + 6 : 0

    implicitHeight: 2 * lineHeight + (stacked ? 2 * nameHeight : 0) + 22 + translationHeight
    radius: Theme.cardRadius
    color: plate ? Theme.captionPlate : Theme.surface
    border.width: plate ? 0 : Theme.outline
    border.color: Theme.border

    Label {
        visible: bar.lines.count === 0
        muted: true
        text: qsTr("Captions appear here when somebody speaks.")
        width: parent.width - 2 * bar.inset
        wrapMode: Text.Wrap
        anchors.centerIn: parent
        horizontalAlignment: Text.AlignHCenter
    }
    Column {
        x: bar.inset
        y: 11
        width: parent.width - 2 * bar.inset
        clip: true

        Repeater {
            model: bar.lines

            Item {
                id: row

                required property string speaker
                required property int order
                required property bool named
                required property string committed
                required property string tail

                width: parent.width
                height: bar.lineHeight + (bar.stacked && named ? bar.nameHeight : 0)

                Text {
                    visible: row.named
                    text: row.speaker
                    textFormat: Text.PlainText
                    renderType: Text.NativeRendering
                    elide: Text.ElideRight
                    width: bar.stacked ? parent.width : bar.nameWidth
                    color: bar.plate ? Theme.speakerOnPlate(row.order) : Theme.speaker(row.order)
                    font.pixelSize: bar.namePixels
                    font.weight: Font.DemiBold
                    y: bar.stacked ? 0 : words.y + words.baselineOffset - baselineOffset
                    Accessible.ignored: true
                }
                Text {
                    id: words

                    x: bar.nameWidth + (bar.nameWidth ? 12 : 0)
                    y: row.height - bar.lineHeight + Math.round((bar.lineHeight - implicitHeight) / 2)
                    text: row.committed
                    textFormat: Text.PlainText
                    renderType: Text.NativeRendering
                    color: bar.ink
                    font.pixelSize: Theme.caption
                    Accessible.ignored: true
                }
                Text {
                    x: words.x + words.advance.width
                    y: words.y
                    width: Math.max(0, row.width - x)
                    text: row.tail
                    textFormat: Text.PlainText
                    renderType: Text.NativeRendering
                    color: bar.plate ? Theme.tailOnPlate : Theme.textMuted
                    font.pixelSize: Theme.caption
                    Accessible.ignored: true
                }

                Accessible.role: Accessible.StaticText
                Accessible.name: row.committed ? qsTr("%1: %2").arg(row.speaker).arg(row.committed) : row.speaker
            }
        }
    }
    // Two lines of their own, kept free while they are wanted: nothing moves when one comes.
    Text {
        visible: bar.translation.on
        x: bar.inset
        y: parent.height - bar.translationHeight - 5
        width: parent.width - 2 * bar.inset
        height: bar.translationHeight
        text: bar.translation.text ? qsTr("%1, in English: %2").arg(bar.translation.speaker).arg(bar.translation.text) : ""
        textFormat: Text.PlainText
        renderType: Text.NativeRendering
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        color: bar.plate ? Theme.tailOnPlate : Theme.textMuted
        font.pixelSize: Math.round(Theme.caption * 0.8)
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    // Beside the words: a full line would run under it.
    Chip {
        visible: bar.meeting.delay > 0
        tone: "warn"
        iconName: "clock"
        text: qsTr("%1 s late").arg(bar.meeting.delay)
        anchors.right: parent.right
        y: bar.chosen.caption_place === "above" ? parent.height + 4 : -height - 4
    }

    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Live captions")
}
