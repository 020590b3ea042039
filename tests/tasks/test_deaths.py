"""The process that does the work is killed at every step, for real, and every task comes to its one end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from sfu.core import tasks as rules
from sfu.store import meetings, tasks
from sfu.store.holder import holder
from sfu.store.meetings import Planned
from sfu.store.tasks import Row, Wanted
from sfu.wire.messages import TaskState as State
from tests.store.rows import begun, opened
from tests.system.waiting import PATIENCE
from tests.tasks.kinds import AFTER, BEFORE, WITHIN
from tests.tasks.mail_servers import post_office

pytestmark = pytest.mark.system

STEPS = [f"{when} {step}" for step in ("take", "finish") for when in (BEFORE, WITHIN, AFTER)]
QUEUE = [f"{BEFORE} queueing", f"{AFTER} queueing"]


def asked(folder: Path, kind: str) -> None:
    db = opened(folder)
    begun(db)
    tasks.ask(db, Wanted("t1", kind, "t1", "m1"), time.time())
    db.close()


def row_of(folder: Path) -> Row:
    db = opened(folder)
    row = tasks.get(db, "t1")
    db.close()
    return row


def soon(folder: Path) -> None:
    """What waits is tried again now: the wait is not what is tested."""
    db = opened(folder)
    db.execute("UPDATE tasks SET due_at = 0 WHERE state = 'waiting'")
    db.close()


def notes(folder: Path) -> list[str]:
    path = folder / "notes.txt"
    return [line.split(" ", 1)[1] for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def working(folder: Path, point: str = "never", host: str = "") -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.tasks.kinds", point, str(folder / "died"), "--data", str(folder)]
    process = subprocess.Popen([*command, "--host", host], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def killed_once_then_run(folder: Path, point: str) -> Row:
    with working(folder, point, holder()) as process:
        assert process.wait(PATIENCE) == -signal.SIGKILL
    soon_after = row_of(folder)
    assert soon_after.state in (*rules.UNFINISHED, State.DONE)
    with working(folder, point) as process:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            soon(folder)
            time.sleep(0.1)
        assert process.returncode == 0
    return row_of(folder)


@pytest.mark.parametrize("point", [*QUEUE, *STEPS, "working"])
def test_work_whose_worker_is_killed_anywhere_is_done_and_its_result_is_there_once(tmp_path: Path, point: str) -> None:
    asked(tmp_path, "count")

    row = killed_once_then_run(tmp_path, point)

    db = opened(tmp_path)
    results = db.execute("SELECT count(*) FROM analyses").fetchone()[0]
    db.close()
    assert (row.state, results) == (State.DONE, 1)


@pytest.mark.parametrize(
    ("point", "sent", "state"),
    [
        (f"{BEFORE} doubt", 1, State.DONE), (f"{WITHIN} doubt", 1, State.DONE),
        (f"{AFTER} doubt", 0, State.UNKNOWN), ("about to send", 0, State.UNKNOWN), ("sent", 1, State.UNKNOWN),
        (f"{BEFORE} finish", 1, State.UNKNOWN), (f"{WITHIN} finish", 1, State.UNKNOWN),
        (f"{AFTER} finish", 1, State.DONE),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_back_happens_at_most_once_and_is_known_or_said_to_be_unknown(
    tmp_path: Path, point: str, sent: int, state: State
) -> None:
    asked(tmp_path, "send")

    row = killed_once_then_run(tmp_path, point)

    assert (notes(tmp_path).count("sent"), row.state) == (sent, state)


@pytest.mark.parametrize("point", [f"{when} let_go" for when in (BEFORE, WITHIN, AFTER)])
def test_what_failed_is_tried_again_also_when_the_failing_could_not_be_written_down(
    tmp_path: Path, point: str
) -> None:
    asked(tmp_path, "break")

    row = killed_once_then_run(tmp_path, point)

    assert (row.state, row.attempts) == (State.FAILED, rules.USUAL_ATTEMPTS)
    assert notes(tmp_path) == ["broke"] * rules.USUAL_ATTEMPTS


@pytest.mark.parametrize("point", [f"{when} bury" for when in (WITHIN, AFTER)])
def test_whoever_finds_dead_work_may_die_too(tmp_path: Path, point: str) -> None:
    asked(tmp_path, "count")
    with working(tmp_path, "working") as process:
        process.wait(PATIENCE)
    (tmp_path / "died").unlink()

    assert killed_once_then_run(tmp_path, point).state is State.DONE


def test_a_worker_that_is_asked_to_stop_puts_its_work_back_and_the_next_begins_it_at_once(tmp_path: Path) -> None:
    asked(tmp_path, "wait")
    with working(tmp_path, host=holder()) as process:
        while not notes(tmp_path):
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    row = row_of(tmp_path)
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert row.due_at <= time.time()


def test_whoever_is_called_off_stops_soon_and_stays_so(tmp_path: Path) -> None:
    asked(tmp_path, "wait")
    with working(tmp_path) as process:
        while not notes(tmp_path):
            time.sleep(0.05)
        db = opened(tmp_path)
        tasks.call_off(db, "t1")
        db.close()
        assert process.wait(PATIENCE) == 0

    assert row_of(tmp_path).state is State.CANCELLED


def test_work_outlives_its_host_and_its_process_ends_after_it(tmp_path: Path) -> None:
    asked(tmp_path, "count")
    host = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = psutil.Process(host.pid).create_time()
    with working(tmp_path, host=f"{host.pid}:{born:.2f}") as process:
        while row_of(tmp_path).state is not State.DONE:
            time.sleep(0.05)
        assert process.poll() is None

        host.communicate(b"")

        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("point", "arrived", "state"),
    [
        ("before data", 0, State.UNKNOWN), ("after data", 1, State.UNKNOWN), (f"{WITHIN} finish", 1, State.UNKNOWN),
        (f"{WITHIN} doubt", 1, State.DONE),
    ],
)  # fmt: skip
def test_a_mail_whose_sender_is_killed_arrives_once_or_is_marked_as_unknown(
    tmp_path: Path, point: str, arrived: int, state: State
) -> None:
    with post_office(tmp_path) as office:
        db = opened(tmp_path)
        meetings.plan(db, Planned("m1", "ABCDEFGH", "Weekly", invited=("ana@example.org",)), 1.0)
        letter = {"what": "invitation", "to": "ana@example.org", "link": "https://10.0.0.1:7443/j/ABCDEFGH"}
        tasks.ask(db, Wanted("t1", "mail", "t1", "m1", letter), time.time())
        db.close()

        row = killed_once_then_run(tmp_path, point)

    assert (len(office.letters), row.state) == (arrived, state)
