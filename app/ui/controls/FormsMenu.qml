import QtQuick
import Parley.Theme

// The forms a transcript can be had in, or minutes.
Menu {
    id: forms

    property bool transcript: true      // with times, so as subtitles too
    signal chosen(string form)

    component Form: MenuRow {
        required property string form

        iconName: "file-down"
        onTriggered: forms.chosen(form)
    }

    Form { form: "txt"; text: qsTr("Plain text") }
    Form { form: "md"; text: qsTr("Markdown") }
    Form { form: "docx"; text: qsTr("Word document") }
    Form { form: "vtt"; text: qsTr("Subtitles, WebVTT"); visible: forms.transcript }
    Form { form: "srt"; text: qsTr("Subtitles, SRT"); visible: forms.transcript }
    Form { form: "json"; text: qsTr("JSON, for programs") }
}
