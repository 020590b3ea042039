"""The store of a host on this computer, as the window reads and clears it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject
from PySide6.QtGui import QGuiApplication

from app import history, outcomes
from app.engine.speaker import NullSpeaker
from app.history import History
from app.playing import Playing, Projector
from app.preferences import Preferences
from app.viewmodels.history import HistoryModel
from app.viewmodels.player import PlayerModel
from app.viewmodels.preferences import PreferencesModel
from sfu.core.records import Came, Said
from sfu.core.transcript import Line
from sfu.host.archive import Archive
from sfu.store import tasks
from sfu.store.thread import NAME, Store
from sfu.tasks import settings as services
from sfu.tasks.context import Context
from sfu.tasks.kinds import KINDS
from sfu.wire.messages import ChatMessage, ClientKind, Meeting, Role
from tests.ui.stage import settle

ANSWER_MS = 10_000


def until(happened: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(ANSWER_MS)
    while not happened():
        assert not deadline.hasExpired()
        QCoreApplication.processEvents()


def line(segment: str, speaker: str, name: str, text: str, start: float) -> Line:
    return Line(
        segment=segment, speaker=speaker, name=name, text=text, language="en", start=start, end=start + 1, confidence=1
    )


def hold(folder: Path, title: str, *, over: bool = True) -> str:
    """A meeting of Ana and Ben, kept as a host keeps it; its id."""
    store = Store(folder)
    meeting = f"m-{title}"
    archive = Archive(store, folder, meeting)
    archive.begin(Meeting(id=meeting, title=title, code=f"{title.upper():X<8}"[:8]))
    archive.keep([
        Came("p1", "Ana", Role.HOST, ClientKind.DESKTOP, 0.0),
        Came("p2", "Ben", Role.MEMBER, ClientKind.DESKTOP, 1.0),
        line("s1", "p1", "Ana", f"Welcome to {title}.", 2.0),
        line("s2", "p2", "Ben", "Thank you, penguins.", 4.0),
        Said(ChatMessage(id=1, sender="p2", name="Ben", text="A note on penguins", at=5.0)),
    ]).result()  # fmt: skip
    if over:
        archive.end()
    store.close()
    return meeting


@pytest.fixture(autouse=True)
def left_behind(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders in which a process would work now."""
    folders: list[Path] = []
    for module in (outcomes, history):
        monkeypatch.setattr(module, "leave_behind", folders.append)
    return folders


@pytest.fixture
def past(application: QGuiApplication, tmp_path: Path) -> Iterator[tuple[HistoryModel, Path]]:
    owner = QObject()
    model = HistoryModel(owner)
    choices = PreferencesModel(Preferences(), lambda chosen: None, owner)
    playing = Playing(PlayerModel(owner), choices, Projector(NullSpeaker, lambda: False), owner)
    history = History(model, tmp_path, lambda suggestion: str(tmp_path / suggestion), playing, owner)
    yield model, tmp_path
    history.close()
    # Here and now: Python's collector might do it from the thread of another test's store, and timers forbid that.
    owner.deleteLater()
    settle()


def test_meetings_are_listed_read_and_searched(past: tuple[HistoryModel, Path]) -> None:
    model, folder = past
    review = hold(folder, "Review")
    hold(folder, "Plan", over=False)

    model.open()
    until(lambda: len(model.meetings.items()) == 2)
    assert {(row.title, row.people, row.live) for row in model.meetings.items()} == {
        ("Review", 2, False), ("Plan", 2, True),
    }  # fmt: skip

    model.read(review)
    until(lambda: bool(model.meeting))
    assert [(row.speaker, row.text, row.time) for row in model.lines.items()] == [
        ("Ana", "Welcome to Review.", "0:02"), ("Ben", "Thank you, penguins.", "0:04"),
    ]  # fmt: skip
    assert [row.name for row in model.people.items()] == ["Ana", "Ben"]

    model.search("penguins")
    until(lambda: len(model.hits.items()) == 4)
    assert {(hit.segment, hit.text) for hit in model.hits.items()} == {
        ("s2", "Thank you, penguins."), ("", "A note on penguins"),
    }  # fmt: skip


def test_who_opens_the_list_before_anybody_can_answer_sees_it_all_the_same(
    past: tuple[HistoryModel, Path],
) -> None:
    _, folder = past
    hold(folder, "Review")
    owner = QObject()
    quick = HistoryModel(owner)
    quick.open()
    choices = PreferencesModel(Preferences(), lambda chosen: None, owner)
    playing = Playing(PlayerModel(owner), choices, Projector(NullSpeaker, lambda: False), owner)

    late = History(quick, folder, str, playing, owner)
    until(lambda: [row.title for row in quick.meetings.items()] == ["Review"])
    late.close()
    owner.deleteLater()
    settle()


def test_one_persons_words_go_from_one_meeting_and_from_its_files(
    past: tuple[HistoryModel, Path], left_behind: list[Path]
) -> None:
    model, folder = past
    review, plan = hold(folder, "Review"), hold(folder, "Plan")
    model.open()
    model.read(review)
    until(lambda: bool(model.meeting))

    model.forget("p2")
    until(lambda: [row.text for row in model.lines.items()] == ["Welcome to Review."])

    assert [row.name for row in model.people.items()] == ["Ana"]
    assert left_behind[-1] == folder  # what they were in is made anew at once
    written = (folder / "meetings" / review / "transcript.vtt").read_text()
    assert "Welcome to Review." in written
    assert "Ben" not in written
    model.read(plan)
    until(lambda: model.meeting == plan)
    assert [row.speaker for row in model.lines.items()] == ["Ana", "Ben"]


def test_a_deleted_meeting_leaves_nothing_in_the_folder_and_one_that_goes_on_stays(
    past: tuple[HistoryModel, Path],
) -> None:
    model, folder = past
    review = hold(folder, "Review")
    hold(folder, "Plan", over=False)
    model.open()
    until(lambda: len(model.meetings.items()) == 2)

    model.delete("")
    until(lambda: [row.title for row in model.meetings.items()] == ["Plan"])

    assert not (folder / "meetings" / review).exists()
    model.close()
    assert b"Welcome to Review" not in b"".join(file.read_bytes() for file in folder.glob(f"{NAME}*"))


def test_a_transcript_is_saved_where_it_was_wished(past: tuple[HistoryModel, Path]) -> None:
    model, folder = past
    review = hold(folder, "Review")
    saved: list[tuple[str, bool]] = []
    model.exported.connect(lambda path, well: saved.append((path, well)))
    model.open()
    model.read(review)
    until(lambda: bool(model.meeting))

    model.export("json")
    until(lambda: bool(saved))

    assert saved == [(str(folder / "Review.json"), True)]
    kept = json.loads((folder / "Review.json").read_text("utf-8"))
    assert [said["text"] for said in kept["lines"]] == ["Welcome to Review.", "Thank you, penguins."]


def test_looking_where_nothing_was_held_makes_no_file(past: tuple[HistoryModel, Path]) -> None:
    model, folder = past

    model.open()

    assert model.loaded
    assert list(folder.iterdir()) == []


def test_records_of_a_newer_version_are_left_alone_and_said(past: tuple[HistoryModel, Path]) -> None:
    model, folder = past
    hold(folder, "Review")
    store = Store(folder)
    store.read(partial(lambda db: db.execute("PRAGMA user_version = 999"))).result()
    store.close()

    model.open()

    assert model.problem == "unsupported"


def work(folder: Path) -> None:
    """What the process would do that was left behind."""
    store = Store(folder)
    for row in store.read(lambda db: tasks.due(db, time.time())).result():
        taken = store.write(partial(tasks.take, task=row.id, lease="me/1", wall=time.time())).result()
        assert taken is not None
        result = KINDS[row.kind].run(Context(taken, folder, store))
        store.write(partial(tasks.finish, lease="me/1", result=result)).result()
    store.close()


def test_what_came_out_of_a_meeting_is_found_out_when_somebody_looks_and_shown_when_it_is_there(
    past: tuple[HistoryModel, Path], left_behind: list[Path]
) -> None:
    model, folder = past
    review = hold(folder, "Review")
    model.open()
    until(lambda: bool(left_behind))
    model.read(review)
    until(lambda: model.outcome.busy)

    work(folder)
    until(lambda: not model.outcome.busy)

    rows = model.outcome.rows.items()
    assert [row.text for row in rows if row.kind == "heading"] == ["topics", "talk"]
    assert {(row.text, row.time, row.share) for row in rows if row.kind == "talker"} == {
        ("Ana", "0:01", 0.5), ("Ben", "0:01", 0.5),
    }  # fmt: skip
    assert left_behind == [folder]


def test_minutes_are_made_again_stopped_and_saved(past: tuple[HistoryModel, Path], left_behind: list[Path]) -> None:
    model, folder = past
    review = hold(folder, "Review")
    saved: list[tuple[str, bool]] = []
    model.exported.connect(lambda path, well: saved.append((path, well)))
    model.open()
    model.read(review)
    until(lambda: model.outcome.busy)
    work(folder)
    until(lambda: not model.outcome.busy)

    model.outcome.again("rules")
    until(lambda: model.outcome.busy)
    model.outcome.cancel()
    until(lambda: not model.outcome.busy)
    model.outcome.export("md")
    until(lambda: bool(saved))

    assert model.outcome.work == "cancelled"
    assert saved == [(str(folder / "Review.md"), True)]
    assert "## Who spoke" in (folder / "Review.md").read_text("utf-8")


def test_a_language_model_is_offered_where_one_is_set_up(past: tuple[HistoryModel, Path]) -> None:
    model, folder = past
    review = hold(folder, "Review")
    services.save(folder, services.Settings(minutes=services.LanguageModel(url="http://127.0.0.1:1/v1", model="m")))
    model.open()
    model.read(review)

    until(lambda: model.outcome.hasModel)


def test_what_a_killed_process_was_finding_out_is_found_out_by_another(
    past: tuple[HistoryModel, Path], left_behind: list[Path]
) -> None:
    model, folder = past
    hold(folder, "Review")
    store = Store(folder)
    (row,) = store.read(lambda db: tasks.due(db, time.time())).result()
    store.write(partial(tasks.take, task=row.id, lease="1:0.00/1", wall=time.time())).result()
    store.close()

    model.open()
    until(lambda: bool(left_behind))

    store = Store(folder)
    assert store.read(lambda db: tasks.get(db, row.id).state).result() == "waiting"
    store.close()
