"""Meetings that were held here: read, searched, deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from app.viewmodels.history import AttendeeRow, HitRow, LineRow, MeetingRow, Opened
from app.viewmodels.outcome import Outcome, OutcomeRow
from tests.ui.looking import act, click, cut, item_with, names, press, shows, type_in
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]
REVIEW = MeetingRow("m1", "<b>Weekly</b> design review " * 4, 1.7e12, 52, 5, live=False)
NOW = MeetingRow("m2", "Going on", 1.7e12 + 9e6, 3, 2, live=True)
ONE = Opened(
    REVIEW,
    [AttendeeRow("p1", "Ana Costa"), AttendeeRow("p2", "Oskar Lindqvist")],
    [
        LineRow("s1", "Ana Costa", 0, "0:12", "It is on the second page.", headed=True),
        LineRow("s2", "Oskar Lindqvist", 1, "0:20", "Yes. " * 60, headed=True),
    ],
)
HIT = HitRow("m1/line/s2", "m1", "s2", "Weekly design review", "Oskar Lindqvist", "0:20", "Yes. " * 60)


def look(stage: Stage, *, one: bool = False) -> list[tuple[str, ...]]:
    """The screen, answered as the store would; what was wished for."""
    wishes: list[tuple[str, ...]] = []
    past = stage.desk.parley.past
    past.opened.connect(lambda: past.show_meetings([NOW, REVIEW]))
    past.opening_wanted.connect(lambda meeting: (wishes.append(("read", meeting)), past.show_one(ONE)))
    past.search_wanted.connect(lambda query: (wishes.append(("search", query)), past.show_hits(query, [HIT])))
    past.deleting_wanted.connect(lambda meeting: wishes.append(("delete", meeting)))
    past.forgetting_wanted.connect(lambda meeting, person: wishes.append(("forget", meeting, person)))
    past.export_wanted.connect(lambda meeting, form: wishes.append(("export", meeting, form)))
    act(stage, "history")
    if one:
        past.read("m1")
        settle()
    return wishes


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_the_list_a_meeting_and_the_question_before_deleting_fit(
    stage: MakeStage, language: str, theme: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, theme=theme, text_scale=scale)
    shown.resize(width, height)
    look(shown)
    assert cut(shown) == []

    shown.desk.parley.past.read("m1")
    settle()
    assert cut(shown) == []
    click(shown, "Delete the meeting…" if language == "en" else "删除会议…")
    shown.window.grabWindow()
    assert cut(shown) == []


def test_a_computer_where_nothing_was_held_says_so_and_escape_goes_home(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.parley.past.opened.connect(lambda: shown.desk.parley.past.show_meetings([]))

    click(shown, "Meetings held here")
    sentence = "No meeting was held on this computer yet. Meetings that you host stay here until you delete them."
    assert shows(shown, sentence)

    press(shown, Qt.Key.Key_Escape)
    assert not shows(shown, sentence)


def test_a_meeting_is_found_by_its_words_and_read_at_that_line(stage: MakeStage) -> None:
    shown = stage()
    wishes = look(shown)

    type_in(shown, "yes")
    shown.window.grabWindow()  # lays the list out
    item_with(shown, "Oskar Lindqvist").forceActiveFocus()
    press(shown, Qt.Key.Key_Return)

    assert wishes == [("search", "y"), ("search", "ye"), ("search", "yes"), ("read", "m1")]
    focused = shown.window.activeFocusItem()
    assert focused is not None
    assert focused.property("text") == "Yes. " * 60
    assert any(name.startswith("Ana Costa, 0:12") for name in names(shown, QAccessible.Role.ListItem))


def test_deleting_asks_first_and_escape_keeps(stage: MakeStage) -> None:
    shown = stage()
    wishes = look(shown, one=True)

    click(shown, "Delete the meeting…")
    press(shown, Qt.Key.Key_Escape)
    assert wishes == [("read", "m1")]

    click(shown, "Delete the meeting…")
    click(shown, "Delete")
    assert wishes[-1] == ("delete", "m1")

    shown.desk.parley.past.show_meetings([NOW])
    settle()
    assert shows(shown, "Choose a meeting to read what was said.")

    click(shown, "Delete all meetings…")
    click(shown, "Delete")
    assert wishes[-1] == ("delete", "")


def test_one_persons_words_are_deleted_and_the_others_stay(stage: MakeStage) -> None:
    shown = stage()
    wishes = look(shown, one=True)

    click(shown, "Delete one person’s words…")
    click(shown, "Oskar Lindqvist")
    click(shown, "Delete")

    assert wishes[-1] == ("forget", "m1", "p2")


def test_a_meeting_that_goes_on_cannot_be_deleted(stage: MakeStage) -> None:
    shown = stage()
    past = shown.desk.parley.past
    look(shown)
    past.show_one(Opened(NOW, [], []))
    settle()

    assert not item_with(shown, "Delete the meeting…").isEnabled()


def test_a_store_that_cannot_be_read_is_said(stage: MakeStage) -> None:
    shown = stage(language="zh")
    shown.desk.parley.past.opened.connect(lambda: shown.desk.parley.past.refuse("unsupported"))

    act(shown, "history")

    assert shows(shown, "您与主持人的 Parley 版本不同。请双方都更新。") or any(
        "Parley" in str(item.property("text")) and "版本" in str(item.property("text")) for item in shown.items()
    )


SUMMED = Outcome(
    [
        OutcomeRow("decisions", "heading", "decisions"),
        OutcomeRow("d1", "point", "We have decided to wait. " * 6, "Oskar Lindqvist", 1, "0:20", "s2"),
        OutcomeRow("talk", "heading", "talk"),
        OutcomeRow("p1", "talker", "Ana Costa " * 6, "Ana Costa", 0, "24:10", share=0.62),
    ],
    by="rules", has_model=True,
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_what_came_out_of_it_fits_also_while_it_is_found_out_or_when_it_failed(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, theme="light", text_scale=scale)
    shown.resize(width, height)
    look(shown, one=True)
    click(shown, "Minutes and topics" if language == "en" else "纪要和话题")
    result = shown.desk.parley.past.outcome

    for outcome in (
        SUMMED, replace(SUMMED, work="running", progress=0.4), replace(SUMMED, work="failed", error="Nothing. " * 9),
    ):  # fmt: skip
        result.show(outcome)
        settle()
        shown.window.grabWindow()
        assert cut(shown) == []


def test_a_decision_leads_to_the_line_in_which_it_was_made_and_minutes_are_made_again_and_saved(
    stage: MakeStage,
) -> None:
    shown = stage()
    wishes = look(shown, one=True)
    result = shown.desk.parley.past.outcome
    result.again_wanted.connect(lambda how: wishes.append(("again", how)))
    result.export_wanted.connect(lambda form: wishes.append(("minutes", form)))
    click(shown, "Minutes and topics")
    result.show(SUMMED)
    settle()

    click(shown, "Sum up again")
    click(shown, "Let the language model write")
    click(shown, "Save the minutes")
    click(shown, "Word document")
    assert wishes[1:] == [("again", "rules"), ("again", "model"), ("minutes", "docx")]
    assert not shows(shown, "Subtitles, SRT")

    shown.window.grabWindow()
    item_with(shown, SUMMED.rows[1].text).forceActiveFocus()
    press(shown, Qt.Key.Key_Return)
    focused = shown.window.activeFocusItem()
    assert focused is not None
    assert focused.property("text") == "Yes. " * 60
