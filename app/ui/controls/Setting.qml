import QtQuick
import Parley.Theme

// Where Parley is used: at work and at school some guesses about people are forbidden.
Column {
    id: setting

    required property var preferences

    spacing: 8

    Options {
        width: parent.width
        label: qsTr("Where do you use Parley?")
        value: setting.preferences.values.setting
        options: [
            { value: "work", text: qsTr("At work") },
            { value: "school", text: qsTr("At school") },
            { value: "private", text: qsTr("Privately") },
        ]
        onChosen: value => setting.preferences.choose("setting", value)
    }
    Label {
        width: parent.width
        role: "label"
        muted: true
        wrapMode: Text.Wrap
        text: qsTr("At work and at school nobody may guess the emotions of others from their faces. There, guesses about your face are shown to you alone, and only if you turn them on.")
    }
}
