"""Recordings of past meetings: listed from a host's store, played in the window, gone when they are deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject
from PySide6.QtGui import QGuiApplication

from app import preferences, recordings
from app.engine.speaker import NullSpeaker
from app.history import History
from app.playing import FILM, Playing, Projector
from app.viewmodels.history import HistoryModel, RecordingRow
from app.viewmodels.player import PlayerModel
from app.viewmodels.preferences import PreferencesModel
from sfu.core.recorded import Cut, Span
from sfu.store import tasks
from sfu.store.thread import Store
from sfu.tasks.recording.play import Timeline
from sfu.wire.http import FilmChoice
from tests.engine.playback.reels import make_film, make_voice
from tests.tasks.test_recording import keep
from tests.ui.stage import settle

ANSWER_MS = 60_000
READY = RecordingRow("r1", 1, "ready", made=True)


def until(happened: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(ANSWER_MS)
    while not happened():
        assert not deadline.hasExpired()
        QCoreApplication.processEvents()


class Window:
    """What a window has of all this, without its screen."""

    def __init__(self, folder: Path, owner: QObject) -> None:
        self.folder = folder
        self.chosen: list[preferences.Preferences] = []
        choices = PreferencesModel(preferences.Preferences(), self.chosen.append, owner)
        self.past, self.player = HistoryModel(owner), PlayerModel(owner)
        playing = Playing(self.player, choices, Projector(NullSpeaker, lambda: False), owner)
        self.history = History(self.past, folder, lambda suggestion: "", playing, owner)

    @property
    def rows(self) -> list[RecordingRow]:
        return self.past.recordings.items()  # type: ignore[attr-defined, no-any-return]

    def read(self) -> None:
        self.past.open()
        until(lambda: bool(self.past.loaded))
        self.past.read("m1")
        until(lambda: bool(self.rows))


@pytest.fixture
def left_behind(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    folders: list[Path] = []
    monkeypatch.setattr(recordings, "leave_behind", folders.append)
    return folders


@pytest.fixture
def window(application: QGuiApplication, tmp_path: Path, left_behind: list[Path]) -> Iterator[Window]:
    """Ana and Ben were recorded for eight seconds, with a pause of two."""
    with closing(keep(tmp_path)) as store:
        store.write(lambda db: db.execute("UPDATE meetings SET state = 'ended', ended_at = 1100")).result()
    owner = QObject()
    made = Window(tmp_path, owner)
    yield made
    made.history.close()
    owner.deleteLater()
    settle()


def make(folder: Path) -> Path:
    """What the task makes, but small."""
    made = folder / "recordings/m1/r1/made"
    (made / "voices").mkdir(parents=True)
    make_film(made / "film.mp4", 6)
    make_voice(made / "voices/p1.webm", 6)
    make_voice(made / "voices/p2.webm", 6)
    timeline = Timeline.of(Cut([Span(0.0, 3.0), Span(5.0, 8.0)]), FilmChoice())
    (made / "timeline.json").write_text(timeline.model_dump_json(), "utf-8")
    with closing(Store(folder)) as store:
        store.write(lambda db: db.execute("UPDATE tasks SET state = 'done'")).result()
    return made


def test_a_recording_is_played_with_its_words_voices_and_chapters(window: Window) -> None:
    make(window.folder)
    window.read()
    assert window.rows == [READY]

    window.past.play("r1")
    until(lambda: bool(window.player.ready))
    player = window.player
    assert [(row.name, row.text) for row in player.lines.items()] == [  # type: ignore[attr-defined]
        ("P1", "Hello."), ("P3", "[not recorded]"), ("P2", "Goodbye."),
    ]  # fmt: skip
    assert [row.name for row in player.voices.items()] == ["Ana", "../Ben"]  # type: ignore[attr-defined]
    assert player.length == 6.0

    until(lambda: float(player.second) > 0.2 and bool(player.playing))
    until(lambda: player.pictures is not None and player.pictures.newest(FILM) is not None)  # type: ignore[attr-defined]


def test_where_it_was_left_and_how_fast_is_remembered(window: Window) -> None:
    make(window.folder)
    window.read()
    window.past.play("r1")
    until(lambda: bool(window.player.ready))
    window.player.toggle()
    window.player.seek(2.5)
    window.player.set_rate(1.5)

    window.player.leave()
    assert window.chosen[-1].watched == {"m1/r1": pytest.approx(2.5, abs=0.1)}

    window.past.play("r1")
    until(lambda: bool(window.player.ready))
    assert window.player.second == pytest.approx(2.5, abs=0.1)
    assert window.player.rate == 1.5


def test_what_was_erased_while_the_meeting_was_read_is_said(window: Window) -> None:
    made = make(window.folder)
    window.read()
    (made / "timeline.json").unlink()

    window.past.play("r1")
    until(lambda: window.player.problem != "")

    assert window.player.problem == "not_made"


def test_a_film_that_was_deleted_ends_the_player_with_a_reason(window: Window) -> None:
    made = make(window.folder)
    window.read()
    (made / "film.mp4").unlink()
    made.joinpath("film.mp4").touch()
    window.past.play("r1")
    until(lambda: window.player.blindness != "")
    assert window.player.blindness == "damaged"

    window.player.leave()
    (made / "film.mp4").unlink()
    window.past.play("r1")
    until(lambda: window.player.problem != "")
    assert window.player.problem == "gone"


def test_a_film_that_could_not_be_made_says_why_and_is_made_again(window: Window, left_behind: list[Path]) -> None:
    with closing(Store(window.folder)) as store:
        store.write(lambda db: db.execute("UPDATE tasks SET state = 'failed', error = 'No room.'")).result()
    window.read()
    assert window.rows == [RecordingRow("r1", 1, "failed", error="No room.")]

    window.past.make("r1", "speaker", "burnt")
    until(lambda: window.rows[0].state == "waiting")
    assert left_behind == [window.folder]

    make(window.folder)
    until(lambda: window.rows == [READY])


def test_another_film_is_made_as_wanted_beside_the_old_one(window: Window, left_behind: list[Path]) -> None:
    make(window.folder)
    window.read()

    window.past.make("r1", "speaker", "embedded")
    until(lambda: window.rows == [RecordingRow("r1", 1, "waiting", made=True)])

    assert left_behind == [window.folder]
    with closing(Store(window.folder)) as store:
        (task,) = [row for row in store.read(lambda db: tasks.listed(db, "m1")).result() if row.kind == "film"]
    assert task.payload == {"recording": "r1", "film": {"layout": "speaker", "captions": "embedded"}}


def test_deleting_a_meeting_takes_its_recording_and_its_player(window: Window) -> None:
    made = make(window.folder)
    window.read()

    window.past.delete("m1")
    until(lambda: not made.exists())


def test_a_recording_from_which_somebody_is_erased_is_taken_off_the_screen(window: Window) -> None:
    made = make(window.folder)
    window.read()
    window.past.play("r1")
    until(lambda: bool(window.player.ready) and bool(window.player.playing))

    made.rename(made.with_name("old"))
    until(lambda: window.player.problem != "")

    assert window.player.problem == "gone"
    assert window.player.pictures.newest(FILM) is None  # type: ignore[attr-defined]
