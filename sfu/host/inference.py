"""Captions for the host: a broker, a worker, and the client that opens a stream per consented speaker.

Without weights the meeting goes on without captions and people are told how to fetch them; once they are there the
worker starts by itself.  A worker that dies is started again, and the broker replays what it had not finished.
Nothing here decides whose speech may be captioned: `open` is called for those who agreed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from models.catalogue import shipped_catalogue
from models.registry import Registry
from models.runtime.client import BrokerClient, Event, Restarted
from models.runtime.devices import CPU, chosen
from models.wire import CloseStream, Failure, OpenStream, Result, StreamHealth, Tune, WorkerState
from sfu import rendezvous
from sfu.core.captions import Heard
from sfu.core.captions_health import CaptionsHealth, Health, Pace, Worker
from sfu.core.check_results import Weighed
from sfu.core.effects import Evidence, Tuning
from sfu.core.emotions import Seen
from sfu.host import checking, sight
from sfu.host.checking import Checking
from sfu.host.on_demand import Where
from sfu.host.sight import Sight
from sfu.host.supervision import Process, Watcher, keep_alive, spawn
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import CaptionsWorker, Effort

log = logging.getLogger("sfu.host.inference")

BROKER, WORKER = "broker", "captions"
# A worker that needs twice what was measured for its model has a leak: it leaves in order and another takes over.
MEMORY_HEADROOM = 2
# Somebody who reads "run parley models fetch" and does it should not have to do anything else.
LOOK_AGAIN = 5.0


class Listener(Protocol):
    def inference(self, health: Health) -> None: ...

    def workers(self, workers: Sequence[CaptionsWorker]) -> None: ...

    def heard(self, heard: Heard) -> None: ...

    def translated(self, stream: str, segment: int, text: str) -> None: ...

    def interrupted(self, streams: Sequence[str]) -> None: ...

    def notice(self, code: str, sentence: str) -> None: ...

    def sight(self, up: bool) -> None: ...

    def sight_available(self, available: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None: ...

    def sight_began(self) -> None: ...

    def saw(self, seen: Seen) -> None: ...

    def blind(self, stream: str) -> None: ...

    def checks_available(self, possible: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None: ...

    def weighed(self, weighed: Weighed) -> None: ...


@dataclass(frozen=True, slots=True)
class Settings:
    model: str
    models: Path
    device: str
    threads: int
    language: str
    workers_at: str = ""
    """Where workers of other computers are taken: `tcp://ADDRESS:PORT`, or nowhere."""
    keys: Path = Path()
    emotion_model: str = "expressions-fer2013"


@dataclass(frozen=True, slots=True)
class _Open:
    stream: str
    tuning: Tuning


@dataclass(frozen=True, slots=True)
class _Tune:
    stream: str
    tuning: Tuning


@dataclass(frozen=True, slots=True)
class _Look:
    stream: str


@dataclass(frozen=True, slots=True)
class _Check:
    stream: str


@dataclass(frozen=True, slots=True)
class _Weigh:
    stream: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Close:
    stream: str


class Inference:
    """`folder`: private (0700), for the broker's sockets."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._devices = chosen(settings.device)
        model = shipped_catalogue().get(settings.model)
        self._memory_mb = model.memory_mb if model is not None else 0
        self._health = CaptionsHealth()
        self._ready: dict[str, CaptionsWorker] = {}
        """Workers that caption now, on this computer and on others."""
        self._last = self._health.health()
        self.settled = asyncio.Event()
        """Set once the worker runs, or it is known why it does not."""
        self._wishes: asyncio.Queue[_Open | _Tune | _Look | _Check | _Weigh | _Close] = asyncio.Queue()
        self._streams: set[str] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        # Faces are small networks of ONNX Runtime's, whose wheel knows no graphics card (`cuda` in pyproject.toml).
        where = Where(self._endpoint, settings.models, CPU)
        self._sight = Sight(where, settings.emotion_model)
        self._checking = Checking(where)

    @property
    def tap(self) -> str:
        """Where the forwarder sends consented packets."""
        return rendezvous.place(self._folder, "tap")

    @property
    def _endpoint(self) -> str:
        return rendezvous.place(self._folder, BROKER)

    # -- streams ---------------------------------------------------------------------------------------------

    def open(self, stream: str, tuning: Tuning) -> None:
        self._streams.add(stream)
        self._quiet.clear()
        self._wishes.put_nowait(_Open(stream, tuning))

    def tune(self, stream: str, tuning: Tuning) -> None:
        """Somebody joined, the glossary was edited, or the speaker said which language they speak."""
        self._wishes.put_nowait(_Tune(stream, tuning))

    def look(self, stream: str) -> None:
        """Faces are read in this stream."""
        self._sight.wanted.set()
        self._wishes.put_nowait(_Look(stream))

    def prepare_check(self) -> None:
        """Somebody may be checked soon."""
        self._checking.wanted.set()

    def check(self, stream: str) -> None:
        """A camera is checked in this stream."""
        self._checking.wanted.set()
        self._wishes.put_nowait(_Check(stream))

    def weigh(self, stream: str, evidence: Evidence) -> None:
        """All has come; the stream is closed next."""
        self._wishes.put_nowait(_Weigh(stream, evidence))

    def close(self, stream: str) -> None:
        """What was said until now still comes."""
        self._wishes.put_nowait(_Close(stream))

    async def drained(self) -> None:
        """Waits until the last words of every closed stream are out."""
        await self._quiet.wait()

    def _gone(self, stream: str, listener: Listener) -> None:
        self._streams.discard(stream)
        if not self._streams:
            self._quiet.set()
        self._tell(listener, self._health.closed(stream))

    # -- processes -------------------------------------------------------------------------------------------

    async def run(self, listener: Listener, watcher: Watcher) -> None:
        """Until cancelled.  The client lives as long as this does; children come and go."""
        async with BrokerClient(self._endpoint, "host") as client, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ask(client), name="inference.ask")
            tasks.create_task(self._listen(client, listener), name="inference.listen")
            broker = keep_alive(BROKER, self._start_broker, watcher, at_once=True)
            tasks.create_task(broker, name="inference.broker")
            tasks.create_task(self._keep_worker(listener, watcher), name="inference.worker")
            tasks.create_task(self._sight.run(listener, watcher), name="inference.sight")
            tasks.create_task(self._checking.run(listener, watcher), name="inference.checking")

    async def _keep_worker(self, listener: Listener, watcher: Watcher) -> None:
        await self._weights(listener)
        self._tell(listener, self._health.worker(Worker.LOADING))
        async with asyncio.TaskGroup() as tasks:
            for number, device in enumerate(self._devices, 1):
                name = f"{WORKER}-{number}"
                start = partial(self._start_worker, name, device)
                life = keep_alive(name, start, watcher, at_once=True)
                tasks.create_task(life, name=f"inference.{name}")
        self._tell(listener, self._health.worker(Worker.GIVEN_UP))
        listener.notice(ErrorCode.WORKER_DIED, self._health.health().sentence)

    async def _weights(self, listener: Listener) -> None:
        """Waits until the model is here.  Looking may hash 150 MB, so it is done in a thread."""
        registry = Registry(self._settings.models)
        while True:
            try:
                await asyncio.to_thread(registry.path, self._settings.model)
                return
            except UserError as missing:
                sentence = f"There are no captions: {missing.sentence}"
                if self._tell(listener, self._health.worker(Worker.NO_WEIGHTS, sentence)):
                    log.warning("captions off", extra={"code": missing.code})
                self.settled.set()
            await asyncio.sleep(LOOK_AGAIN)

    async def _start_broker(self) -> Process:
        arguments = ["--dir", str(self._folder)]
        if self._settings.workers_at:
            arguments += ["--listen", self._settings.workers_at, "--keys", str(self._settings.keys)]
        return await spawn("models.runtime.broker", arguments)

    async def _start_worker(self, name: str, device: str) -> Process:
        settings = self._settings
        arguments = ["--task", "captions", "--model", settings.model, "--broker", self._endpoint]
        arguments += ["--models", str(settings.models), "--device", device]
        arguments += ["--threads", str(settings.threads), "--name", name]
        arguments += ["--memory-mb", str(MEMORY_HEADROOM * self._memory_mb)]
        process = await spawn("models.runtime.worker", arguments, large_pages=True)
        self.settled.set()
        return process

    # -- the broker ------------------------------------------------------------------------------------------

    async def _ask(self, client: BrokerClient) -> None:
        while True:
            match await self._wishes.get():
                case _Open(stream, tuning):
                    await client.open(OpenStream(
                        stream=stream, task="captions", codec="opus", clock_rate=48_000, hints=tuning.hints,
                        language=tuning.language, usual_language=self._settings.language,
                        worker_model=self._settings.model, translate=tuning.translate,
                    ))  # fmt: skip
                case _Tune(stream, tuning):
                    await client.tune(Tune(
                        stream=stream, language=tuning.language, hints=tuning.hints, translate=tuning.translate,
                    ))  # fmt: skip
                case _Look(stream):
                    await client.open(sight.wants(stream))
                case _Check(stream):
                    await client.open(checking.wants(stream))
                case _Weigh(stream, evidence):
                    await client.tune(checking.weighing(stream, evidence))
                case _Close(stream):
                    await client.close_stream(stream)

    async def _listen(self, client: BrokerClient, listener: Listener) -> None:
        async for event in client.events():
            self._happened(event, listener)

    def _happened(self, event: Event, listener: Listener) -> None:
        match event:
            case Result() if event.HasField("caption"):
                listener.heard(_heard(event))
            case Result() if event.HasField("translation"):
                listener.translated(event.stream, event.translation.segment, event.translation.text)
            case Result() if event.HasField("face"):
                listener.saw(sight.seen(event))
            case Result() if event.HasField("check"):
                listener.weighed(checking.weighed(event))
            case Result() if event.health.wants_keyframe:
                listener.blind(event.stream)
            case Result() if event.HasField("health"):
                self._tell(listener, self._health.behind(event.stream, _pace(event.health)))
            case WorkerState(task="emotion"):
                self._sight.worker_is(event, listener)
            case WorkerState(task=checking.TASK):
                self._checking.worker_is(event, listener)
            case WorkerState():
                self._worker_is(event, listener)
            case Restarted():
                self._sight.forget(listener)
                self._checking.forget(listener)
                self._ready.clear()     # those that found the new broker are announced by it
                listener.workers([])
                listener.interrupted(event.unfinished)
            case CloseStream():
                self._gone(event.stream, listener)
            case Failure():
                log.warning("broker refused", extra={"stream": event.stream, "cause": event.cause})
                self._gone(event.stream, listener)

    def _worker_is(self, event: WorkerState, listener: Listener) -> None:
        log.info("worker", extra={"worker": event.name, "state": WorkerState.State.Name(event.state)})
        match event.state:
            case WorkerState.READY:
                self._ready[event.name] = _shown(event)
                listener.workers(self._by_name())
                self._tell(listener, self._health.worker(Worker.READY))
            case WorkerState.DEAD | WorkerState.DRAINING:
                self._ready.pop(event.name, None)
                listener.workers(self._by_name())
                if self._ready:
                    return  # its streams have gone to another
                if self._tell(listener, self._health.worker(Worker.RESTARTING)):
                    listener.notice(ErrorCode.WORKER_DIED, self._health.health().sentence)

    def _by_name(self) -> list[CaptionsWorker]:
        return [worker for _, worker in sorted(self._ready.items())]

    def _tell(self, listener: Listener, health: Health) -> bool:
        """Whether that was news."""
        news = health != self._last
        self._last = health
        if news:
            listener.inference(health)
        return news


def _shown(event: WorkerState) -> CaptionsWorker:
    return CaptionsWorker(
        name=event.name, machine=event.machine, device=event.device, compute=event.compute, model=event.model
    )


def _pace(health: StreamHealth) -> Pace:
    """An effort that is unknown here is of a newer worker, and harder than any known."""
    known = list(Effort)
    return Pace(health.behind_s, known[min(health.effort, len(known) - 1)], health.model)


def _heard(event: Result) -> Heard:
    caption = event.caption
    return Heard(
        stream=event.stream,
        segment=caption.segment,
        committed=caption.committed,
        tail=caption.tail,
        final=caption.final,
        language=caption.language,
        start_s=caption.start_s,
        end_s=caption.end_s,
        confidence=caption.confidence,
    )
