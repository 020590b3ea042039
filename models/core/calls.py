"""Requests with one answer: who waits, who works, who is told that it will not be.

A call is given to an idle worker at once.  Only while every worker is busy do calls gather, to 8 or for 100 ms, because
a model answers eight pictures hardly slower than one; then the batch queues behind the least loaded worker's current
one.  Live calls go before batch work.  A worker's death costs a call nothing the first time and ends it the second:
then it is the call, not the worker.  Nobody waits longer than 10 s without being told why.

Queues are ours and bounded; when they are full the oldest go, batch work first, and are counted.  This module sends
nothing and reads no clock.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from models.core.members import Peer, State, Worker
from models.wire import Call, Failure

LONGEST = 10.0
MOST_IN_BATCH = 8
GATHER_FOR = 0.1
# Behind the batch that a worker has, one more may stand ready, so that it never waits for us.
BATCHES_AHEAD = 2
TRIES = 2
MAX_WAITING = 1024
MAX_WAITING_BYTES = 256 << 20
# Pings are answered by another thread; a model that says nothing for so long after a deadline will not say anything.
STUCK_AFTER = 20.0

Kind = tuple[str, str]
"""Task, and catalogue id of the model or "" for any."""


@dataclass(slots=True, eq=False)
class Job:
    """One call on its way.  `id` is the client's; `call` carries `number`, which is ours and unique."""

    number: int
    id: int
    client: Peer
    call: Call
    payload: bytes
    asked: float
    deadline: float
    tries: int = 0
    worker: Peer | None = None

    @property
    def kind(self) -> Kind:
        return self.call.task, self.call.model


@dataclass(frozen=True, slots=True)
class Refusal:
    """This call gets no answer, and why."""

    job: Job
    cause: Failure.Cause.ValueType
    sentence: str


@dataclass(slots=True)
class _Queue:
    """Calls of one kind that nobody has yet, oldest first."""

    live: deque[Job] = field(default_factory=deque)
    batch: deque[Job] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self.live) + len(self.batch)


class Calls:
    """`ask`, `answered`, `worker_lost`, `client_lost` say what happened; then `assign` and `refuse` what to do."""

    def __init__(self) -> None:
        self._queues: dict[Kind, _Queue] = {}
        self._given: dict[Peer, dict[int, Job]] = {}
        self._due: list[tuple[float, int, Job]] = []
        self._stuck: dict[Peer, float] = {}
        self._refusals: list[Refusal] = []
        self._number = self._waiting = self._waiting_bytes = 0
        self.dropped = self.retried = self.late = 0

    # -- what happened ---------------------------------------------------------------------------------------

    def ask(self, client: Peer, call: Call, payload: bytes, now: float) -> None:
        self._number += 1
        allowed = min(call.deadline_s, LONGEST) if call.deadline_s > 0 else LONGEST
        job = Job(self._number, call.id, client, call, payload, now, now + allowed)
        call.id = job.number
        heapq.heappush(self._due, (job.deadline, job.number, job))
        self._wait(job)
        while self._waiting > MAX_WAITING or self._waiting_bytes > MAX_WAITING_BYTES:
            self._drop_oldest()

    def answered(self, worker: Peer, number: int) -> Job | None:
        """The job that this worker answers; None if nobody waits for it any more."""
        job = self._given.get(worker, {}).pop(number, None)
        self._stuck.pop(worker, None)
        if job is None or job.worker is None:
            self.late += 1
            return None
        job.worker = None
        job.tries = TRIES
        job.payload = b""  # it stays in the list of deadlines until its own has passed
        return job

    def worker_lost(self, worker: Peer) -> None:
        """Its calls go to another worker, once."""
        self._stuck.pop(worker, None)
        for job in reversed(self._given.pop(worker, {}).values()):
            if job.worker is None:
                continue
            job.worker = None
            if job.tries < TRIES:
                self.retried += 1
                self._wait(job, first=True)
            else:
                self._refusals.append(Refusal(job, Failure.WORKER_DIED, "the workers that tried it died"))

    def client_lost(self, client: Peer) -> None:
        """Nobody waits for its calls; what is being worked on is finished for nothing."""
        for queue in self._queues.values():
            for jobs in (queue.live, queue.batch):
                for job in [job for job in jobs if job.client == client]:
                    jobs.remove(job)
                    self._counted(job, -1)
                    job.tries = TRIES
        for job in chain.from_iterable(given.values() for given in self._given.values()):
            if job.client == client:
                job.worker = None

    # -- what to do ------------------------------------------------------------------------------------------

    def assign(self, workers: Mapping[Peer, Worker], now: float) -> list[Job]:
        """Jobs that now have a `worker`, in the order in which they are to be sent."""
        out: list[Job] = []
        for kind, queue in self._queues.items():
            if not queue:
                continue
            able = {peer: worker for peer, worker in workers.items() if _answers(worker, kind)}
            while queue and (peer := self._next_worker(able, queue, now)) is not None:
                out += self._give(peer, able[peer].batch, queue, self._idle(able))
        self._queues = {kind: queue for kind, queue in self._queues.items() if queue}
        return out

    def refuse(self, workers: Mapping[Peer, Worker], now: float) -> list[Refusal]:
        """Calls that will not be answered: too late, dropped, or twice the end of a worker."""
        while self._due and self._due[0][0] <= now:
            job = heapq.heappop(self._due)[2]
            if job.worker is not None:
                self._stuck.setdefault(job.worker, now)
                name = workers[job.worker].hello.name if job.worker in workers else "its worker"
                self._refusals.append(Refusal(job, Failure.TIMED_OUT, f"{name} did not answer in time"))
                job.worker = None
            elif job.tries < TRIES and self._withdraw(job):
                self._refusals.append(self._why_nobody(job, workers))
        out, self._refusals = self._refusals, []
        return out

    def stuck(self, now: float) -> list[Peer]:
        """Workers that have been silent about a call long after its deadline."""
        return [peer for peer, since in self._stuck.items() if now - since >= STUCK_AFTER]

    def wake_at(self) -> float:
        due = self._due[0][0] if self._due else math.inf
        oldest = (queue.live[0].asked + GATHER_FOR for queue in self._queues.values() if queue.live)
        stuck = (since + STUCK_AFTER for since in self._stuck.values())
        return min(chain((due,), oldest, stuck))

    @property
    def waiting(self) -> int:
        return self._waiting

    def load(self, worker: Peer) -> int:
        """Calls that this worker has not answered yet."""
        return len(self._given.get(worker, ()))

    # -- inside ----------------------------------------------------------------------------------------------

    def _next_worker(self, able: Mapping[Peer, Worker], queue: _Queue, now: float) -> Peer | None:
        """An idle one if there is any; else, for live calls that have gathered, the least loaded with room."""
        if not able:
            return None
        load, _, _, peer = min((self.load(p), len(w.streams), w.busy, p) for p, w in able.items())
        if load == 0:
            return peer
        size = able[peer].batch
        gathered = len(queue.live) >= size or (queue.live and now - queue.live[0].asked >= GATHER_FOR)
        return peer if gathered and load < BATCHES_AHEAD * size else None

    def _idle(self, able: Iterable[Peer]) -> int:
        return sum(1 for peer in able if self.load(peer) == 0)

    def _give(self, peer: Peer, size: int, queue: _Queue, idle: int) -> list[Job]:
        """Up to a batch; what is there is shared among those who are idle."""
        jobs = queue.live or queue.batch
        share = math.ceil(len(jobs) / max(1, idle))
        given = [jobs.popleft() for _ in range(min(size, share, len(jobs)))]
        mine = self._given.setdefault(peer, {})
        for job in given:
            self._counted(job, -1)
            job.worker = peer
            job.tries += 1
            mine[job.number] = job
        return given

    def _wait(self, job: Job, first: bool = False) -> None:
        queue = self._queues.setdefault(job.kind, _Queue())
        jobs = queue.live if job.call.live else queue.batch
        if first:
            jobs.appendleft(job)
        else:
            jobs.append(job)
        self._counted(job, 1)

    def _withdraw(self, job: Job) -> bool:
        queue = self._queues.get(job.kind, _Queue())
        jobs = queue.live if job.call.live else queue.batch
        if job not in jobs:
            return False
        jobs.remove(job)
        self._counted(job, -1)
        return True

    def _counted(self, job: Job, by: int) -> None:
        self._waiting += by
        self._waiting_bytes += by * len(job.payload)

    def _drop_oldest(self) -> None:
        heads = [queue.batch[0] for queue in self._queues.values() if queue.batch]
        heads = heads or [queue.live[0] for queue in self._queues.values() if queue.live]
        oldest = min(heads, key=lambda job: job.asked)
        self._withdraw(oldest)
        self.dropped += 1
        self._refusals.append(Refusal(oldest, Failure.OVERLOADED, "more calls wait than can be kept; the oldest goes"))

    def _why_nobody(self, job: Job, workers: Mapping[Peer, Worker]) -> Refusal:
        waited = job.deadline - job.asked
        if any(_answers(worker, job.kind) for worker in workers.values()):
            return Refusal(job, Failure.OVERLOADED, f"every worker was busy for {waited:.0f} s")
        cause = Failure.WORKER_DIED if job.tries else Failure.NO_WORKER
        wanted = f"{job.call.task} with {job.call.model}" if job.call.model else job.call.task
        return Refusal(job, cause, f"no worker for {wanted} was ready within {waited:.0f} s")


def _answers(worker: Worker, kind: Kind) -> bool:
    task, model = kind
    return (
        worker.state is State.READY
        and worker.batch > 0
        and worker.hello.task == task
        and model in ("", worker.hello.model)
    )
