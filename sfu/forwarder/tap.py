"""The tap's end of the inference plane: chunks from the core to the broker, never waiting for it.

The queue that drops is the core's (`sfu/core/taps.py`); ZeroMQ's own is kept short, because when it is full it keeps
the oldest.  A broker that is not there, or has died, costs nothing: without a connection nothing is queued here.
"""

from __future__ import annotations

from collections import deque

import zmq

from models.wire import Chunk as WireChunk
from models.wire import encode
from sfu.core.taps import Chunk

# Two seconds of one speaker: what the broker may be behind before our own queue starts to fill.
HIGH_WATER = 100


class TapSocket:
    """A PUSH socket to the broker's tap; connects when it is first needed."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._context: zmq.Context[zmq.Socket[bytes]] | None = None
        self._socket: zmq.Socket[bytes] | None = None

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

    def close(self) -> None:
        if self._socket is not None and self._context is not None:
            self._socket.close(linger=0)
            self._context.term()

    def _connected(self) -> zmq.Socket[bytes]:
        if self._socket is None:
            self._context = zmq.Context()
            self._socket = self._context.socket(zmq.PUSH)
            self._socket.setsockopt(zmq.SNDHWM, HIGH_WATER)
            self._socket.setsockopt(zmq.IMMEDIATE, 1)
            self._socket.connect(self._endpoint)
        return self._socket


def _frames(chunk: Chunk) -> list[bytes]:
    body = WireChunk(
        stream=chunk.stream, sequence=chunk.sequence, timestamp=chunk.timestamp,
        capture_us=int(chunk.captured_at * 1_000_000), level_dbov=chunk.level_dbov,
        marker=chunk.marker,
    )  # fmt: skip
    return encode(body, chunk.payload)
