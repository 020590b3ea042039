import QtQuick
import QtQuick.Controls.Basic as B
import Parley.Theme
import "../controls"

// What came out of a past meeting, as one list: summary, decisions, who does what, topics, who spoke.
FocusScope {
    id: pane

    required property var model         // HistoryModel
    readonly property var result: model.result
    readonly property bool busy: result.work === "waiting" || result.work === "running"
    signal jumping(string segment)
    signal copied(string text)

    function heading(part: string): string {
        return ({ summary: qsTr("Summary"), decisions: qsTr("Decisions"), actions: qsTr("Action items"),
                  topics: qsTr("Topics"), talk: qsTr("Who spoke") })[part] ?? part
    }

    Column {
        id: head

        width: parent.width
        spacing: 8

        Flow {
            width: parent.width
            spacing: 8

            ActionButton {
                visible: pane.result.rows.count > 0
                compact: true
                iconName: "file-down"
                text: qsTr("Save the minutes")
                onClicked: forms.popup(this, 0, height)
            }
            ActionButton {
                visible: !pane.busy
                compact: true
                iconName: "rotate-ccw"
                text: pane.result.rows.count > 0 ? qsTr("Sum up again") : qsTr("Sum up")
                enabled: pane.model.lines.count > 0
                onClicked: pane.result.again("rules")
            }
            ActionButton {
                visible: !pane.busy && pane.result.hasModel
                compact: true
                iconName: "sparkles"
                text: qsTr("Let the language model write")
                enabled: pane.model.lines.count > 0
                onClicked: pane.result.again("model")
            }
            ActionButton {
                visible: pane.busy
                compact: true
                iconName: "x"
                text: qsTr("Stop")
                onClicked: pane.result.cancel()
            }
        }
        Row {
            visible: pane.busy
            width: parent.width
            spacing: 12

            Progress {
                id: bar

                width: Math.min(200, parent.width / 3)
                share: pane.result.progress
                anchors.verticalCenter: parent.verticalCenter
                Accessible.name: working.text
            }
            Label {
                id: working

                width: parent.width - bar.width - 12
                elide: Text.ElideRight
                role: "label"
                muted: true
                text: pane.result.work === "running" ? qsTr("Being summed up, %1 %").arg(Math.round(pane.result.progress * 100)) : qsTr("Will be summed up")
                anchors.verticalCenter: parent.verticalCenter
            }
        }
        Label {
            visible: text !== ""
            width: parent.width
            wrapMode: Text.Wrap
            role: "label"
            color: Theme.inkWarnSoft
            text: pane.busy || pane.result.error === "" ? "" : pane.result.work === "cancelled" ? qsTr("It was stopped.")
                : qsTr("It could not be summed up: %1").arg(pane.result.error)
        }
        Label {
            visible: text !== ""
            width: parent.width
            wrapMode: Text.Wrap
            role: "small"
            muted: true
            text: pane.result.by === "model" ? qsTr("The language model %1 wrote this; it may be wrong.").arg(pane.result.model)
                : pane.result.by === "rules" ? qsTr("Put together by rules, in the words that were said. Not everything is found. Only who agreed to captions has a part in it.")
                : ""
        }
    }
    FormsMenu { id: forms; transcript: false; onChosen: form => pane.result.export(form) }
    ListView {
        id: list

        anchors.top: head.bottom
        anchors.topMargin: 4
        anchors.bottom: parent.bottom
        width: parent.width
        clip: true
        bottomMargin: 16
        spacing: 2
        model: pane.result.rows
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        B.ScrollBar.vertical: B.ScrollBar { policy: B.ScrollBar.AsNeeded }

        delegate: B.AbstractButton {
            id: row

            required property string kind
            required property var model
            readonly property bool leads: kind === "heading"
            readonly property string words: leads ? pane.heading(model.text) : model.text
            readonly property string about: [kind === "action" && model.name === "" ? "" : kind === "talker" ? "" : model.name, model.due, model.time].filter(part => part !== "").join(" · ")

            text: words
            width: list.width
            implicitHeight: body.implicitHeight + (leads ? 20 : 12)
            hoverEnabled: true
            focusPolicy: leads ? Qt.NoFocus : Qt.StrongFocus
            Keys.onReturnPressed: click()
            Keys.onEnterPressed: click()
            onClicked: if (model.segment !== "") pane.jumping(model.segment); else if (!leads) pane.copied(words)
            background: Rectangle {
                radius: 8
                color: row.hovered && !row.leads ? Theme.hover : "transparent"
                FocusRing { target: row; around: 8 }
            }
            contentItem: Item {
                Column {
                    id: body

                    x: row.leads ? 0 : 8
                    width: parent.width - 2 * x
                    anchors.bottom: parent.bottom
                    anchors.bottomMargin: row.leads ? 4 : 6
                    spacing: 2

                    Label {
                        width: parent.width
                        role: row.leads ? "heading" : "body"
                        text: row.words
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    Progress {
                        visible: row.kind === "talker"
                        width: parent.width
                        share: row.model.share
                        Accessible.ignored: true
                    }
                    Label {
                        visible: text !== ""
                        width: parent.width
                        role: "small"
                        muted: true
                        elide: Text.ElideRight
                        font.features: ({ tnum: 1 })
                        text: row.kind === "talker" ? qsTr("%1, %2 %").arg(row.model.time).arg(Math.round(row.model.share * 100)) : row.about
                        Accessible.ignored: true
                    }
                }
            }
            Accessible.role: leads ? Accessible.Heading : Accessible.ListItem
            Accessible.name: kind === "talker" ? qsTr("%1: %2, %3 %").arg(words).arg(model.time).arg(Math.round(model.share * 100)) : [words, about].filter(part => part !== "").join(", ")
            Accessible.focusable: !leads
            Accessible.onPressAction: click()
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What came out of it")
    }
    Label {
        visible: list.count === 0 && !pane.busy
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: head.bottom
        anchors.topMargin: 32
        width: parent.width - 48
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        muted: true
        text: pane.model.lines.count === 0 ? qsTr("Nothing of what was said was written down.") : qsTr("This meeting has not been summed up yet.")
    }
}
