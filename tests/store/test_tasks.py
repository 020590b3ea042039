"""Rows of background work under workers that die, come back and disagree about the time."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sfu.core.tasks import LEASE_S, Fate, Input
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import tasks
from sfu.store.tasks import Wanted
from sfu.wire.messages import TaskState as State
from tests.store.rows import begun, opened

AGAIN = Fate(Input.PUT_BACK, 5.0)


def asked(db: sqlite3.Connection, task: str = "t1", **about: Any) -> tasks.Row:
    return tasks.ask(db, Wanted(**{"id": task, "kind": "film", "key": task, **about}), wall=100.0)


def taken(db: sqlite3.Connection, task: str = "t1", lease: str = "w/1", wall: float = 100.0) -> tasks.Row:
    row = tasks.take(db, task, lease, wall)
    assert row is not None
    return row


def bury(db: sqlite3.Connection, wall: float, alive: bool, most: int = 4) -> list[str]:
    return tasks.bury(db, lambda _: alive, lambda _: most, wall)


def test_asking_for_the_same_work_twice_asks_once(tmp_path: Path) -> None:
    db = opened(tmp_path)
    first = asked(db, "t1", key="minutes:m", payload={"model": "a"})

    again = asked(db, "t2", key="minutes:m", payload={"model": "b"})

    assert again == first
    assert again.payload == {"model": "a"}


def test_one_of_two_who_carry_the_same_id_gets_the_work(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db)

    assert taken(db, lease="w1/1").attempts == 1
    assert tasks.take(db, "t1", "w2/1", 100.0) is None


def test_what_was_found_out_is_stored_with_the_end_of_the_task_or_not_at_all(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    asked(db, meeting="m1")
    taken(db)

    def result(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO analyses VALUES('m1', 'minutes', 1.0, '{}')")

    assert tasks.finish(db, "somebody else's/1", result) is False
    assert db.execute("SELECT count(*) FROM analyses").fetchone()[0] == 0
    assert tasks.finish(db, "w/1", result) is True
    assert db.execute("SELECT count(*) FROM analyses").fetchone()[0] == 1
    assert (tasks.get(db, "t1").state, tasks.get(db, "t1").progress) == (State.DONE, 1.0)


def test_the_dead_are_found_at_once_and_the_living_when_their_lease_is_over(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db)
    taken(db)

    assert bury(db, 101.0, alive=True) == []
    assert bury(db, 101.0, alive=False) == ["t1"]
    assert (tasks.get(db, "t1").state, tasks.get(db, "t1").due_at) == (State.WAITING, 106.0)
    taken(db, wall=106.0)
    assert bury(db, 107.0 + LEASE_S, alive=True) == ["t1"]


def test_a_clock_that_is_set_back_does_not_keep_dead_work_from_being_found(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db)
    taken(db)

    assert bury(db, wall=-90_000.0, alive=False) == ["t1"]


def test_a_task_that_kills_its_worker_every_time_is_given_up(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db)
    for attempt in range(3):
        taken(db, wall=1000.0 * (attempt + 1))
        bury(db, 1000.0 * (attempt + 1), alive=False, most=3)

    row = tasks.get(db, "t1")
    assert (row.state, row.attempts, row.error) == (State.FAILED, 3, tasks.GONE)


def test_what_may_have_happened_is_in_doubt_whatever_its_worker_says_or_however_it_dies(tmp_path: Path) -> None:
    db = opened(tmp_path)
    for task in ("t1", "t2"):
        asked(db, task)
        taken(db, task, f"w/{task}")
        assert tasks.doubt(db, f"w/{task}", True)

    tasks.let_go(db, "w/t1", AGAIN, "The connection broke.", 101.0)
    bury(db, 101.0, alive=False)

    assert [tasks.get(db, task).state for task in ("t1", "t2")] == [State.UNKNOWN, State.UNKNOWN]
    assert tasks.due(db, 1e9) == []
    assert tasks.ask_again(db, "t1", 102.0).state is State.WAITING  # somebody looked, and says so


def test_work_is_called_off_at_once_or_by_its_worker_and_not_when_it_is_over(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db, "t1")
    asked(db, "t2")
    taken(db, "t2", "w/2")

    assert tasks.call_off(db, "t1").state is State.CANCELLED
    assert tasks.call_off(db, "t2").state is State.RUNNING
    assert tasks.renew(db, {"w/2": 0.5}, 101.0) == {"w/2": True}
    tasks.finish(db, "w/2", None)  # it was quicker
    with pytest.raises(UserError) as over:
        tasks.call_off(db, "t2")
    assert over.value.code is ErrorCode.TAKEN


def test_what_cannot_be_done_now_waits_and_loses_no_attempt(tmp_path: Path) -> None:
    db = opened(tmp_path)
    asked(db)
    taken(db)

    tasks.let_go(db, "w/1", Fate(Input.PUT_BACK, 60.0), "The computer is busy.", 100.0, counted=False)

    row = tasks.get(db, "t1")
    assert (row.attempts, row.due_at, row.error) == (0, 160.0, "The computer is busy.")
    assert tasks.take(db, "t1", "w/2", 159.0) is None


def test_a_meeting_that_is_deleted_takes_its_work_with_it(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    asked(db, meeting="m1")
    taken(db)

    db.execute("DELETE FROM meetings")

    assert tasks.finish(db, "w/1", None) is False
    assert tasks.kind_of(db, "t1") is None


class Workers(RuleBasedStateMachine):
    """Three workers on two tasks, in any order of taking, dying, finishing, cancelling and asking again."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.db = opened(Path(self.folder.name))
        self.db.execute("CREATE TABLE results(task TEXT)")
        self.wall, self.leases, self.alive = 100.0, dict[str, str](), set[str]()
        self.effects = {"t1": 0, "t2": 0}
        self.asked = {"t1": 1, "t2": 1}
        for task in self.effects:
            asked(self.db, task)

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()
            self.folder.cleanup()

    @rule(worker=st.sampled_from("abc"), task=st.sampled_from(["t1", "t2"]))
    def take(self, worker: str, task: str) -> None:
        lease = f"{worker}/{len(self.leases)}"
        if tasks.take(self.db, task, lease, self.wall) is not None:
            self.leases[lease] = task
            self.alive.add(worker)

    @rule(data=st.data(), beyond=st.booleans())
    def do(self, data: Any, beyond: bool) -> None:
        """The effect that must not happen twice, with or without saying so before."""
        if not self.leases:
            return
        lease = data.draw(st.sampled_from(sorted(self.leases)))
        if beyond and lease[0] in self.alive and tasks.doubt(self.db, lease, True):
            self.effects[self.leases[lease]] += 1

    @rule(data=st.data(), how=st.sampled_from(["finish", "fail", "put off"]))
    def end(self, data: Any, how: str) -> None:
        if not self.leases:
            return
        lease = data.draw(st.sampled_from(sorted(self.leases)))
        task = self.leases.pop(lease)
        if how == "finish":
            tasks.finish(self.db, lease, lambda db: db.execute("INSERT INTO results VALUES(?)", (task,)) and None)
        else:
            tasks.let_go(self.db, lease, AGAIN, "no", self.wall, counted=how == "fail")

    @rule(worker=st.sampled_from("abc"), later=st.sampled_from([-3600.0, 0.0, 1.0, 40.0]))
    def die(self, worker: str, later: float) -> None:
        self.alive.discard(worker)
        self.wall += later
        tasks.bury(self.db, lambda holder: holder in self.alive, lambda _: 4, self.wall)

    @rule(task=st.sampled_from(["t1", "t2"]), wish=st.sampled_from(["call off", "ask again"]))
    def wish(self, task: str, wish: str) -> None:
        before = tasks.get(self.db, task)
        try:
            if wish == "call off":
                tasks.call_off(self.db, task)
            else:
                tasks.ask_again(self.db, task, self.wall)
                self.asked[task] += before.state is State.UNKNOWN
        except UserError as refused:
            assert refused.code is ErrorCode.TAKEN

    @invariant()
    def each_result_is_stored_once(self) -> None:
        if hasattr(self, "db"):
            for task in self.effects:
                done = tasks.get(self.db, task).state is State.DONE
                sql = "SELECT count(*) FROM results WHERE task = ?"
                assert self.db.execute(sql, (task,)).fetchone()[0] == int(done)

    @invariant()
    def what_is_running_has_one_holder_and_nothing_else_has(self) -> None:
        if hasattr(self, "db"):
            for row in tasks.listed(self.db, None):
                assert bool(row.lease) == (row.state is State.RUNNING)
                assert not row.doubtful or row.state is State.RUNNING


TestWorkers = Workers.TestCase
TestWorkers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
