"""Voices and faces handed to inference, still encoded: only those somebody agreed to, and never at media's cost.

Each opened tap names a source and the stream it feeds.  Chunks wait in one bounded queue; when the reader is slow
the oldest go and are counted, since a live caption is worth more than an old one (a full ZeroMQ queue would keep
the oldest).  What a chunk looks like on the wire is the forwarder's business.

Of a camera that is sent in layers one is tapped at a time, the least (`turn_to`); when that changes, the other
begins at its key frame, and the numbers jump, so that whoever decodes knows that something lies between.  H.264 is
not tapped.

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
    marker: bool = False
    """The last packet of a picture."""


class _Tap:
    """An open tap; of a picture also what flows through it, and what shall from its next key frame on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers = Unwrapper()
        self.base = FIRST_CIRCLE
        self.last = 0
        self.flowing: Stream | None = None
        self.wanted: Stream | None = None

    def number(self, sequence: int) -> int:
        number = self.base + self.numbers.unwrap(sequence)
        self.last = max(self.last, number)
        return number

    def switch(self, stream: Stream, sequence: int) -> None:
        """Numbers go on far ahead of the last, and go back by no packet that comes late."""
        self.flowing = stream
        self.numbers = Unwrapper()
        self.base = self.last + FIRST_CIRCLE - sequence if self.last else FIRST_CIRCLE


class Taps:
    """Who is tapped, and what has not been read yet."""

    def __init__(self) -> None:
        self.chunks: deque[Chunk] = deque()
        self.dropped = 0
        self._open: dict[str, _Tap] = {}

    def __contains__(self, source: str) -> bool:
        return source in self._open

    def open(self, source: str, stream: str) -> None:
        """Opened anew under the same name, a picture is not interrupted (but its key frame may be asked for again)."""
        tap = self._open.get(source)
        if tap is None or tap.name != stream:
            self._open[source] = _Tap(stream)

    def close(self, source: str) -> None:
        """Also forgets what was heard and not yet read: consent that is withdrawn holds at once."""
        tap = self._open.pop(source, None)
        if tap is not None:
            self.chunks = deque(chunk for chunk in self.chunks if chunk.stream != tap.name)

    def turn_to(self, source: str, stream: Stream) -> bool:
        """This layer is to be tapped; whether it has to begin with a key frame first."""
        tap = self._open.get(source)
        if tap is None or stream.h264:
            return False
        tap.wanted = stream
        return tap.flowing is not stream

    def offer(self, stream: Stream, packets: list[Packet]) -> None:
        """What just came in of a stream, in the order of arrival."""
        tap = self._open.get(stream.source)
        if tap is None:
            return
        for packet in packets:
            if not packet.size or (stream.video and not _flows(tap, stream, packet)):
                continue
            captured = stream.clock.captured_at(packet.timestamp)
            level = -(packet.level & 0x7F) if packet.level >= 0 else NO_LEVEL
            if len(self.chunks) >= MAX_CHUNKS:
                self.chunks.popleft()
                self.dropped += 1
            self.chunks.append(Chunk(
                tap.name, tap.number(packet.sequence), packet.timestamp,
                packet.arrival if captured is None else captured, level, packet.payload, bool(packet.marker),
            ))  # fmt: skip


def _flows(tap: _Tap, stream: Stream, packet: Packet) -> bool:
    """Whether this packet of a picture belongs to the layer that is tapped; a key frame may begin another one."""
    if stream is tap.wanted and stream is not tap.flowing and packet.keyframe:
        tap.switch(stream, packet.sequence)
    return stream is tap.flowing
