"""Voices and pictures handed out, still encoded: only those somebody agreed to, and never at media's cost.

Each opened tap names a source and the stream it feeds, which inference or the recorder takes.  Chunks wait in a
bounded queue for each of the two; when the reader is slow the oldest go and are counted, since a live caption is worth
more than an old one (a full ZeroMQ queue would keep the oldest).  What a chunk looks like on the wire is the
forwarder's business.

Of a camera that is sent in layers each tap has one at a time (`turn_to`); when that changes, the other begins at its
key frame, and the numbers jump, so that whoever decodes knows that something lies between.  Inference gets no H.264.

`captured_at` is the arrival of the quickest packet carried forward by timestamps (see `clocks.MediaClock`), so it
does not jitter with the network; it lies later than the microphone by the codec's frame and the shortest way here.
A stream that has both a picture and a voice, and whatever is recorded, is stamped by the clock of their sender's
reports instead.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sfu.core.clocks import Offset
from sfu.core.flow import Packet, Stream
from sfu.link.tape import Codec
from sfu.rtp.sequence import Unwrapper

# Ten seconds of four people talking at once.
MAX_CHUNKS = 2048
# Ten people's voices and pictures for some seconds: what a recorder needs to start, or to start again.
MAX_RECORDED = 16_384
# What a report and the arrival of packets may say differently of one instant.  A picture may take that long to be
# encoded and sent; beyond it the sender has set its clock, or its report is nonsense.
MOST_APART = 1.0
# A packet that was asked for three times is half a second late.
MOST_OLD = 2.0
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
    codec: Codec = Codec.OPUS
    ended: bool = False
    """Nothing more comes under this name, and there is no payload.  Only the recorder is told."""


class Tap:
    """An open tap; of a picture also what flows through it, and what shall from its next key frame on."""

    def __init__(self, name: str, middle: bool, records: bool) -> None:
        self.name = name
        self.middle = middle
        self.records = records
        self._numbers = Unwrapper()
        self._base = FIRST_CIRCLE
        self._last = 0
        self._flowing: Stream | None = None
        self.wanted: Stream | None = None
        """What flows, or shall from its next key frame on."""

    def turn_to(self, stream: Stream) -> bool:
        """This layer is to be tapped; whether it has to begin with a key frame first."""
        if stream.h264 and not self.records:
            return False
        self.wanted = stream
        return self._flowing is not stream

    def number(self, sequence: int) -> int:
        number = self._base + self._numbers.unwrap(sequence)
        self._last = max(self._last, number)
        return number

    def flows(self, stream: Stream, packet: Packet) -> bool:
        """Whether this packet of a picture belongs to the layer that is tapped; a key frame may begin another one."""
        if stream is self.wanted and stream is not self._flowing and packet.keyframe:
            self._switch(stream, packet.sequence)
        return stream is self._flowing

    def _switch(self, stream: Stream, sequence: int) -> None:
        """Numbers go on far ahead of the last, and go back by no packet that comes late."""
        self._flowing = stream
        self._numbers = Unwrapper()
        self._base = self._last + FIRST_CIRCLE - sequence if self._last else FIRST_CIRCLE


class Taps:
    """Who is tapped, and what has not been read yet."""

    def __init__(self) -> None:
        self.chunks: deque[Chunk] = deque()
        """For inference."""
        self.recorded: deque[Chunk] = deque()
        self.dropped = 0
        self._open: dict[str, dict[str, Tap]] = {}
        """By source and stream."""

    def __contains__(self, source: str) -> bool:
        return source in self._open

    def of(self, source: str) -> list[Tap]:
        return list(self._open.get(source, {}).values())

    def open(self, source: str, stream: str, middle: bool = False, *, records: bool = False) -> None:
        """Opened anew under the same name, a picture is not interrupted (but its key frame may be asked for again)."""
        self._open.setdefault(source, {}).setdefault(stream, Tap(stream, middle, records))

    def close(self, source: str, stream: str) -> None:
        """Also forgets what was heard and not yet read: consent that is withdrawn holds at once."""
        taps = self._open.get(source, {})
        tap = taps.pop(stream, None)
        if tap is not None and tap.records:
            self.recorded = deque(chunk for chunk in self.recorded if chunk.stream != stream)
            self.recorded.append(Chunk(stream, 0, 0, 0.0, NO_LEVEL, b"", ended=True))
        elif tap is not None:
            self.chunks = deque(chunk for chunk in self.chunks if chunk.stream != stream)
        if not taps:
            self._open.pop(source, None)

    def close_all(self, source: str) -> None:
        for tap in self.of(source):
            self.close(source, tap.name)

    def clear(self) -> None:
        self._open.clear()
        self.chunks.clear()
        self.recorded.clear()

    def offer(self, stream: Stream, packets: list[Packet], sender: Offset) -> None:
        """What just came in of a stream, in the order of arrival; `sender`: its sender's clock, from its reports."""
        for tap in self.of(stream.source):
            self._offer(tap, stream, packets, sender)

    def _offer(self, tap: Tap, stream: Stream, packets: list[Packet], sender: Offset) -> None:
        chunks, most = (self.recorded, MAX_RECORDED) if tap.records else (self.chunks, MAX_CHUNKS)
        codec = _codec(stream)
        for packet in packets:
            if not packet.size or (stream.video and not tap.flows(stream, packet)):
                continue
            captured = self._captured(tap, stream, packet, sender)
            level = -(packet.level & 0x7F) if packet.level >= 0 else NO_LEVEL
            if len(chunks) >= most:
                chunks.popleft()
                self.dropped += 1
            chunks.append(Chunk(
                tap.name, tap.number(packet.sequence), packet.timestamp,
                packet.arrival if captured is None else captured, level, packet.payload, bool(packet.marker), codec,
            ))  # fmt: skip

    def _captured(self, tap: Tap, stream: Stream, packet: Packet, sender: Offset) -> float | None:
        if tap.records:
            return _plausible(stream, packet, sender)
        if self._has_both(tap):
            reported = stream.clock.reported_at(packet.timestamp, sender)
            if reported is not None:
                return reported
        return stream.clock.captured_at(packet.timestamp)

    def _has_both(self, tap: Tap) -> bool:
        return sum(tap.name in taps for taps in self._open.values()) > 1


def _plausible(stream: Stream, packet: Packet, sender: Offset) -> float | None:
    """By the sender's reports, unless they or the timestamps have jumped: a recording keeps what it is told."""
    arrived = stream.clock.captured_at(packet.timestamp)
    captured = stream.clock.reported_at(packet.timestamp, sender)
    if captured is None or (arrived is not None and abs(captured - arrived) > MOST_APART):
        captured = arrived
    return captured if captured is not None and abs(packet.arrival - captured) <= MOST_OLD else None


def _codec(stream: Stream) -> Codec:
    if not stream.video:
        return Codec.OPUS
    return Codec.H264 if stream.h264 else Codec.VP8
