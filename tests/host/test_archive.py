from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfu.core.records import Came
from sfu.core.transcript import Line
from sfu.host.archive import Archive, holder, recover
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import meetings
from sfu.store.meetings import Planned, State
from sfu.store.thread import Store
from sfu.wire.messages import ClientKind, Meeting, Role

ABOUT = Meeting(id="m1", title="Weekly", code="ABCDEFGH")
ANA = Came("p1", "Ana", Role.MEMBER, ClientKind.DESKTOP, 1.0)
HELLO = Line(segment="a", speaker="p1", name="Ana", text="Hello.", language="en", start=1.0, end=2.0, confidence=0.9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path)
    yield opened
    opened.close()


def begun(store: Store, folder: Path) -> Archive:
    archive = Archive(store, folder, ABOUT.id)
    archive.begin(ABOUT)
    return archive


def state(store: Store, meeting: str) -> State:
    return store.read(lambda db: meetings.get(db, meeting)).result().state


def test_a_meeting_to_which_nobody_came_is_not_remembered(store: Store, tmp_path: Path) -> None:
    assert begun(store, tmp_path).end() is None
    assert store.read(lambda db: meetings.listed(db, None)).result() == []


def test_the_readable_forms_are_written_at_the_end_for_their_owner_alone(store: Store, tmp_path: Path) -> None:
    archive = begun(store, tmp_path)
    archive.keep([ANA, HELLO]).result()

    folder = archive.end()

    assert folder == tmp_path / "meetings" / "m1"
    assert "<v Ana>Hello.</v>" in (folder / "transcript.vtt").read_text()
    assert json.loads((folder / "transcript.json").read_text())["meeting"] == ABOUT.model_dump()
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    assert state(store, "m1") is State.ENDED


def test_what_a_killed_host_had_shown_is_exported_at_the_next_start(store: Store, tmp_path: Path) -> None:
    begun(store, tmp_path).keep([ANA, HELLO]).result()
    store.write(lambda db: db.execute("UPDATE meetings SET holder = '1:0.00'")).result()

    recover(store, tmp_path)

    assert state(store, "m1") is State.ENDED
    assert len(json.loads((tmp_path / "meetings" / "m1" / "transcript.json").read_text())["lines"]) == 1


def test_a_meeting_whose_host_still_runs_is_left_alone(store: Store, tmp_path: Path) -> None:
    begun(store, tmp_path).keep([ANA, HELLO]).result()

    recover(store, tmp_path)

    assert state(store, "m1") is State.LIVE
    assert not (tmp_path / "meetings").exists()
    assert store.read(lambda db: db.execute("SELECT holder FROM meetings").fetchone()[0]).result() == holder()


def test_a_planned_meeting_takes_the_place_of_one_that_nobody_came_to(store: Store, tmp_path: Path) -> None:
    archive = begun(store, tmp_path)
    store.write(lambda db: meetings.plan(db, Planned("m2", "BBBBBBBB", "Planned"), 1.0)).result()

    archive.take_up("m2")

    assert archive.meeting == "m2"
    assert state(store, "m2") is State.LIVE
    with pytest.raises(UserError) as refused:
        archive.take_up("m2")
    assert refused.value.code is ErrorCode.TAKEN
