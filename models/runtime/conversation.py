"""A worker's conversation with the broker, held by two threads in turn.

ZeroMQ's sockets may go from thread to thread, but are used by one at a time: a lock decides.  The thread with the
model (`labour`) holds it while it waits for messages and while it sends answers, and lets go while the model works.
The main thread looks in every `EVERY_S` and, when it finds the lock free, does what the other would have done: reads,
answers pings, sees to a stop.  So nothing is handed from thread to thread on the way of a call (it cost 81 us of 550,
bench `broker`), and a worker whose model works for seconds is still there for the broker.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil
import zmq

from models.core.outbox import Outbox, Waiting
from models.runtime.clock import HostClock
from models.runtime.curve import Handshake, WorkerKeys, read_worker_keys
from models.runtime.dealer import dealer
from models.runtime.process import StopSignal
from models.wire import (
    Body,
    Call,
    Chunk,
    Claim,
    CloseStream,
    Drain,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Result,
    Terminate,
    Tune,
    decode,
    encode,
)
from sfu import rendezvous
from sfu.rtp.errors import PeerFault

log = logging.getLogger("models.worker")

# The broker pings every second; after this long without a word it may be a new one that does not know us.
SILENCE = 3.0
# How long a worker that was asked to stop waits for the broker to move its streams.
LEAVE_WITHIN = 2.0
LAST_WORDS_MS = 200
EVERY_S = 0.05
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Link:
    """The way to the broker.  `keys`: only to another computer, whose clock is not ours."""

    endpoint: str
    clock: HostClock
    keys: WorkerKeys | None = None

    @classmethod
    def to(cls, endpoint: str, key: Path | None) -> Self:
        if key is None:
            return cls(endpoint, HostClock(shared=True))
        return cls(endpoint, HostClock(shared=False), read_worker_keys(key))


class Conversation:
    """`over`: the broker said Terminate, or we were asked to stop and have left in order."""

    def __init__(self, link: Link, hello: Hello, stop: StopSignal, ceiling_mb: int = 0) -> None:
        """`ceiling_mb`: leave when the process has grown beyond this; 0: never."""
        self._hello = hello
        self._clock = link.clock
        self._stop = stop
        self._ceiling = ceiling_mb << 20
        self.over = False
        self.outgrown = False
        """It has grown beyond its ceiling and leaves; whoever started it may start another."""
        self._lock = threading.Lock()
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = dealer(self._context, LAST_WORDS_MS)
        self._watch = Handshake(self._socket, link.keys) if link.keys is not None else None
        rendezvous.connect(self._socket, link.endpoint)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._inbox = Outbox()
        self._ready: Ready | None = None
        self._broker: int | None = None
        self._streams: dict[str, int] = {}
        """Those it reads, and how many final segments it has said of each."""
        self._heard = self._asked = time.monotonic()
        self._duty_at = 0.0
        self._leave_by = NEVER
        self._queued, self._busy_s = 0, 0.0
        self._send(hello)

    # -- for the thread with the model -------------------------------------------------------------------------

    def hear(self, wait_s: float) -> list[Waiting]:
        """Streams, their packets and calls since the last time; waits so long for one."""
        with self._lock:
            if not self._inbox and self._poller.poll(int(wait_s * 1000)):
                self._read()
            self._duties()
            return [self._inbox.pop() for _ in range(len(self._inbox))]

    def tell(self, answers: Sequence[Waiting]) -> None:
        """Sends them; when the conversation is over they are of no use to anybody."""
        with self._lock:
            if self.over:
                return
            for answer in answers:
                self._note(answer.body)
                self._send(answer.body, answer.payload)
            self._read()

    @property
    def waiting(self) -> bool:
        """Something has come that `hear` would bring."""
        return bool(self._inbox)

    def worked(self, seconds: float, queued: int) -> None:
        """`seconds` of the model's time went by; so many streams wait for it."""
        self._busy_s += seconds
        self._queued = queued

    # -- for the main thread -----------------------------------------------------------------------------------

    def look_in(self) -> None:
        """Stands in for the other thread if it is at work with its model."""
        if self._lock.acquire(blocking=False):
            try:
                self._read()
                self._duties()
            finally:
                self._lock.release()

    def close(self) -> None:
        with self._lock:
            self.over = True
            if self._watch is not None:
                self._watch.close()
            self._socket.close()
            self._context.term()

    # -- whoever holds the lock --------------------------------------------------------------------------------

    def _read(self) -> None:
        while int(self._socket.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
            frames = self._socket.recv_multipart(zmq.NOBLOCK)
            self._heard = time.monotonic()
            try:
                body, payload = decode(frames)
            except PeerFault as fault:
                log.warning("bad frame from the broker", extra={"code": fault.code})
                continue
            self._take(body, payload)

    def _take(self, body: Body, payload: bytes) -> None:
        match body:
            case Chunk() | CloseStream() | Tune() | Call():
                self._inbox.put(Waiting(body, payload))
            case OpenStream():
                self._streams[body.stream] = 0
                self._inbox.put(Waiting(body))
            case Ping():
                self._clock.hear(body.now_s)
                self._send(self._pong(body.n))
            case Hello():
                self._meet(body.pid)
            case Drain():
                for stream in self._streams:
                    self._inbox.put(Waiting(CloseStream(stream=stream)))
            case Terminate():
                self.over = True
            case Failure():
                log.warning("the broker refused a message", extra={"sentence": body.sentence})
            case _:
                log.warning("unexpected message", extra={"kind": type(body).__name__})

    def _note(self, answer: Body) -> None:
        match answer:
            case Ready():
                self._ready = answer
            case CloseStream():
                self._streams.pop(answer.stream, None)
            case Result() if answer.caption.final and answer.stream in self._streams:
                self._streams[answer.stream] = answer.caption.segment

    def _meet(self, broker: int) -> None:
        """The broker answered our hello.  Another process than before learns which streams we still read."""
        if self._broker not in (None, broker):
            log.warning("the broker was restarted", extra={"streams": len(self._streams)})
        self._broker = broker
        if self._ready is not None:
            del self._ready.claims[:]
            self._ready.claims.extend(Claim(stream=name, finals=finals) for name, finals in self._streams.items())
            self._send(self._ready)

    def _duties(self) -> None:
        """What is due without a message: our key was refused (UserError), the broker is silent, we shall stop."""
        now = time.monotonic()
        if now < self._duty_at:
            return
        self._duty_at = now + EVERY_S
        if self._watch is not None:
            self._watch.check()
        if now - max(self._heard, self._asked) > SILENCE:
            self._asked = now
            self._send(self._hello)
        if self._leave_by == NEVER and (self._stop.asked or self._stop.parent_gone or self.outgrown):
            self._leave_by = now + LEAVE_WITHIN
            self._send(Drain())
        self.over = self.over or now >= self._leave_by

    def _pong(self, number: int) -> Pong:
        busy, self._busy_s = min(1.0, self._busy_s), 0.0
        rss = psutil.Process().memory_info().rss
        if self._ceiling and rss > self._ceiling and not self.outgrown:
            self.outgrown = True
            log.error("too much memory", extra={"rss_mb": rss >> 20, "ceiling_mb": self._ceiling >> 20})
        return Pong(n=number, streams=len(self._streams), waiting=self._queued, busy=busy, rss_bytes=rss)

    def _send(self, body: Body, payload: bytes = b"") -> None:
        try:
            self._socket.send_multipart(encode(body, payload), zmq.NOBLOCK)
        except zmq.Again:
            log.warning("the broker takes no messages", extra={"kind": type(body).__name__})
