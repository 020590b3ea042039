"""The taps' ends towards inference and the recorder: chunks from the core to whoever takes them, never waiting for it.

The queue that drops is the core's (`sfu/core/taps.py`); ZeroMQ's own is kept short, because when it is full it keeps
the oldest.  A broker that is not there, or has died, costs nothing: without a connection nothing is queued here.
"""

from __future__ import annotations

from collections import deque

import zmq

from models.wire import Chunk as WireChunk
from models.wire import encode
from sfu import rendezvous
from sfu.core.taps import Chunk
from sfu.link.tape import Codec, Taped, pack

# Two seconds of one speaker: what the broker may be behind before our own queue starts to fill.
HIGH_WATER = 100
# A recorder gets packets by the hundred: it is in no hurry, and a message costs as much as thirty packets.
TAPE_EVERY = 0.05
TAPE_MOST = 256
TAPE_HIGH_WATER = 32


class _Push:
    """A PUSH socket; connects when it is first needed."""

    def __init__(self, endpoint: str, high_water: int) -> None:
        self._endpoint = endpoint
        self._high_water = high_water
        self._context: zmq.Context[zmq.Socket[bytes]] | None = None
        self._socket: zmq.Socket[bytes] | None = None

    def close(self) -> None:
        if self._socket is not None and self._context is not None:
            self._socket.close(linger=0)
            self._context.term()

    def _connected(self) -> zmq.Socket[bytes]:
        if self._socket is None:
            self._context = zmq.Context()
            self._socket = self._context.socket(zmq.PUSH)
            self._socket.setsockopt(zmq.SNDHWM, self._high_water)
            self._socket.setsockopt(zmq.IMMEDIATE, 1)
            rendezvous.connect(self._socket, self._endpoint)
        return self._socket


class TapSocket(_Push):
    """To the broker's tap, a message a packet: a word must not wait for the next."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint, HIGH_WATER)

    def push(self, chunks: deque[Chunk]) -> None:
        """Sends the oldest first until all are gone or the broker takes no more; what is left stays in the queue."""
        if not chunks:
            return
        sock = self._connected()
        while chunks:
            try:
                sock.send_multipart(_frames(chunks[0]), zmq.NOBLOCK)
            except zmq.Again:
                return
            chunks.popleft()


class TapeSocket(_Push):
    """To the recorder, many packets a message (`sfu.link.tape`)."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint, TAPE_HIGH_WATER)
        self._due = 0.0

    def push(self, chunks: deque[Chunk], now: float) -> None:
        """Sends what has gathered, a few times a second; what the recorder does not take stays in the queue."""
        if not chunks or now < self._due:
            return
        self._due = now + TAPE_EVERY
        sock = self._connected()
        while chunks:
            count = min(len(chunks), TAPE_MOST)
            try:
                sock.send(b"".join([pack(_taped(chunks[number])) for number in range(count)]), zmq.NOBLOCK)
            except zmq.Again:
                return
            for _ in range(count):
                chunks.popleft()


def _taped(chunk: Chunk) -> Taped:
    return Taped(
        chunk.stream, chunk.codec, chunk.sequence, chunk.timestamp, chunk.captured_at, chunk.payload, chunk.marker,
        chunk.ended,
    )  # fmt: skip


def _frames(chunk: Chunk) -> list[bytes]:
    body = WireChunk(
        stream=chunk.stream, sequence=chunk.sequence, timestamp=chunk.timestamp,
        capture_us=int(chunk.captured_at * 1_000_000), level_dbov=chunk.level_dbov,
        marker=chunk.marker, video=chunk.codec is not Codec.OPUS,
    )  # fmt: skip
    return encode(body, chunk.payload)
