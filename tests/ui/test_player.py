"""The player of a recording: what is seen, pressed and read; nothing is decoded here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from app.session.playback import Chapter, Reel, Spoken, Voice
from app.ui.video import Pictures
from app.viewmodels.history import RecordingRow
from app.viewmodels.player import PlayerModel
from tests.ui.looking import act, click, cut, item_with, names, press, shows
from tests.ui.scenes import meeting
from tests.ui.stage import Stage, settle
from tests.ui.test_history import SIZES, look

MakeStage = Callable[..., Stage]
LONG = "It is on the second page, and nobody has read it. " * 4
NAMES = ("Ana Costa", "Oskar Lindqvist")
REEL = Reel(
    "m1/r1", "", 3725.0, "film.mp4",
    [Voice("p1", "Ana Costa " * 5, 0, "p1"), Voice("p2", "Oskar Lindqvist", 1, "p2")],
    [
        Spoken(f"s{n}", f"p{n % 2 + 1}", NAMES[n % 2], n % 2, n * 10.0, n * 10.0 + 8, f"{n}. {LONG}")
        for n in range(40)
    ],
    [Chapter(0.0, "start"), Chapter(120.0, "joined", "Oskar Lindqvist"), Chapter(300.0, "resumed")],
)  # fmt: skip


def watch(stage: Stage, reel: Reel = REEL) -> tuple[PlayerModel, list[tuple[object, ...]]]:
    """A meeting whose recording is played; what was wished for."""
    look(stage, one=True)
    player, wishes = stage.desk.parley.cinema, list[tuple[object, ...]]()
    player.pausing_wanted.connect(lambda paused: wishes.append(("pause", paused)))
    player.seeking_wanted.connect(lambda second: wishes.append(("seek", second)))
    player.rate_wanted.connect(lambda rate: wishes.append(("rate", rate)))
    player.turning_wanted.connect(lambda gains: wishes.append(("turn", gains)))
    player.leaving_wanted.connect(player.end)
    player.begin("Weekly design review", Pictures(stage.desk), elsewhere=True)
    settle()
    player.show_reel(reel, 0.0, 1.0)
    player.show_standing(0.0, playing=True, waits=False)
    settle()
    return player, wishes


def lines_of(stage: Stage) -> QQuickItem:
    return next(item for item in stage.items() if item.property("following") is not None)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_the_player_and_all_its_parts_fit(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    player, _ = watch(shown)
    parts = [("Transcript", "Voices", "Chapters"), ("文字记录", "声音", "章节")][language == "zh"]

    for part in parts:
        click(shown, part)
        shown.window.grabWindow()
        assert cut(shown) == []

    player.silence("No speaker was found.")
    player.lose(True)
    player.mute_for_good("p2", "damaged")
    settle()
    assert cut(shown) == []
    player.refuse("gone")
    settle()
    shown.window.grabWindow()
    assert cut(shown) == []


def test_keys_play_pause_jump_and_change_the_speed(stage: MakeStage) -> None:
    shown = stage()
    player, wishes = watch(shown)
    player.show_standing(100.0, playing=True, waits=False)

    for key in (Qt.Key.Key_Space, Qt.Key.Key_K, Qt.Key.Key_J, Qt.Key.Key_L, Qt.Key.Key_Right, Qt.Key.Key_Left):
        press(shown, key)
    sought = [("seek", second) for second in (90.0, 100.0, 105.0, 100.0)]
    assert wishes == [("pause", True), ("pause", True), *sought]

    wishes.clear()
    press(shown, Qt.Key.Key_Greater, Qt.KeyboardModifier.ShiftModifier)
    press(shown, Qt.Key.Key_Less, Qt.KeyboardModifier.ShiftModifier)
    press(shown, Qt.Key.Key_Less, Qt.KeyboardModifier.ShiftModifier)
    assert wishes == [("rate", 1.25), ("rate", 1.0), ("rate", 0.75)]

    wishes.clear()
    press(shown, Qt.Key.Key_PageDown)
    press(shown, Qt.Key.Key_Home)
    assert wishes == [("seek", 120.0), ("seek", 0.0)]


def test_space_pauses_also_where_a_button_has_the_focus(stage: MakeStage) -> None:
    shown = stage()
    _, wishes = watch(shown)

    item_with(shown, "10 seconds back").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    press(shown, Qt.Key.Key_Space)
    assert wishes == [("pause", True)]

    press(shown, Qt.Key.Key_Return)
    assert wishes[-1] == ("seek", 0.0)


def test_escape_leaves_full_screen_first_and_then_the_player(stage: MakeStage) -> None:
    shown = stage()
    player, _ = watch(shown)

    press(shown, Qt.Key.Key_F)
    assert shown.window.visibility() is shown.window.Visibility.FullScreen
    assert not shows(shown, "Voices")

    press(shown, Qt.Key.Key_Escape)
    assert shown.window.visibility() is not shown.window.Visibility.FullScreen
    assert player.open

    press(shown, Qt.Key.Key_Escape)
    assert not player.open
    assert shows(shown, "Delete the meeting…")


def test_the_line_that_is_heard_is_marked_and_kept_in_sight(stage: MakeStage) -> None:
    shown = stage()
    player, _ = watch(shown)

    player.show_standing(305.0, playing=True, waits=False)
    settle()
    shown.window.grabWindow()

    heard = [name for name in names(shown, QAccessible.Role.ListItem) if name.startswith("Heard now.")]
    assert heard == [f"Heard now. Ana Costa, 5:00: 30. {LONG}"]
    line = item_with(shown, f"30. {LONG}")
    place = lines_of(shown)
    assert 0 <= line.mapToItem(place, 0, 0).y() < place.height() - line.height()  # type: ignore[call-overload]


def test_a_reader_who_looks_elsewhere_is_not_pulled_back_until_they_say_so(stage: MakeStage) -> None:
    shown = stage()
    player, _ = watch(shown)
    lines = lines_of(shown)
    lines.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    press(shown, Qt.Key.Key_Down)
    at = lines.property("contentY")

    player.show_standing(305.0, playing=True, waits=False)
    settle()
    assert lines.property("contentY") == at

    click(shown, "Go to what is heard now")
    assert lines.property("contentY") > at
    assert not shows(shown, "Go to what is heard now")


def test_enter_on_a_line_plays_from_there(stage: MakeStage) -> None:
    shown = stage()
    _, wishes = watch(shown)
    lines_of(shown).forceActiveFocus(Qt.FocusReason.TabFocusReason)

    press(shown, Qt.Key.Key_Down)
    press(shown, Qt.Key.Key_Down)
    press(shown, Qt.Key.Key_Return)

    assert wishes == [("seek", 20.0)]
    assert lines_of(shown).property("following")


def test_somebody_is_muted_and_heard_again(stage: MakeStage) -> None:
    shown = stage()
    player, wishes = watch(shown)
    click(shown, "Voices")

    click(shown, "Mute Oskar Lindqvist")
    click(shown, "Hear Oskar Lindqvist again")
    player.turn("p1", 0.5)

    assert [wish[1] for wish in wishes] == [{"p1": 1.0, "p2": 0.0}, {"p1": 1.0, "p2": 1.0}, {"p1": 0.5, "p2": 1.0}]
    assert {"How loud Oskar Lindqvist is"} <= names(shown, QAccessible.Role.Slider)


def test_a_chapter_is_gone_to(stage: MakeStage) -> None:
    shown = stage()
    _, wishes = watch(shown)
    click(shown, "Chapters")
    shown.window.grabWindow()

    click(shown, "Oskar Lindqvist joins")

    assert wishes == [("seek", 120.0)]


@pytest.mark.parametrize("why", ["gone", "refused", "unreachable", "not_made", "damaged"])
def test_what_cannot_be_played_says_why_and_leads_back(stage: MakeStage, why: str) -> None:
    shown = stage()
    look(shown, one=True)
    player = shown.desk.parley.cinema
    player.leaving_wanted.connect(player.end)
    player.begin("Weekly design review", Pictures(shown.desk))
    player.refuse(why)
    settle()

    said = [str(item.property("text")) for item in shown.items()]
    assert any(len(text) > 40 and text.endswith(".") for text in said)

    click(shown, "Back to the meeting")
    assert not player.open


def test_a_film_that_is_being_made_shows_how_far_it_is_and_one_that_failed_is_made_again(stage: MakeStage) -> None:
    shown = stage()
    look(shown, one=True)
    past, wishes = shown.desk.parley.past, list[str]()
    past.playing_wanted.connect(lambda recording: wishes.append(f"play {recording}"))
    past.making_wanted.connect(lambda *wanted: wishes.append(" ".join(["make", *wanted])))

    past.show_recordings([RecordingRow("r1", 1, "running", 0.4)])
    settle()
    assert shows(shown, "The film of the recording is being made, 40 %")
    assert not shows(shown, "Play the recording")

    past.show_recordings([RecordingRow("r1", 1, "ready", made=True), RecordingRow("r2", 2, "failed", error="No room.")])
    settle()
    click(shown, "Play recording 1")
    click(shown, "Another film of recording 1…")
    click(shown, "Everybody, in a grid")
    click(shown, "Always in the picture")
    click(shown, "Make the film")
    click(shown, "Make the film…")
    click(shown, "Make the film")
    assert wishes == ["play r1", "make r1 grid burnt", "make r2 grid burnt"]
    assert cut(shown) == []


def test_players_say_nothing_about_what_they_do_not_play() -> None:
    owner = QObject()
    player = PlayerModel(owner)
    wishes: list[float] = []
    player.seeking_wanted.connect(wishes.append)

    player.step(5.0)
    player.jump(0)
    player.leap(1)
    player.toggle()

    assert wishes == []
    owner.deleteLater()


def test_recordings_of_the_meeting_that_is_on_are_listed_and_played_over_it(stage: MakeStage) -> None:
    shown = stage()
    meeting(shown)
    shelf, wishes = shown.desk.parley.borrowed, list[str]()
    shelf.opened.connect(lambda: wishes.append("look"))
    shelf.closed.connect(lambda: wishes.append("enough"))
    shelf.playing_wanted.connect(wishes.append)

    act(shown, "recordings")
    assert shows(shown, "Asking the host…")

    shelf.show([RecordingRow("r1", 1, "ready"), RecordingRow("r2", 2, "running", 0.4)])
    settle()
    assert shows(shown, "The film of recording 2 is being made, 40 %")
    click(shown, "Play")
    assert wishes == ["look", "r1", "enough"]

    player = shown.desk.parley.cinema
    player.leaving_wanted.connect(player.end)
    player.begin("Weekly design review", Pictures(shown.desk))
    settle()
    player.show_reel(REEL, 0.0, 1.0)
    settle()
    assert shown.window.property("asking")
    press(shown, Qt.Key.Key_Escape)
    assert not player.open
    assert shown.desk.meets


@pytest.mark.parametrize("why", ["refused", "unreachable"])
def test_a_host_that_shows_no_recordings_says_why(stage: MakeStage, why: str) -> None:
    shown = stage(language="zh")
    meeting(shown)
    act(shown, "recordings")
    shown.desk.parley.borrowed.refuse(why)
    settle()

    assert cut(shown) == []
    assert not shows(shown, "正在询问主持人…")
