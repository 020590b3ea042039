pragma Singleton
import QtQuick

// The design's tokens and nothing else.  Colours are written  dark ? "<dark>" : "<light>"  so that the contrast test can
// read them; a colour that is not here does not exist.
QtObject {
    property bool dark: false
    property bool still: false          // no motion
    property bool contrast: false       // the system asks for high contrast: no soft fills, 2 px outlines
    property real textScale: 1.0        // 0.9 to 2.0
    property real captionScale: 1.0     // 0.8 to 2.0

    // surfaces
    readonly property color bg: dark ? "#0F1415" : "#F4F6F5"
    readonly property color surface: dark ? "#172021" : "#FFFFFF"
    readonly property color surfaceAlt: dark ? "#202A2B" : "#EAEEED"
    readonly property color stage: dark ? "#0A0E0F" : "#E6EBE9"
    readonly property color hover: dark ? "#2A3536" : "#DFE5E3"
    readonly property color pressed: dark ? "#344142" : "#D2DAD8"
    readonly property color softBorder: dark ? "#2C3738" : "#D3DAD8"
    readonly property color borderStrong: dark ? "#7C8B8A" : "#73807D"
    readonly property color border: contrast ? borderStrong : softBorder
    readonly property int outline: contrast ? 2 : 1

    // text
    readonly property color text: dark ? "#E8EEED" : "#16201F"
    readonly property color textMuted: dark ? "#A9B6B4" : "#4D5A58"

    // the one primary action of a screen, and "on"
    readonly property color accent: dark ? "#62CFC3" : "#0B6B63"
    readonly property color accentHover: dark ? "#7ADBD0" : "#095A53"
    readonly property color inkAccent: dark ? "#04302C" : "#FFFFFF"
    readonly property color accentSoft: dark ? "#143C39" : "#D9ECE8"
    readonly property color inkAccentSoft: dark ? "#A9E9E0" : "#0A4F49"

    // states
    readonly property color danger: dark ? "#FF9389" : "#B3261E"
    readonly property color dangerFill: dark ? "#C4342B" : "#B3261E"
    readonly property color dangerFillHover: dark ? "#B22B23" : "#971D16"
    readonly property color inkDangerFill: dark ? "#FFFFFF" : "#FFFFFF"
    readonly property color dangerSoft: dark ? "#45201D" : "#FBE4E1"
    readonly property color inkDangerSoft: dark ? "#FFC9C3" : "#7A1710"
    readonly property color warnSoft: dark ? "#3F3013" : "#FCEFD3"
    readonly property color inkWarnSoft: dark ? "#FFD993" : "#5C3A00"
    readonly property color okSoft: dark ? "#16391F" : "#DFF1E2"
    readonly property color inkOkSoft: dark ? "#A4E5B0" : "#174F26"
    readonly property color infoSoft: dark ? "#17324F" : "#E1ECF9"
    readonly property color inkInfoSoft: dark ? "#B4D4FB" : "#17457A"
    readonly property color focus: dark ? "#9CC4FF" : "#0B57D0"
    readonly property color speaking: dark ? "#4ADE93" : "#0B7A43"
    readonly property color scrim: dark ? "#B3000000" : "#80101817"

    // always over a picture, the same in both themes
    readonly property color plate: "#D90C1112"
    readonly property color inkPlate: "#FFFFFF"
    readonly property color mutedOnPlate: "#FFB4AC"
    readonly property color speakingOnPlate: "#4ADE93"
    readonly property color captionPlate: "#000000"
    readonly property color captionYellow: "#FFE14D"
    readonly property color tailOnPlate: "#B9C2C1"

    readonly property var speakersOnDark: ["#5FD0C4", "#8AB8FF", "#BBA4FF", "#F59AD6", "#FFA58A", "#CFD35C", "#86D489", "#E3B778"]
    readonly property var speakers: dark ? speakersOnDark
        : ["#0B6B63", "#1D5BB8", "#6C3FC0", "#A3217D", "#A83A1D", "#5E6300", "#2A6B2A", "#7A4B12"]
    function speaker(order: int): color { return speakers[order % speakers.length] }
    function speakerOnPlate(order: int): color { return speakersOnDark[order % speakersOnDark.length] }

    // type, px
    readonly property int display: Math.round(28 * textScale)
    readonly property int title: Math.round(20 * textScale)
    readonly property int heading: Math.round(16 * textScale)
    readonly property int body: Math.round(14 * textScale)
    readonly property int label: Math.round(13 * textScale)
    readonly property int small: Math.round(12 * textScale)
    readonly property int caption: Math.round(20 * captionScale)

    // shape
    readonly property int chipRadius: 6
    readonly property int radius: 10
    readonly property int cardRadius: 14
    readonly property int hit: Math.max(40, Math.round(26 * textScale) + 14)
    readonly property int compactHit: Math.max(32, Math.round(20 * textScale) + 12)

    // motion, ms
    readonly property int fast: still ? 0 : 120
    readonly property int medium: still ? 0 : 200
    readonly property int slow: still ? 0 : 280
}
