"""The transcript pane: put right, jump, export."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtQuick import QQuickItem

from sfu.wire import messages as wire
from tests.ui.fake_engine import LINK, PEOPLE, conversation, live
from tests.ui.looking import click, cut, names, press, shows
from tests.ui.stage import Stage, component, settle

MakeStage = Callable[..., Stage]
Key = Qt.Key
SIZES = [(360, 720, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]


def meet(stage: Stage, you: str = "p2") -> None:
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(*live(*PEOPLE, you=you), *conversation())
    settle()
    if not any(component(item) == "TranscriptPane" for item in stage.items()):
        press(stage, Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def line(stage: Stage, text: str) -> QQuickItem:
    found = [item for item in stage.items() if item.property("segment") is not None and item.property("text") == text]
    return found[0]


SAID = "It is on the second page, under the heading about numbers."
OTHERS = "You can try it with a long sentence."


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_putting_words_right_fits(stage: MakeStage, language: str, width: int, height: int, scale: float) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    meet(shown)

    line(shown, SAID).forceActiveFocus()
    press(shown, Key.Key_Return)
    assert cut(shown) == []
    click(shown, "Put the words right…" if language == "en" else "更正文字…")
    shown.window.grabWindow()
    assert cut(shown) == []


def test_own_words_are_put_right_by_keyboard(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    line(shown, SAID).forceActiveFocus()
    press(shown, Key.Key_Return)
    click(shown, "Put the words right…")

    press(shown, Key.Key_N)  # the old words are selected
    press(shown, Key.Key_O)
    press(shown, Key.Key_Return)

    assert shown.engine.sent[-1] == wire.Correct(segment="s6", text="no")
    corrected = wire.Corrected(segment="s6", text="no", by="p2", name="Ana Costa", revision=1, at=1460.0)
    shown.engine.say(corrected)
    settle()
    assert line(shown, "no").property("mine")
    assert not [item for item in shown.items() if item.property("segment") == "s6" and item.property("text") == SAID]


def test_words_of_others_are_the_hosts_to_put_right(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    line(shown, OTHERS).forceActiveFocus()
    press(shown, Key.Key_Return)
    assert "Put the words right…" not in names(shown, QAccessible.Role.MenuItem)
    click(shown, "Copy the line")
    assert QGuiApplication.clipboard().text() == OTHERS

    host = stage()
    meet(host, you="p0")
    line(host, OTHERS).forceActiveFocus()
    press(host, Key.Key_Return)
    assert "Put the words right…" in names(host, QAccessible.Role.MenuItem)


def test_from_what_was_found_one_jumps_to_its_place(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    transcript = shown.desk.meeting.transcript  # type: ignore[union-attr]
    transcript.search("long sentence")
    settle()
    line(shown, OTHERS).forceActiveFocus()
    press(shown, Key.Key_Return)

    click(shown, "Show what was said around it")

    assert transcript.query == ""
    assert shown.window.activeFocusItem() is line(shown, OTHERS)


@pytest.mark.parametrize("form", ["txt", "md", "srt", "vtt", "json", "docx"])
def test_the_transcript_is_saved_in_the_form_that_was_chosen(stage: MakeStage, tmp_path: Path, form: str) -> None:
    shown = stage()
    meet(shown)
    shown.desk.choose_file = lambda suggestion: str(tmp_path / suggestion)

    shown.desk.meeting.export(form)  # type: ignore[union-attr]
    settle()

    file = tmp_path / f"Weekly design review.{form}"
    assert shows(shown, f"Saved: {file}")
    if form == "docx":
        assert SAID in "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    elif form == "json":
        assert json.loads(file.read_text("utf-8"))["lines"][0]["name"] == "张伟"
    else:
        assert SAID in file.read_text("utf-8").replace("\\", "")


def test_a_folder_that_takes_no_file_is_said_and_closing_the_dialog_saves_nothing(
    stage: MakeStage, tmp_path: Path
) -> None:
    shown = stage()
    meet(shown)
    shown.desk.choose_file = lambda suggestion: str(tmp_path / "none" / suggestion)
    shown.desk.meeting.export("txt")  # type: ignore[union-attr]
    settle()
    assert shows(shown, "It could not be saved there. Choose another folder.")

    shown.desk.choose_file = lambda suggestion: ""
    shown.desk.meeting.export("txt")  # type: ignore[union-attr]
    assert list(tmp_path.iterdir()) == []
