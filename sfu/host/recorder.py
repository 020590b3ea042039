"""The recorder's process: started when a recording begins, gone when it ends, started again when it dies between.

Its files lie in `<data>/recordings/<meeting>/<recording>/tracks`, under names of ours alone.  What goes into
them is decided by the forwarder's taps (`sfu.core.recording`); packets reach it without passing through this process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sfu.host.supervision import Process, Watcher, keep_alive, spawn
from sfu.link.codec import BrokenLink, Decoder, encode
from sfu.link.recording import EVENT, Finish, NeedsKeyframe, Progress, Stopped

log = logging.getLogger("sfu.host.recorder")

NAME = "recorder"
TRACKS = "tracks"
GIVEN_UP = "The recording has stopped: the program that writes it keeps dying. What was recorded until now is kept."
# Closing a hundred files takes a tenth of this.
FINISH_DEADLINE = 10.0
_READ = 1 << 16


class _Over(Exception):
    """This life was the last: it was told to finish, or there is no room."""


class Recording(Protocol):
    def recording_needs_keyframe(self, stream: str) -> None: ...

    def recording_stopped(self, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    folder: Path
    zero: float
    over: asyncio.Event


class Recorder:
    """`begin` and `finish` never wait; `run` does the work."""

    def __init__(self, endpoint: str, recordings: Path, quota: int, meeting: Callable[[], str]) -> None:
        """`recordings`: the folder of all, which may hold `quota` bytes; `meeting`: the id of the one that is held."""
        self.endpoint = endpoint
        self.closed: Callable[[], None] = lambda: None
        """Called when the files of a recording are closed."""
        self._recordings = recordings
        self._quota = quota
        self._meeting = meeting
        self.progress: Progress | None = None
        """What the recorder last told about itself."""
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._over = asyncio.Event()
        self._over.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._ours: socket.socket | None = None
        self._sentence = ""

    def begin(self, recording: str, zero: float) -> None:
        """`zero`: second 0 of it on the monotonic clock."""
        self._over = asyncio.Event()
        self._idle.clear()
        folder = self._recordings / self._meeting() / recording / TRACKS
        self._jobs.put_nowait(_Job(folder, zero, self._over))

    def finish(self) -> None:
        self._over.set()

    async def finished(self) -> None:
        """Returns when the files of what was begun are closed."""
        await self._idle.wait()

    async def run(self, listener: Recording, watcher: Watcher) -> None:
        """Until cancelled."""
        while True:
            job = await self._jobs.get()
            try:
                await self._record(job, listener, watcher)
            finally:
                self.closed()
                if self._jobs.empty():
                    self._idle.set()

    async def _record(self, job: _Job, listener: Recording, watcher: Watcher) -> None:
        over, self.progress, self._sentence = job.over, None, ""
        await asyncio.to_thread(job.folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        room = self._quota - await asyncio.to_thread(size_of, self._recordings)
        start, attend = partial(self._start, job, room), partial(self._attend, listener, over)
        async with asyncio.TaskGroup() as tasks:
            living = tasks.create_task(_lives(start, attend, watcher), name="recorder.process")
            ending = tasks.create_task(over.wait(), name="recorder.over")
            await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not over.is_set():
                listener.recording_stopped(self._sentence or GIVEN_UP)
            await asyncio.wait({living}, timeout=FINISH_DEADLINE)
            living.cancel()
            ending.cancel()

    async def _start(self, job: _Job, room: int) -> Process:
        ours, theirs = socket.socketpair()
        self._ours = ours
        with theirs:
            arguments = ["--link-fd", str(theirs.fileno()), "--tape", self.endpoint, "--folder", str(job.folder)]
            arguments += ["--zero", repr(job.zero), "--room", str(room)]
            return await spawn("sfu.recorder", arguments, [theirs])

    async def _attend(self, listener: Recording, over: asyncio.Event, process: Process) -> None:
        """One life.  Raises _Over when it is to have no other."""
        assert self._ours is not None
        reader, writer = await asyncio.open_connection(sock=self._ours)
        finishing = asyncio.ensure_future(_say_finish(over, writer))
        decoder = Decoder(EVENT)
        try:
            while data := await reader.read(_READ):
                for event in decoder.feed(data):
                    self._heard(event, listener)
        except (BrokenLink, ConnectionError) as error:
            log.error("link lost", extra={"why": str(error), "pid": process.pid})
        finally:
            finishing.cancel()
            writer.close()
        if over.is_set() or self._sentence:
            await process.wait()
            raise _Over

    def _heard(self, event: NeedsKeyframe | Progress | Stopped, listener: Recording) -> None:
        match event:
            case NeedsKeyframe(stream=stream):
                listener.recording_needs_keyframe(stream)
            case Progress():
                self.progress = event
            case Stopped(sentence=sentence):
                self._sentence = sentence


def size_of(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


async def _lives(
    start: Callable[[], Awaitable[Process]], attend: Callable[[Process], Awaitable[None]], watcher: Watcher
) -> None:
    with contextlib.suppress(_Over):
        await keep_alive(NAME, start, watcher, attend, at_once=True)


async def _say_finish(over: asyncio.Event, writer: asyncio.StreamWriter) -> None:
    await over.wait()
    writer.write(encode(Finish()))
