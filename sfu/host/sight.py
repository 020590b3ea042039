"""The worker that reads faces: started when the first person asks, kept alive from then on.

Most meetings never ask, so nothing is loaded before.  Without weights people are told how to fetch them, and once
they are there it can be asked for.  Whose face may be read is not decided here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from models.catalogue import shipped_catalogue
from models.registry import Registry
from models.wire import OpenStream, Result, WorkerState
from sfu.core.emotions import Seen
from sfu.host.supervision import Process, Watcher, keep_alive, spawn
from sfu.rtp.errors import UserError
from sfu.wire.messages import CaptionsWorker

log = logging.getLogger("sfu.host.sight")

WORKER = "emotion-1"
LANDMARKS = "face-landmarker"
# It shares the computer with captions, which matter more.
THREADS = 1
# A worker that needs twice what was measured has a leak: it leaves in order and another takes over.
MEMORY_HEADROOM = 2
LOOK_AGAIN = 5.0
GIVEN_UP = "Guesses about faces stopped working on the host's computer. Run `parley doctor` there to see why."


class Watching(Protocol):
    def sight(self, up: bool) -> None: ...

    def sight_available(self, available: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None: ...

    def sight_began(self) -> None: ...


class Sight:
    """`wanted` is set by whoever opens the first stream."""

    def __init__(self, endpoint: str, models: Path, model: str, device: str) -> None:
        self._endpoint, self._models, self._model, self._device = endpoint, models, model, device
        self.wanted = asyncio.Event()
        self._ready: dict[str, CaptionsWorker] = {}

    async def run(self, listener: Watching, watcher: Watcher) -> None:
        """Until cancelled, or the worker has died too often."""
        await self._weights(listener)
        listener.sight_available(False, "", [])
        listener.sight(up=True)
        await self.wanted.wait()
        await keep_alive(WORKER, self._start, watcher)
        listener.sight(up=False)
        listener.sight_available(False, GIVEN_UP, [])

    def worker_is(self, event: WorkerState, listener: Watching) -> None:
        """A worker that begins has seen nothing yet: its pictures begin with a key frame."""
        log.info("worker", extra={"worker": event.name, "state": WorkerState.State.Name(event.state)})
        if event.state == WorkerState.READY:
            self._ready[event.name] = CaptionsWorker(
                name=event.name, machine=event.machine, device=event.device, compute=event.compute, model=event.model
            )
            self._tell(listener)
            listener.sight_began()
        elif event.state in (WorkerState.DEAD, WorkerState.DRAINING) and self._ready.pop(event.name, None) is not None:
            self._tell(listener)

    def forget(self, listener: Watching) -> None:
        """A new broker announces its workers anew."""
        self._ready.clear()
        self._tell(listener)

    def _tell(self, listener: Watching) -> None:
        workers = [worker for _, worker in sorted(self._ready.items())]
        listener.sight_available(bool(workers), "", workers)

    async def _weights(self, listener: Watching) -> None:
        registry = Registry(self._models)
        while True:
            try:
                for model in (LANDMARKS, self._model):
                    await asyncio.to_thread(registry.path, model)
                return
            except UserError as missing:
                sentence = f"There are no guesses about faces: {missing.sentence}"
                listener.sight_available(False, sentence[:500], [])
            await asyncio.sleep(LOOK_AGAIN)

    async def _start(self) -> Process:
        needs = [shipped_catalogue().get(name) for name in (LANDMARKS, self._model)]
        memory = MEMORY_HEADROOM * sum(model.memory_mb for model in needs if model is not None)
        arguments = ["--task", "emotion", "--model", self._model, "--broker", self._endpoint]
        arguments += ["--models", str(self._models), "--device", self._device, "--threads", str(THREADS)]
        return await spawn("models.runtime.worker", [*arguments, "--name", WORKER, "--memory-mb", str(memory)])


def wants(stream: str) -> OpenStream:
    """How a face's stream is opened."""
    return OpenStream(stream=stream, task="emotion", codec="vp8", clock_rate=90_000)


def seen(event: Result) -> Seen:
    face = event.face
    return Seen(
        stream=event.stream, present=face.present, box=(face.x, face.y, face.width, face.height), label=face.label,
        confidence=face.confidence, unclear=face.unclear, captured_s=face.captured_s,
    )  # fmt: skip
