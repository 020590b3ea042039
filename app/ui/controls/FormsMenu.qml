import QtQuick
import Parley.Theme

// The forms a transcript can be had in, or minutes.
Menu {
    id: forms

    property bool transcript: true      // with times, so as subtitles too
    signal chosen(string form)

    Repeater {
        model: [
            { form: "txt", text: qsTr("Plain text") },
            { form: "md", text: qsTr("Markdown") },
            { form: "docx", text: qsTr("Word document") },
            { form: "vtt", text: qsTr("Subtitles, WebVTT") },
            { form: "srt", text: qsTr("Subtitles, SRT") },
            { form: "json", text: qsTr("JSON, for programs") },
        ].filter(each => forms.transcript || (each.form !== "vtt" && each.form !== "srt"))

        MenuRow {
            required property var modelData

            iconName: "file-down"
            text: modelData.text
            onTriggered: forms.chosen(modelData.form)
        }
    }
}
