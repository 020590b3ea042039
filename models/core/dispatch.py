"""Who does the work: workers, streams and the packets between them.

Workers are slow to start, may die at any moment and may lie.  This module decides which worker reads which stream,
what is replayed when one dies, and what clients are told.  It opens no socket and reads no clock: feed it what
arrived with the time it arrived, then send everything `poll(now)` returns, and come back at `wake_at()`.

Trust: a worker that breaks the protocol is dismissed and its streams move on; a client that does is told so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.core.members import ANNOUNCED, Input, Member, Peer, State, Stream, Worker
from models.core.ring import Packet
from models.wire import (
    Body,
    Call,
    Chunk,
    CloseStream,
    Drain,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Result,
    StreamHealth,
    Terminate,
    WorkerState,
)
from sfu.rtp.errors import ErrorCode, PeerFault

PING_EVERY = 1.0
# A worker answers pings from a thread of its own, whatever its model does: five unanswered ones are a death.
DEAD_AFTER = 5.0
# How long the last words of a closed stream may take.
CLOSE_WITHIN = 10.0
MAX_STREAMS = 256
# No packet is longer on its way from the microphone to the tap.
LONGEST_WAY = 5.0
# Capture times are estimates from sender reports; a result may lie this far in the future, no further.
CLOCK_SLACK = 1.0


CAUSES = {
    ErrorCode.UNSUPPORTED: Failure.UNSUPPORTED,
    ErrorCode.TOO_LARGE: Failure.TOO_LARGE,
    ErrorCode.TOO_MANY: Failure.OVERLOADED,
}


@dataclass(frozen=True, slots=True)
class Send:
    """Send this to that peer."""

    peer: Peer
    body: Body
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Stats:
    workers: int
    clients: int
    streams: int
    unclaimed: int
    late: int
    faults: int


class Dispatch:
    """The broker's judgement.  Feed, `poll` until empty, sleep until `wake_at`.

    `pid` goes out with every hello: who hears another one than before has met a new broker and starts over.
    """

    def __init__(self, pid: int = 0) -> None:
        self._pid = pid
        self._clients: dict[Peer, Member] = {}
        self._workers: dict[Peer, Worker] = {}
        self._streams: dict[str, Stream] = {}
        self._out: list[Send] = []
        self._ping_at = 0.0
        self._pings = 0
        self._unclaimed = self._late = self._faults = 0
        self._handlers: dict[type[Any], Callable[[Peer, Any, float], None]] = {
            Hello: self._hello, Ready: self._ready, Pong: self._pong, Drain: self._drain,
            OpenStream: self._open_stream, CloseStream: self._close_stream, Result: self._result,
            Call: self._call,
        }

    # -- what happened ---------------------------------------------------------------------------------------

    def received(self, peer: Peer, body: Body, now: float) -> None:
        """A message arrived at the ROUTER."""
        try:
            if not isinstance(body, Hello) and peer not in self._clients and peer not in self._workers:
                raise PeerFault(ErrorCode.BAD_SEQUENCE, "say hello first")
            handler = self._handlers.get(type(body))
            if handler is None:
                raise PeerFault(ErrorCode.UNKNOWN_MESSAGE, f"the broker does not take {type(body).__name__}")
            self._touch(peer, now)
            handler(peer, body, now)
        except PeerFault as fault:
            self.misbehaved(peer, fault, now)

    def tapped(self, chunk: Chunk, payload: bytes, now: float) -> None:
        """The forwarder handed out one packet of a consented track.

        Its capture time comes from the sender's reports, so from anyone: it is believed within reason.
        """
        stream = self._streams.get(chunk.stream)
        if stream is None or stream.close_by is not None:
            self._unclaimed += 1
            return
        captured = min(max(chunk.capture_us / 1e6, now - LONGEST_WAY), now)
        chunk.capture_us = int(captured * 1e6)
        stream.ring.push(Packet(chunk, payload))
        if stream.worker is not None:
            self._send(stream.worker, chunk, payload)

    def misbehaved(self, peer: Peer, fault: PeerFault, now: float) -> None:
        """It sent what it may not: a worker is dismissed, anyone else is told what was wrong."""
        self._faults += 1
        self._send(peer, Failure(cause=CAUSES.get(fault.code, Failure.MALFORMED), sentence=fault.sentence))
        if peer in self._workers:
            self._send(peer, Terminate())
            self.lost(peer, f"dismissed: {fault.sentence}", now)

    def lost(self, peer: Peer, why: str, now: float) -> None:
        """The peer is gone: its connection broke, or it fell silent.  Safe to call for strangers."""
        if (worker := self._workers.get(peer)) is not None:
            worker.handle(Input.LOST)
            del self._workers[peer]
            self._announce(worker, why)
            self._move_streams(peer, worker, now)
        elif self._clients.pop(peer, None) is not None:
            for name in [name for name, stream in self._streams.items() if stream.client == peer]:
                self._forget(name)

    def stop(self) -> None:
        """The broker is leaving: so must its workers."""
        for peer in self._workers:
            self._send(peer, Terminate())

    # -- time ------------------------------------------------------------------------------------------------

    def poll(self, now: float) -> list[Send]:
        """Everything that has to be sent by now."""
        if now >= self._ping_at:
            self._ping_at = now + PING_EVERY
            self._ping(now)
        self._end_overdue(now)
        out, self._out = self._out, []
        return out

    def wake_at(self) -> float:
        closing = (stream.close_by for stream in self._streams.values() if stream.close_by is not None)
        return min(self._ping_at, *closing, math.inf)

    def stats(self) -> Stats:
        return Stats(
            len(self._workers), len(self._clients), len(self._streams), self._unclaimed, self._late, self._faults
        )

    # -- peers -----------------------------------------------------------------------------------------------

    def _hello(self, peer: Peer, hello: Hello, now: float) -> None:
        """May be repeated: whoever has heard nothing for a while asks this way whether we are still the same."""
        self._send(peer, Hello(name="broker", pid=self._pid))
        if hello.role == Hello.WORKER:
            self._hello_worker(peer, hello, now)
        elif hello.role == Hello.CLIENT:
            self._clients[peer] = Member(hello, now)
            for worker in self._workers.values():
                self._send(peer, _worker_state(worker, ""))
        else:
            raise PeerFault(ErrorCode.UNSUPPORTED, "hello names a role that is unknown here")

    def _hello_worker(self, peer: Peer, hello: Hello, now: float) -> None:
        if not (hello.task and hello.model):
            raise PeerFault(ErrorCode.BAD_FRAME, "a worker says which task and which model it has")
        if peer not in self._workers:
            self._replace_namesakes(hello, now)
            self._workers[peer] = worker = Worker(hello, now)
            self._announce(worker, "loading its model")
        elif self._workers[peer].hello != hello:
            raise PeerFault(ErrorCode.BAD_SEQUENCE, "a worker has one model and never changes it")

    def _replace_namesakes(self, hello: Hello, now: float) -> None:
        """Its supervisor started it anew: the process that had this name is dead, silence need not prove it."""
        before = [peer for peer, worker in self._workers.items() if worker.hello.name == hello.name]
        for peer in before:
            self._send(peer, Terminate())
            self.lost(peer, "replaced by a new process", now)

    def _ready(self, peer: Peer, _ready: Ready, now: float) -> None:
        worker = self._worker(peer)
        news = worker.state is not State.READY
        worker.handle(Input.LOADED)
        if news:
            self._announce(worker, "")
        for name, stream in self._streams.items():
            if stream.worker is None:
                self._assign(name, stream, now)

    def _pong(self, peer: Peer, pong: Pong, _now: float) -> None:
        if (worker := self._workers.get(peer)) is not None:
            worker.busy = pong.busy if math.isfinite(pong.busy) else 0.0

    def _drain(self, peer: Peer, _drain: Drain, now: float) -> None:
        """A worker wants to leave: its streams move first, nothing of them is lost."""
        worker = self._worker(peer)
        worker.handle(Input.LEAVING)
        self._announce(worker, "leaving")
        self._move_streams(peer, worker, now)
        self._send(peer, Terminate())

    def _worker(self, peer: Peer) -> Worker:
        if peer not in self._workers:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "only a worker may send this")
        return self._workers[peer]

    def _touch(self, peer: Peer, now: float) -> None:
        member = self._workers.get(peer) or self._clients.get(peer)
        if member is not None:
            member.heard = now

    def _ping(self, now: float) -> None:
        members = {**self._clients, **self._workers}
        for peer, member in members.items():
            if now - member.heard > DEAD_AFTER:
                self._send(peer, Terminate())   # should it wake up again, its work is elsewhere
                self.lost(peer, f"silent for {DEAD_AFTER:.0f} seconds", now)
        self._pings += 1
        for peer in (*self._clients, *self._workers):
            self._send(peer, Ping(n=self._pings))

    # -- streams ---------------------------------------------------------------------------------------------

    def _open_stream(self, peer: Peer, wants: OpenStream, now: float) -> None:
        if peer not in self._clients:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "only a client opens streams")
        if wants.stream in self._streams:
            self._fail(peer, wants.stream, Failure.REFUSED, "a stream of this name is open already")
            return
        if len(self._streams) >= MAX_STREAMS:
            self._fail(peer, wants.stream, Failure.OVERLOADED, f"{MAX_STREAMS} streams are open already")
            return
        stream = self._streams[wants.stream] = Stream(peer, wants)
        self._assign(wants.stream, stream, now)

    def _close_stream(self, peer: Peer, close: CloseStream, now: float) -> None:
        stream = self._streams.get(close.stream)
        if stream is None:
            self._late += 1
        elif peer == stream.client and stream.close_by is None:
            self._begin_closing(close.stream, stream, now)
        elif peer == stream.worker and stream.close_by is not None:
            self._workers[peer].streams.discard(close.stream)
            stream.worker = None
            self._finish(close.stream, stream)
        elif peer in stream.past:
            self._late += 1
        elif peer != stream.client:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "it closed a stream that is not its own")

    def _begin_closing(self, name: str, stream: Stream, now: float) -> None:
        """The last words may still be on their way; the worker confirms when they are out."""
        stream.close_by = now + CLOSE_WITHIN
        if stream.worker is None and not len(stream.ring):
            self._finish(name, stream)
        elif stream.worker is not None:
            self._send(stream.worker, CloseStream(stream=name))

    def _finish(self, name: str, stream: Stream) -> None:
        self._send(stream.client, CloseStream(stream=name))
        self._forget(name)

    def _forget(self, name: str) -> None:
        stream = self._streams.pop(name)
        worker = self._workers.get(stream.worker) if stream.worker is not None else None
        if worker is not None:
            worker.streams.discard(name)
            self._send(stream.worker, CloseStream(stream=name))

    def _end_overdue(self, now: float) -> None:
        overdue = [
            (name, stream)
            for name, stream in self._streams.items()
            if stream.close_by is not None and stream.close_by <= now
        ]
        for name, stream in overdue:
            self._fail(stream.client, name, Failure.TIMED_OUT, "the last words of this stream did not come in time")
            self._finish(name, stream)

    def _assign(self, name: str, stream: Stream, now: float) -> None:
        """Give the stream to the least loaded worker that can read it, with all that is not yet final."""
        ready = [
            (len(worker.streams), worker.busy, peer)
            for peer, worker in self._workers.items()
            if worker.state is State.READY and stream.accepts(worker.hello)
        ]
        if not ready:
            self._health(name, stream, f"no {stream.wants.task} worker is ready")
            return
        peer = min(ready)[2]
        stream.worker, stream.finals_before_worker = peer, stream.finals
        self._workers[peer].streams.add(name)
        resume, packets = stream.ring.replay()
        opening = OpenStream()
        opening.CopyFrom(stream.wants)
        opening.resume_s = resume
        self._send(peer, opening)
        for packet in packets:
            self._send(peer, packet.chunk, packet.payload)
        if stream.close_by is not None:
            self._send(peer, CloseStream(stream=name))

    def _move_streams(self, peer: Peer, worker: Worker, now: float) -> None:
        names, worker.streams = sorted(worker.streams), set()
        for name in names:
            stream = self._streams[name]
            stream.abandoned_by(peer)
            self._assign(name, stream, now)

    def _result(self, peer: Peer, result: Result, now: float) -> None:
        worker = self._worker(peer)
        stream = self._streams.get(result.stream)
        if stream is None or (stream.worker != peer and peer in stream.past):
            self._late += 1
            return
        if stream.worker != peer:
            raise PeerFault(ErrorCode.NOT_ALLOWED, f"{worker.hello.name} answered for a stream it never had")
        if result.HasField("caption"):
            self._caption(stream, result, now)
        self._send(stream.client, result)

    def _caption(self, stream: Stream, result: Result, now: float) -> None:
        caption = result.caption
        if not caption.start_s <= caption.end_s <= now + CLOCK_SLACK:
            raise PeerFault(ErrorCode.BAD_FRAME, "a caption that ends before it starts, or lies in the future")
        caption.segment += stream.finals_before_worker
        if caption.segment <= stream.finals:
            raise PeerFault(ErrorCode.BAD_SEQUENCE, "a caption for a segment that is final already")
        if caption.final:
            stream.settle(caption)

    def _call(self, peer: Peer, call: Call, _now: float) -> None:
        sentence = f"no worker here answers calls for {call.task}"
        self._send(peer, Failure(id=call.id, cause=Failure.NO_WORKER, sentence=sentence))

    # -- telling ---------------------------------------------------------------------------------------------

    def _send(self, peer: Peer | None, body: Body, payload: bytes = b"") -> None:
        assert peer is not None
        self._out.append(Send(peer, body, payload))

    def _fail(self, peer: Peer, stream: str, cause: Failure.Cause.ValueType, sentence: str) -> None:
        self._send(peer, Failure(stream=stream, cause=cause, sentence=sentence))

    def _health(self, name: str, stream: Stream, reason: str) -> None:
        health = StreamHealth(waiting=len(stream.ring), reason=reason)
        self._send(stream.client, Result(stream=name, health=health))

    def _announce(self, worker: Worker, sentence: str) -> None:
        for peer in self._clients:
            self._send(peer, _worker_state(worker, sentence))


def _worker_state(worker: Worker, sentence: str) -> WorkerState:
    hello = worker.hello
    return WorkerState(
        name=hello.name,
        task=hello.task,
        model=hello.model,
        device=hello.device,
        compute=hello.compute,
        state=ANNOUNCED[worker.state],
        sentence=sentence,
    )
