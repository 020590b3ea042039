"""The recorder's one loop: take packets from the tape, make frames of them, write them, tell the host how it goes.

It ends when the host says so or is gone, and when the disk has no more room: then the files are closed as they are,
because a meeting's transcript must still find room.  It never ends because of what people send.
"""

from __future__ import annotations

import selectors
import shutil
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import zmq

from sfu import rendezvous
from sfu.core.tracks import Ended, Frame, Tracks
from sfu.link.channel import Channel, LinkClosed
from sfu.link.recording import ORDER, Finish, NeedsKeyframe, Progress, Stopped
from sfu.link.tape import unpack
from sfu.recorder.files import Files
from sfu.rtp.errors import ErrorCode

# Ten people send so many bytes in a minute; less than that must stay free for what else the host writes down.
RESERVE = 200 << 20
POLL_EVERY = 0.1
TELL_EVERY = 1.0
_DISK_FULL = "The recording has stopped, because the host's disk is full. What was recorded until now is kept."
_QUOTA = "The recording has stopped, because recordings may take no more room on the host's disk."


@dataclass(frozen=True, slots=True)
class Job:
    """`zero`: second 0 of the recording on the monotonic clock; `room`: bytes it may take; `reserve`: to leave free."""

    endpoint: str
    folder: Path
    zero: float
    room: int
    reserve: int = RESERVE


class _NoRoom(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Loop:
    """Owns the tape's socket, the link to the host and the files."""

    def __init__(self, job: Job, link: socket.socket) -> None:
        self._job = job
        self._link: Channel[Finish] = Channel(link, ORDER)
        self._tracks = Tracks(job.zero)
        self._files = Files(job.folder)
        self._tell_at = 0.0

    def run(self) -> None:
        """Until Finish, the end of the link, or no room."""
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        tape = context.socket(zmq.PULL)
        try:
            rendezvous.bind(tape, self._job.endpoint)
            self._record(tape)
        except LinkClosed:
            pass  # the host was killed: what we have is closed in order
        except _NoRoom as full:
            self._files.close()
            self._tracks = Tracks(self._job.zero)  # nothing more is written
            self._say_stopped(full.sentence)
        finally:
            self._finish()
            tape.close(linger=0)
            context.term()
            self._link.close()

    def _record(self, tape: zmq.Socket[bytes]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._link, selectors.EVENT_READ)
            selector.register(tape.FD, selectors.EVENT_READ)
            while True:
                selector.select(POLL_EVERY)
                self._take(tape)
                if self._link.receive():
                    self._take(tape)
                    return
                now = time.monotonic()
                self._write(self._tracks.poll(now))
                for stream in self._tracks.wants_keyframe(now):
                    self._link.send(NeedsKeyframe(stream=stream))
                self._tell(now)

    def _take(self, tape: zmq.Socket[bytes]) -> None:
        """Everything that is there; a ZeroMQ socket says once that something came, so nothing may be left."""
        while int(tape.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            now = time.monotonic()
            for packet in unpack(tape.recv(zmq.NOBLOCK)):
                self._write(self._tracks.feed(packet, now))

    def _write(self, events: Iterable[Frame | Ended]) -> None:
        try:
            for event in events:
                self._files.write(event)
        except (OSError, av.error.FFmpegError) as error:
            raise _NoRoom(_DISK_FULL) from error

    def _tell(self, now: float) -> None:
        if now < self._tell_at:
            return
        self._tell_at = now + TELL_EVERY
        if shutil.disk_usage(self._job.folder).free < self._job.reserve:
            raise _NoRoom(_DISK_FULL)
        if self._files.octets > self._job.room:
            raise _NoRoom(_QUOTA)
        self._link.send(Progress(
            seconds=max(0.0, now - self._job.zero), octets=self._files.octets, tracks=len(self._tracks),
            lost=self._tracks.lost, cpu_s=time.process_time(),
        ))  # fmt: skip
        self._link.flush()

    def _say_stopped(self, sentence: str) -> None:
        try:
            self._link.send(Stopped(code=ErrorCode.DISK_FULL, sentence=sentence))
        except LinkClosed:
            return

    def _finish(self) -> None:
        try:
            for event in self._tracks.finish(time.monotonic()):
                self._files.write(event)
        except (OSError, av.error.FFmpegError):
            pass  # there was no room for the last frames; `run` has said why
        self._files.close()
