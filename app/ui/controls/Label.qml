import QtQuick
import Parley.Theme

// Text in one of the design's roles.  Always plain: names and captions are never markup.
Text {
    id: label

    property string role: "body"    // display | title | heading | body | label | small
    property bool muted: false

    readonly property int pixels: ({ display: Theme.display, title: Theme.title, heading: Theme.heading,
                                     body: Theme.body, label: Theme.label, small: Theme.small })[role]
    readonly property bool leads: role === "display" || role === "title" || role === "heading"

    color: muted ? Theme.textMuted : Theme.text
    font.pixelSize: pixels
    font.weight: leads ? Font.DemiBold : Font.Normal
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.round(pixels * ({ display: 1.3, title: 1.35, heading: 1.45, body: 1.45, label: 1.4, small: 1.35 })[role])
    verticalAlignment: Text.AlignVCenter
    textFormat: Text.PlainText
    renderType: Text.NativeRendering

    Accessible.role: leads ? Accessible.Heading : Accessible.StaticText
    Accessible.name: text
}
