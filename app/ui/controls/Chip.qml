import QtQuick
import Parley.Theme

// A small state: always a word or an icon, never only a colour.
Rectangle {
    id: chip

    property string text
    property string iconName
    property string tone: "plain"   // plain | ok | warn | danger | info | accent | plate

    readonly property color ink: ({ plain: Theme.text, ok: Theme.inkOkSoft, warn: Theme.inkWarnSoft, danger: Theme.inkDangerSoft,
                                    info: Theme.inkInfoSoft, accent: Theme.inkAccentSoft, plate: Theme.inkPlate })[tone]
    readonly property color fill: ({ plain: Theme.surfaceAlt, ok: Theme.okSoft, warn: Theme.warnSoft, danger: Theme.dangerSoft,
                                     info: Theme.infoSoft, accent: Theme.accentSoft, plate: Theme.plate })[tone]

    implicitHeight: Math.max(24, Theme.small + 12)
    implicitWidth: row.implicitWidth + 16
    radius: Theme.chipRadius
    color: Theme.contrast && tone !== "plate" ? Theme.surface : fill
    border.width: Theme.contrast ? 2 : 0
    border.color: ink

    Row {
        id: row

        anchors.centerIn: parent
        spacing: 5

        Icon {
            visible: chip.iconName !== ""
            name: chip.iconName
            size: 14
            color: chip.ink
            anchors.verticalCenter: parent.verticalCenter
        }
        Label {
            visible: chip.text !== ""
            text: chip.text
            role: "small"
            font.weight: Font.Medium
            color: chip.ink
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }

    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
