"""Calls find workers: at once when one is idle, in batches when none is, and never without a word."""

from __future__ import annotations

from models.core.calls import GATHER_FOR, LONGEST, MAX_WAITING, STUCK_AFTER, TRIES, Calls, Job
from models.core.members import Input, Peer, Worker
from models.wire import Call, Failure, Hello

HOST, TOOL = Peer(b"host"), Peer(b"tool")
A, B = Peer(b"a"), Peer(b"b")


def worker(batch: int = 8, task: str = "faces", model: str = "landmarks") -> Worker:
    made = Worker(Hello(role=Hello.WORKER, name="w", task=task, model=model), 0.0)
    made.handle(Input.LOADED)
    made.batch = batch
    return made


def call(number: int, *, live: bool = True, model: str = "", deadline_s: float = 0.0) -> Call:
    return Call(id=number, task="faces", model=model, live=live, deadline_s=deadline_s)


def asked(calls: Calls, count: int, *, now: float = 0.0, live: bool = True) -> None:
    for number in range(count):
        calls.ask(HOST, call(number, live=live), b"x", now)


def ids(jobs: list[Job]) -> list[int]:
    return [job.id for job in jobs]


def test_an_idle_worker_is_given_a_call_at_once() -> None:
    calls = Calls()
    asked(calls, 1)

    (job,) = calls.assign({A: worker()}, now=0.0)

    assert (job.worker, job.id) == (A, 0)


def test_calls_gather_only_while_every_worker_is_busy() -> None:
    calls, workers = Calls(), {A: worker()}
    asked(calls, 1)
    calls.assign(workers, 0.0)
    asked(calls, 3, now=0.01)
    assert calls.assign(workers, 0.02) == []

    workers[B] = worker()

    assert [job.worker for job in calls.assign(workers, 0.03)] == [B, B, B]


def test_a_full_batch_or_an_old_one_stands_ready_behind_the_current() -> None:
    calls, workers = Calls(), {A: worker()}
    asked(calls, 1)
    calls.assign(workers, 0.0)

    asked(calls, 8, now=0.01)
    assert len(calls.assign(workers, 0.01)) == 8

    asked(calls, 2, now=0.02)
    assert calls.assign(workers, 0.02 + GATHER_FOR / 2) == []
    assert len(calls.assign(workers, 0.02 + GATHER_FOR)) == 2


def test_what_waits_is_shared_among_those_who_are_idle() -> None:
    calls = Calls()
    asked(calls, 6)

    jobs = calls.assign({A: worker(), B: worker()}, 0.0)

    assert sorted(job.worker for job in jobs if job.worker) == [A, A, A, B, B, B]


def test_live_calls_go_before_batch_work() -> None:
    calls = Calls()
    calls.ask(HOST, call(1, live=False), b"", 0.0)
    calls.ask(HOST, call(2), b"", 0.1)

    assert ids(calls.assign({A: worker(batch=1)}, 0.1)) == [2]


def test_a_call_for_one_model_waits_for_that_model() -> None:
    calls = Calls()
    calls.ask(HOST, call(1, model="other"), b"", 0.0)

    assert calls.assign({A: worker()}, 0.0) == []
    assert ids(calls.assign({A: worker(model="other")}, 0.0)) == [1]


def test_a_workers_death_costs_a_call_nothing_the_first_time() -> None:
    calls = Calls()
    asked(calls, 3)
    calls.assign({A: worker()}, 0.0)

    calls.worker_lost(A)

    jobs = calls.assign({B: worker()}, 0.1)
    assert ids(jobs) == [0, 1, 2]
    assert calls.retried == 3


def test_a_call_that_ends_two_workers_is_not_given_to_a_third() -> None:
    calls = Calls()
    asked(calls, 1)
    for peer in (A, B)[:TRIES]:
        calls.assign({peer: worker()}, 0.0)
        calls.worker_lost(peer)

    (refusal,) = calls.refuse({}, 0.0)

    assert refusal.cause == Failure.WORKER_DIED
    assert calls.assign({A: worker()}, 0.0) == []


def test_nobody_waits_longer_than_ten_seconds_and_the_cause_is_named() -> None:
    calls = Calls()
    asked(calls, 1)
    assert calls.refuse({}, LONGEST - 0.01) == []

    (nobody,) = calls.refuse({}, LONGEST)
    assert nobody.cause == Failure.NO_WORKER

    asked(calls, 1, now=20.0)
    workers = {A: worker()}
    calls.assign(workers, 20.0)
    (silent,) = calls.refuse(workers, 20.0 + LONGEST)
    assert silent.cause == Failure.TIMED_OUT
    assert "w did not answer" in silent.sentence


def test_a_shorter_deadline_is_kept_and_a_longer_one_cut() -> None:
    calls = Calls()
    calls.ask(HOST, call(1, deadline_s=0.5), b"", 0.0)
    calls.ask(HOST, call(2, deadline_s=60.0), b"", 0.0)

    assert [refusal.job.id for refusal in calls.refuse({}, 0.5)] == [1]
    assert [refusal.job.id for refusal in calls.refuse({}, LONGEST)] == [2]


def test_a_late_answer_is_counted_and_given_to_nobody() -> None:
    calls, workers = Calls(), {A: worker()}
    asked(calls, 1)
    (job,) = calls.assign(workers, 0.0)
    calls.refuse(workers, LONGEST)

    assert calls.answered(A, job.number) is None
    assert calls.late == 1


def test_an_answer_nobody_asked_for_is_given_to_nobody() -> None:
    calls = Calls()

    assert calls.answered(A, 77) is None


def test_a_worker_that_never_answers_is_found_out() -> None:
    calls, workers = Calls(), {A: worker()}
    asked(calls, 1)
    calls.assign(workers, 0.0)
    calls.refuse(workers, LONGEST)

    assert calls.stuck(LONGEST + STUCK_AFTER - 1) == []
    assert calls.stuck(LONGEST + STUCK_AFTER) == [A]


def test_too_many_calls_drop_the_oldest_batch_work_first() -> None:
    calls = Calls()
    calls.ask(HOST, call(9_999, live=False), b"", 0.5)
    asked(calls, MAX_WAITING)

    assert [refusal.job.id for refusal in calls.refuse({}, 1.0)] == [9_999]

    calls.ask(HOST, call(5_000), b"", 1.0)
    assert [refusal.job.id for refusal in calls.refuse({}, 1.0)] == [0]
    assert calls.dropped == 2
    assert calls.waiting == MAX_WAITING


def test_who_is_gone_is_not_answered_and_nothing_of_theirs_waits() -> None:
    calls, workers = Calls(), {A: worker(batch=1)}
    calls.ask(TOOL, call(1), b"", 0.0)
    (job,) = calls.assign(workers, 0.0)
    calls.ask(TOOL, call(2), b"", 0.0)

    calls.client_lost(TOOL)

    assert calls.waiting == 0
    assert calls.answered(A, job.number) is None


def test_what_was_answered_is_forgotten() -> None:
    calls, workers = Calls(), {A: worker()}
    for second in range(40):
        asked(calls, 5, now=float(second))
        for job in calls.assign(workers, float(second)):
            answered = calls.answered(A, job.number)
            assert answered is job
        calls.refuse(workers, float(second))

    assert calls.load(A) == calls.waiting == 0
    assert len(calls._due) <= 5 * (LONGEST + 1)


def test_kinds_that_nobody_asks_for_any_more_leave_nothing_behind() -> None:
    calls = Calls()
    for number in range(50):
        calls.ask(HOST, Call(id=number, task=f"task-{number}", live=True), b"", 0.0)
    calls.refuse({}, LONGEST)

    calls.assign({}, LONGEST)

    assert calls._queues == {}
