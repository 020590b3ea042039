from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.events import TransferChanged
from app.session.files import Stage, Transfer, Way, is_run, known, moved, saved_as, words
from app.session.reducer import after
from app.session.state import Session, Spoken
from sfu.wire import messages as wire
from sfu.wire.messages import FileState, SharedFile

FILE = SharedFile(id="f1", owner="p1", owner_name="Ben", name="plan.pdf", size=100, sha256="0" * 64, at=1.0)
READY = FILE.model_copy(update={"state": FileState.READY})
GONE = FILE.model_copy(update={"state": FileState.GONE})
UP = Transfer("t1", Way.UP, Stage.MOVING, "plan.pdf", 100)


def test_the_hosts_newest_word_about_a_file_wins_and_it_keeps_its_place() -> None:
    other = FILE.model_copy(update={"id": "f2"})

    assert known(known((FILE, other), READY), GONE) == (other,)
    assert known((FILE, other), READY) == (READY, other)


def test_what_was_sent_whole_or_cancelled_is_no_transfer_any_more() -> None:
    down = Transfer("f1", Way.DOWN, Stage.DONE, "plan.pdf", 100, 100, "f1", "/x/plan.pdf")

    assert moved((UP,), Transfer("t1", Way.UP, Stage.DONE, "plan.pdf")) == ()
    assert moved((UP,), Transfer("t1", Way.UP, Stage.CANCELLED, "")) == ()
    assert moved((UP,), down) == (UP, down)


def test_a_file_of_somebody_else_is_announced_once_when_it_is_whole() -> None:
    session = after(Session(you="p2"), wire.FileChanged(file=FILE), 0)
    assert session.announcement is None
    for _ in range(2):
        session = after(session, wire.FileChanged(file=READY), 0)

    assert session.announcement is not None
    assert (session.announcement.serial, session.announcement.about) == (1, Spoken.SHARED)
    assert (session.announcement.name, session.announcement.sentence) == ("Ben", "plan.pdf")


def test_who_comes_late_knows_what_was_shared_and_a_new_welcome_begins_afresh() -> None:
    session = after(Session(), wire.History(files=[READY]), 0)
    assert session.files == (READY,)
    session = after(session, TransferChanged(UP), 0)

    assert session.transfers == (UP,)


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_it_is_saved_as_one_plain_name(name: str) -> None:
    saved = saved_as(name)

    assert saved
    assert not set(saved) & set('/\\\0:')
    assert saved.strip(".")
    assert saved.isprintable()


@pytest.mark.parametrize("name", ["a.exe", "A.EXE", "x.tar.sh", "run.bat.", "app.desktop ", "y.lnk"])
def test_a_program_is_known_by_its_ending(name: str) -> None:
    assert is_run(name)
    assert not is_run("plan.pdf")


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (999, "999 B"), (1_900, "1.9 KB"), (118_000_000, "118 MB"), (4 * 2**30, "4.3 GB")]
)
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert words(size) == said
