"""Voices handed to inference, still encoded: only those somebody agreed to, and never at media's cost.

Each opened tap names a source and the stream it feeds.  Chunks wait in one bounded queue; when the reader is slow
the oldest go and are counted, since a live caption is worth more than an old one (a full ZeroMQ queue would keep
the oldest).  What a chunk looks like on the wire is the forwarder's business.

`captured_at` is the arrival of the quickest packet carried forward by timestamps (see `clocks.MediaClock`), so it
does not jitter with the network; it lies later than the microphone by the codec's frame and the shortest way here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sfu.core.flow import Packet, Stream
from sfu.rtp.sequence import Unwrapper

# Ten seconds of four people talking at once.
MAX_CHUNKS = 2048
NO_LEVEL = 1
# Unwrapped numbers start one circle up, so that a packet from before the first wrap is not negative.
FIRST_CIRCLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """One packet of a tapped stream.  `sequence` only grows; `captured_at` in seconds on our monotonic clock."""

    stream: str
    sequence: int
    timestamp: int
    captured_at: float
    level_dbov: int
    payload: bytes


class Taps:
    """Who is tapped, and what has not been read yet."""

    def __init__(self) -> None:
        self.chunks: deque[Chunk] = deque()
        self.dropped = 0
        self._open: dict[str, tuple[str, Unwrapper]] = {}

    def open(self, source: str, stream: str) -> None:
        self._open[source] = stream, Unwrapper()

    def close(self, source: str) -> None:
        """Also forgets what was heard and not yet read: consent that is withdrawn holds at once."""
        tap = self._open.pop(source, None)
        if tap is not None:
            self.chunks = deque(chunk for chunk in self.chunks if chunk.stream != tap[0])

    def offer(self, stream: Stream, packets: list[Packet]) -> None:
        """What just came in of a stream, in the order of arrival."""
        tap = self._open.get(stream.source)
        if tap is None:
            return
        name, unwrapper = tap
        for packet in packets:
            if not packet.size:
                continue
            captured = stream.clock.captured_at(packet.timestamp)
            level = -(packet.level & 0x7F) if packet.level >= 0 else NO_LEVEL
            if len(self.chunks) >= MAX_CHUNKS:
                self.chunks.popleft()
                self.dropped += 1
            self.chunks.append(Chunk(
                name, unwrapper.unwrap(packet.sequence) + FIRST_CIRCLE, packet.timestamp,
                packet.arrival if captured is None else captured, level, packet.payload,
            ))  # fmt: skip
