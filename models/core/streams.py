"""Live streams: who reads which, what is replayed when a worker dies, and what clients are told.

A stream outlives its workers.  It goes to the least loaded worker that can read it and stays there; when that worker
is lost, everything not yet final is replayed to the next.  A worker that says after the broker's restart that it still
reads a stream keeps it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from models.core.members import Peer, State, Stream, Worker
from models.core.ring import Packet
from models.wire import Chunk, CloseStream, Failure, OpenStream, Result, StreamHealth, Tune
from sfu.rtp.errors import ErrorCode, PeerFault

# How long the last words of a closed stream may take.
CLOSE_WITHIN = 10.0
MAX_STREAMS = 256
# No packet is longer on its way from the microphone to the tap.
LONGEST_WAY = 5.0
# Capture times are estimates from sender reports; a result may lie this far in the future, no further.
CLOCK_SLACK = 1.0
# Packets that arrive before the streams they belong to, after a restart: ten seconds of twelve people.
STRAYS_FOR = 15.0
MAX_STRAYS = 6_000
# After a restart of the broker a worker's claim waits so long for the client that opens the stream anew.
CLAIM_WITHIN = 10.0

SendTo = Callable[..., None]
"""(peer, body, payload = b"")."""


class Streams:
    """`workers` is the dispatch's own table, read here; everything goes out through `send`."""

    def __init__(self, workers: Mapping[Peer, Worker], send: SendTo) -> None:
        self._workers = workers
        self._send = send
        self._streams: dict[str, Stream] = {}
        self._claims: dict[str, tuple[Peer, int, float]] = {}
        self._strays: deque[Packet] = deque(maxlen=MAX_STRAYS)
        self._strays_until = math.inf
        self.unclaimed = self.late = 0

    def begin(self, now: float) -> None:
        """The broker has just started, perhaps in the middle of meetings: their clients will open their streams."""
        self._strays_until = now + STRAYS_FOR

    def __len__(self) -> int:
        return len(self._streams)

    def tapped(self, chunk: Chunk, payload: bytes, now: float) -> None:
        """One packet of a consented track.  Its capture time comes from anyone: it is believed within reason."""
        stream = self._streams.get(chunk.stream)
        if stream is None and now < self._strays_until:
            self._strays.append(Packet(chunk, payload))
            return
        if stream is None or stream.close_by is not None:
            self.unclaimed += 1
            return
        captured = min(max(chunk.capture_us / 1e6, now - LONGEST_WAY), now)
        chunk.capture_us = int(captured * 1e6)
        if stream.is_kept:
            stream.ring.push(Packet(chunk, payload))
        if stream.worker is not None:
            self._send(stream.worker, chunk, payload)

    # -- from clients ----------------------------------------------------------------------------------------

    def open(self, client: Peer, wants: OpenStream, now: float) -> None:
        if wants.stream in self._streams:
            self._fail(client, wants.stream, Failure.REFUSED, "a stream of this name is open already")
            return
        if len(self._streams) >= MAX_STREAMS:
            self._fail(client, wants.stream, Failure.OVERLOADED, f"{MAX_STREAMS} streams are open already")
            return
        stream = self._streams[wants.stream] = Stream(client, wants, finals=wants.finals)
        for packet in [stray for stray in self._strays if stray.chunk.stream == wants.stream]:
            self._strays.remove(packet)
            if stream.is_kept:
                stream.ring.push(packet)
        peer, finals, _ = self._claims.pop(wants.stream, (None, 0, 0.0))
        if peer is not None and peer in self._workers:
            self._keep(peer, wants.stream, stream, finals)
        else:
            self._assign(wants.stream, stream, now)

    def close(self, peer: Peer, name: str, now: float) -> None:
        """Its client wants no more of it, or its worker has said the last words."""
        stream = self._streams.get(name)
        if stream is None:
            self.late += 1
        elif peer == stream.client and stream.close_by is None:
            self._begin_closing(name, stream, now)
        elif peer == stream.worker and stream.close_by is not None:
            self._workers[peer].streams.discard(name)
            stream.worker = None
            self._finish(name, stream)
        elif peer in stream.past:
            self.late += 1
        elif peer != stream.client:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "it closed a stream that is not its own")

    def tune(self, client: Peer, tune: Tune) -> None:
        """Its worker now, and every later one, hears it so."""
        stream = self._streams.get(tune.stream)
        if stream is None:
            self.late += 1
            return
        if client != stream.client:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "it tuned a stream that is not its own")
        stream.tune(tune)
        if stream.worker is not None:
            self._send(stream.worker, tune)

    def client_lost(self, client: Peer) -> None:
        for name in [name for name, stream in self._streams.items() if stream.client == client]:
            self._forget(name)

    # -- from workers ----------------------------------------------------------------------------------------

    def claim(self, peer: Peer, name: str, finals: int, now: float) -> None:
        """A worker that met a new broker still reads this stream; `finals`: how many it has said of it."""
        stream = self._streams.get(name)
        if stream is None:
            self._claims[name] = peer, finals, now + CLAIM_WITHIN
        elif stream.worker is None and stream.close_by is None and not stream.past:
            self._keep(peer, name, stream, finals)
        elif stream.worker != peer:
            stream.past.add(peer)
            self._send(peer, CloseStream(stream=name))

    def seek_workers(self, now: float) -> None:
        """A worker became ready: streams that nobody reads may have one now."""
        for name, stream in self._streams.items():
            if stream.worker is None:
                self._assign(name, stream, now)

    def leave(self, peer: Peer, worker: Worker, now: float) -> None:
        """The worker is gone, or going: its streams move, nothing of them is lost."""
        names, worker.streams = sorted(worker.streams), set()
        for name in names:
            stream = self._streams[name]
            stream.abandoned_by(peer)
            self._assign(name, stream, now)

    def result(self, peer: Peer, worker: Worker, result: Result, now: float) -> Peer | None:
        """Checks a result and numbers it for the client; whom it is for, None if it is too late for anybody."""
        stream = self._streams.get(result.stream)
        if stream is None or (stream.worker != peer and peer in stream.past):
            self.late += 1
            return None
        if stream.worker != peer:
            raise PeerFault(ErrorCode.NOT_ALLOWED, f"{worker.hello.name} answered for a stream it never had")
        if result.HasField("caption"):
            _number(stream, result, now)
        elif result.HasField("translation"):
            result.translation.segment += stream.finals_before_worker
        return stream.client

    def failed(self, peer: Peer, failure: Failure) -> None:
        """The worker cannot read this stream; its client is told and may choose another way."""
        stream = self._streams.get(failure.stream)
        if stream is None or stream.worker != peer:
            self.late += 1
            return
        self._send(stream.client, failure)

    # -- time ------------------------------------------------------------------------------------------------

    def end_overdue(self, now: float) -> None:
        closing = [(n, s) for n, s in self._streams.items() if s.close_by is not None and s.close_by <= now]
        for name, stream in closing:
            self._fail(stream.client, name, Failure.TIMED_OUT, "the last words of this stream did not come in time")
            self._finish(name, stream)
        for name in [name for name, (_, _, until) in self._claims.items() if until <= now]:
            peer = self._claims.pop(name)[0]
            if peer in self._workers:
                self._send(peer, CloseStream(stream=name))
        if now >= self._strays_until:
            self._strays.clear()  # nobody came for them, and nobody agreed to their being kept

    def wake_at(self) -> float:
        closing = [stream.close_by for stream in self._streams.values() if stream.close_by is not None]
        return min([*closing, *(until for _, _, until in self._claims.values())], default=math.inf)

    # -- inside ----------------------------------------------------------------------------------------------

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

    def _keep(self, peer: Peer, name: str, stream: Stream, finals: int) -> None:
        """The worker goes on where it was; its segments are numbered on from what the client has."""
        stream.worker, stream.finals_before_worker = peer, stream.finals - finals
        self._workers[peer].streams.add(name)
        for packet in stream.ring.replay()[1]:
            self._send(peer, packet.chunk, packet.payload)

    def _assign(self, name: str, stream: Stream, now: float) -> None:
        """Give the stream to the least loaded worker that can read it, with all that is not yet final."""
        ready = [
            (len(worker.streams), worker.busy, peer)
            for peer, worker in self._workers.items()
            if worker.state is State.READY and stream.accepts(worker.hello)
        ]
        if not ready:
            health = StreamHealth(waiting=len(stream.ring), reason=f"no {stream.wants.task} worker is ready")
            self._send(stream.client, Result(stream=name, health=health))
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

    def _fail(self, peer: Peer, stream: str, cause: Any, sentence: str) -> None:
        self._send(peer, Failure(stream=stream, cause=cause, sentence=sentence))


def _number(stream: Stream, result: Result, now: float) -> None:
    """Gives a caption the segment number that the client counts in; refuses what cannot be true."""
    caption = result.caption
    if not caption.start_s <= caption.end_s <= now + CLOCK_SLACK:
        raise PeerFault(ErrorCode.BAD_FRAME, "a caption that ends before it starts, or lies in the future")
    segment = caption.segment + stream.finals_before_worker
    if segment <= stream.finals:
        raise PeerFault(ErrorCode.BAD_SEQUENCE, "a caption for a segment that is final already")
    caption.segment = segment
    if caption.final:
        stream.settle(caption)

