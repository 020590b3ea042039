"""The runner with real threads and a real queue, in this process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sfu.store import tasks
from sfu.store.tasks import Row, Wanted
from sfu.store.thread import Store
from sfu.tasks import queue as queues
from sfu.tasks.runner import Runner
from sfu.wire.messages import TaskState as State
from tests.store.rows import begun
from tests.system.waiting import PATIENCE
from tests.tasks.kinds import KINDS


class Office:
    """A runner at work; `until` ticks it as its program does."""

    def __init__(self, folder: Path, queue: str = "") -> None:
        self.store = Store(folder)
        self.store.write(begun).result()
        self.folder = folder
        self.queue = queues.open_queue(folder, queue)
        self.runner = Runner(folder, self.store, self.queue, KINDS)
        self.threads = queues.consumer(self.queue)

    def ask(self, kind: str, task: str = "t1") -> Row:
        wanted = Wanted(task, kind, task, "m1")
        return self.store.write(lambda db: tasks.ask(db, wanted, time.time())).result()

    def row(self, task: str = "t1") -> Row:
        return self.store.read(lambda db: tasks.get(db, task)).result()

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline
            self.runner.tick()
            time.sleep(0.02)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    here = Office(tmp_path)
    with contextlib.closing(here.store):
        for _, thread in here.threads.worker_threads:
            thread.start()
        yield here
        here.threads.stop()
        here.runner.stop()
        for _, thread in here.threads.worker_threads:
            thread.join(PATIENCE)


def test_what_is_asked_for_is_done_and_its_result_stored(office: Office) -> None:
    office.ask("count")

    office.until(lambda: office.row().state is State.DONE)

    assert office.store.read(lambda db: db.execute("SELECT kind FROM analyses").fetchone()[0]).result() == "count"
    assert office.runner.idle()


def test_how_far_it_is_can_be_read_while_it_goes_on(office: Office) -> None:
    office.ask("wait")

    office.until(lambda: office.row().progress == 0.25)

    assert office.row().state is State.RUNNING
    assert not office.runner.idle()


def test_what_somebody_must_mend_first_is_not_tried_again_by_itself(office: Office) -> None:
    office.ask("refuse")

    office.until(lambda: office.row().state is State.FAILED)

    assert (office.row().attempts, office.row().error) == (1, "There is no room.")


def test_what_cannot_be_done_now_says_why_and_waits(office: Office) -> None:
    office.ask("not now")

    office.until(lambda: office.row().error != "")

    assert (office.row().state, office.row().attempts) == (State.WAITING, 0)
    assert office.row().due_at > time.time() + 50
    assert not office.runner.idle()


def test_an_error_of_ours_is_said_without_what_it_was_about_and_tried_again_later(office: Office) -> None:
    office.ask("break")

    office.until(lambda: office.row().attempts == 1 and office.row().state is State.WAITING)

    assert "ValueError" in office.row().error
    assert "no such luck" not in office.row().error
    assert office.row().due_at > time.time()


def test_one_heavy_task_at_a_time_and_light_ones_beside_it(office: Office) -> None:
    for task in ("h1", "h2"):
        office.ask("heavy", task)
    office.ask("count", "light")

    office.until(lambda: office.row("light").state is State.DONE)
    office.until(lambda: State.RUNNING in {office.row("h1").state, office.row("h2").state})

    assert {office.row("h1").state, office.row("h2").state} == {State.RUNNING, State.WAITING}


def test_called_off_after_the_point_of_no_return_is_in_doubt_and_not_cancelled(office: Office) -> None:
    office.ask("stubborn")

    office.until(lambda: office.row().state is State.UNKNOWN)


def test_a_queue_that_repeats_or_forgets_what_it_carries_changes_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfu.tasks.runner.FORGOTTEN_S", 0.1)
    office.queue.storage.flush_queue()
    office.ask("count")
    office.runner.tick()
    office.queue.storage.flush_queue()  # as a Redis that was restarted without a disk

    office.until(lambda: office.row().state is State.DONE)
    for _ in range(3):
        office.runner._carry("t1")
        office.runner._carry("nobody")
    office.until(lambda: office.queue.pending_count() == 0)

    count = "SELECT count(*) FROM analyses"
    assert office.store.read(lambda db: db.execute(count).fetchone()[0]).result() == 1


def test_work_of_a_kind_that_a_newer_parley_knows_is_left_to_it(office: Office) -> None:
    office.ask("hologram")
    office.runner.tick()

    assert office.row().state is State.WAITING
    assert office.runner.idle()


def test_what_lies_in_the_queue_is_json_and_nothing_that_runs(tmp_path: Path) -> None:
    queue = queues.open_queue(tmp_path)
    task = queue.task(name="work")(print)
    task("an-id")

    (lying,) = queue.storage.enqueued_items()
    assert bytes(lying).startswith(b"[")
    assert queue.dequeue().args == ("an-id",)
