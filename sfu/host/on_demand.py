"""A worker that is started when somebody first asks for it, and kept alive from then on.

Most meetings never ask, so nothing is loaded before.  Without weights people are told how to fetch them, and once
they are there it can be asked for.  Whose face may be looked at is not decided here.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from models.catalogue import shipped_catalogue
from models.registry import Registry
from models.wire import WorkerState
from sfu.host.supervision import Process, Watcher, keep_alive, spawn
from sfu.rtp.errors import UserError
from sfu.wire.messages import CaptionsWorker

log = logging.getLogger("sfu.host.workers")

# It shares the computer with captions, which matter more.
THREADS = 1
# A worker that needs twice what was measured has a leak: it leaves in order and another takes over.
MEMORY_HEADROOM = 2
LOOK_AGAIN = 5.0

ListenerT = TypeVar("ListenerT")


@dataclass(frozen=True, slots=True)
class Job:
    """`needs`: models of the catalogue, the one that the worker is started with last; the sentences are for people."""

    worker: str
    task: str
    needs: tuple[str, ...]
    missing: str
    given_up: str
    working_mb: int = 0
    """What the work itself takes, beside what was measured of the models."""


@dataclass(frozen=True, slots=True)
class Where:
    """The broker's endpoint, the folder of models, and the device."""

    endpoint: str
    models: Path
    device: str


class OnDemand(ABC, Generic[ListenerT]):
    """`wanted` is set by whoever asks first."""

    def __init__(self, job: Job, where: Where) -> None:
        self.job = job
        self._where = where
        self.wanted = asyncio.Event()
        self._possible = False
        self._ready: dict[str, CaptionsWorker] = {}

    @abstractmethod
    def _tell(self, listener: ListenerT, possible: bool, sentence: str, workers: list[CaptionsWorker]) -> None:
        """What people may know: whether it can be had, why not, and who is ready."""

    def _began(self, listener: ListenerT) -> None:
        """A worker has become ready, and has seen nothing yet."""

    async def run(self, listener: ListenerT, watcher: Watcher) -> None:
        """Until cancelled, or the worker has died too often."""
        await self._weights(listener)
        self._possible = True
        self._say(listener)
        await self.wanted.wait()
        await keep_alive(self.job.worker, self._start, watcher)
        self._possible = False
        self._say(listener, self.job.given_up)

    def worker_is(self, event: WorkerState, listener: ListenerT) -> None:
        log.info("worker", extra={"worker": event.name, "state": WorkerState.State.Name(event.state)})
        if event.state == WorkerState.READY:
            self._ready[event.name] = CaptionsWorker(
                name=event.name, machine=event.machine, device=event.device, compute=event.compute, model=event.model
            )
            self._say(listener)
            self._began(listener)
        elif event.state in (WorkerState.DEAD, WorkerState.DRAINING) and self._ready.pop(event.name, None) is not None:
            self._say(listener)

    def forget(self, listener: ListenerT) -> None:
        """A new broker announces its workers anew."""
        self._ready.clear()
        self._say(listener)

    def _say(self, listener: ListenerT, sentence: str = "") -> None:
        self._tell(listener, self._possible, sentence, [worker for _, worker in sorted(self._ready.items())])

    async def _weights(self, listener: ListenerT) -> None:
        registry = Registry(self._where.models)
        while True:
            try:
                for model in self.job.needs:
                    await asyncio.to_thread(registry.path, model)
                return
            except UserError as missing:
                self._say(listener, f"{self.job.missing} {missing.sentence}"[:500])
            await asyncio.sleep(LOOK_AGAIN)

    async def _start(self) -> Process:
        job, where = self.job, self._where
        needs = [shipped_catalogue().get(name) for name in job.needs]
        memory = MEMORY_HEADROOM * (job.working_mb + sum(model.memory_mb for model in needs if model is not None))
        arguments = ["--task", job.task, "--model", job.needs[-1], "--broker", where.endpoint]
        arguments += ["--models", str(where.models), "--device", where.device, "--threads", str(THREADS)]
        return await spawn("models.runtime.worker", [*arguments, "--name", job.worker, "--memory-mb", str(memory)])
