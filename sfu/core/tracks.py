"""From tapped packets to what is written: whole frames, in order, on the recording's clock, decoded by nobody.

One *stream* is one source of one person, from the moment its tap was opened until it was closed.  Its frames go to one
file, or to several *parts*: another codec, or an H264 picture of another size, begins a new one, because a file says
once what is in it.  A VP8 picture may change its size in the middle.

Voices are put back in order and never waited for long; pictures begin at a key frame, and after a loss that nothing
mended they go on at the next, which is asked for.  Times are those of capture (see `taps`), as seconds of the
recording; within a part they only grow, whatever a sender's clock does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sfu.link.tape import Codec, Taped
from sfu.rtp import h264
from sfu.rtp.errors import PeerFault
from sfu.rtp.frames import VideoFrameBuffer
from sfu.rtp.packet import RtpPacket

# What a lost packet of a voice is waited for: the forwarder has asked for it three times by then.
MOST_WAIT = 0.4
# A key frame is asked for again when none has come for so long.
ASK_AGAIN = 1.0
# Matroska counts milliseconds; two frames never share one.
TICK = 0.001
_LAYER = 1 << 15
_MOST_TIMES = 512


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame of a stream's part; `at` in seconds of the recording.

    `head`: what a file needs to know before its first frame; of VP8 the key frame itself, of H264 the parameter sets.
    """

    stream: str
    part: int
    codec: Codec
    at: float
    data: bytes
    keyframe: bool
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more comes of this stream."""

    stream: str


class _Times:
    """Instants of one part: they grow, by a tick at least."""

    def __init__(self, zero: float) -> None:
        self._zero = zero
        self._last = -TICK

    def place(self, captured: float) -> float:
        self._last = max(captured - self._zero, self._last + TICK)
        return self._last


class _Voice:
    def __init__(self, stream: str, zero: float) -> None:
        self._stream = stream
        self._times = _Times(zero)
        self._next: int | None = None
        self._waiting: dict[int, Taped] = {}
        self._since = 0.0
        self.lost = 0
        self.wants_keyframe = False

    def feed(self, packet: Taped, now: float) -> Iterator[Frame]:
        if self._next is None or abs(packet.sequence - self._next) > _LAYER:
            self._next = packet.sequence
            self._waiting.clear()
        if packet.sequence < self._next:
            return
        if not self._waiting:
            self._since = now
        self._waiting[packet.sequence] = packet
        yield from self.poll(now)

    def poll(self, now: float, most_wait: float = MOST_WAIT) -> Iterator[Frame]:
        while self._waiting:
            packet = self._waiting.pop(self._next or 0, None)
            if packet is not None:
                self._since = now
                self._next = packet.sequence + 1
                at = self._times.place(packet.captured)
                yield Frame(self._stream, 1, Codec.OPUS, at, packet.payload, keyframe=True)
            elif now - self._since >= most_wait:
                first = min(self._waiting)
                self.lost += first - (self._next or 0)
                self._next = first
            else:
                return


class _Picture:
    def __init__(self, stream: str, zero: float) -> None:
        self._stream = stream
        self._zero = zero
        self._part = 0
        self._codec: Codec | None = None
        self._head = b""
        self._times = _Times(zero)
        self._captured: dict[int, float] = {}
        self._last = 0
        self._buffer = VideoFrameBuffer()
        self._lost = 0

    @property
    def wants_keyframe(self) -> bool:
        return self._buffer.wants_keyframe

    @property
    def lost(self) -> int:
        return self._lost + self._buffer.dropped

    def feed(self, packet: Taped, now: float) -> Iterator[Frame]:
        if packet.codec is not self._codec or abs(packet.sequence - self._last) > _LAYER:
            self._begin(packet)
        self._last = max(self._last, packet.sequence)
        if len(self._captured) > _MOST_TIMES:
            self._captured.clear()
        self._captured[packet.timestamp] = packet.captured
        piece = RtpPacket(0, packet.sequence & 0xFFFF, packet.timestamp, 0, packet.payload, marker=packet.marker)
        try:
            self._buffer.push(piece, now)
        except PeerFault:
            self._lost += 1
            return
        yield from self.poll(now)

    def poll(self, now: float, most_wait: float = MOST_WAIT) -> Iterator[Frame]:
        """`most_wait` is the buffer's own."""
        while (whole := self._buffer.pull(now)) is not None:
            captured = self._captured.pop(whole.timestamp, whole.arrived)
            if whole.keyframe and not self._lead(whole.data):
                self._buffer.lose()  # nobody could show what follows without parameter sets
                continue
            at = self._times.place(captured)
            assert self._codec is not None
            yield Frame(self._stream, self._part, self._codec, at, whole.data, whole.keyframe, self._head)

    def _begin(self, packet: Taped) -> None:
        """Another layer or codec, or the first packet of all: a key frame comes."""
        if packet.codec is not self._codec:
            self._head = b""
        self._lost = self.lost
        self._codec, self._last = packet.codec, packet.sequence
        self._buffer = VideoFrameBuffer(h264=packet.codec is Codec.H264)
        self._captured.clear()

    def _lead(self, keyframe: bytes) -> bool:
        """Whether a part can begin, or go on, with this key frame."""
        if self._codec is Codec.VP8:
            if not self._head:
                self._next_part(keyframe)
            return True
        sets = h264.parameter_sets(keyframe)
        if sets and sets != self._head:
            self._next_part(sets)
        return bool(self._head)

    def _next_part(self, head: bytes) -> None:
        self._part += 1
        self._head = head
        self._times = _Times(self._zero)


class Tracks:
    """Everything that is recorded now.  `feed` what comes, `poll` a few times a second, `finish` at the end."""

    def __init__(self, zero: float) -> None:
        """`zero`: the instant on the host's monotonic clock that is second 0 of the recording."""
        self._zero = zero
        self._tracks: dict[str, _Voice | _Picture] = {}
        self._asked: dict[str, float] = {}
        self._lost = 0

    @property
    def lost(self) -> int:
        """Packets that never came, came too late, or could not be used."""
        return self._lost + sum(track.lost for track in self._tracks.values())

    def __len__(self) -> int:
        return len(self._tracks)

    def feed(self, packet: Taped, now: float) -> Iterator[Frame | Ended]:
        if packet.ended:
            yield from self._end(packet.stream, now)
            return
        track = self._tracks.get(packet.stream)
        if track is None:
            kind = _Voice if packet.codec is Codec.OPUS else _Picture
            track = self._tracks[packet.stream] = kind(packet.stream, self._zero)
        if isinstance(track, _Voice) == (packet.codec is Codec.OPUS):
            yield from track.feed(packet, now)

    def poll(self, now: float) -> Iterator[Frame]:
        for track in self._tracks.values():
            yield from track.poll(now)

    def finish(self, now: float) -> Iterator[Frame | Ended]:
        for stream in list(self._tracks):
            yield from self._end(stream, now)

    def wants_keyframe(self, now: float) -> list[str]:
        """Streams whose senders should be asked now."""
        due = [
            stream for stream, track in self._tracks.items()
            if track.wants_keyframe and now - self._asked.get(stream, float("-inf")) >= ASK_AGAIN
        ]  # fmt: skip
        self._asked |= dict.fromkeys(due, now)
        return due

    def _end(self, stream: str, now: float) -> Iterator[Frame | Ended]:
        track = self._tracks.pop(stream, None)
        if track is not None:
            yield from track.poll(now, 0.0)
            self._lost += track.lost
            self._asked.pop(stream, None)
            yield Ended(stream)
