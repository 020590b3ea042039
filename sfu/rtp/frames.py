"""VP8 and H264 frames from packets: whole, in order, and never one that the decoder lacks the past for.

A gap is waited for while retransmission may still fill it, at most `most_wait`; then everything up to the next key
frame is let go, because a decoder that is fed around a hole paints garbage.  This module says when it needs a key
frame; asking for one, and asking for lost packets, is its owner's work.  A frame is handed out as soon as it can be
decoded: nothing is smoothed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.rtp import h264
from sfu.rtp.packet import RtpPacket
from sfu.rtp.sequence import Unwrapper
from sfu.rtp.vp8 import Descriptor, is_keyframe, starts_frame

# Three round trips of a bad Wi-Fi; longer than this a frozen picture is worse than a skipped one.
MOST_WAIT = 0.4
# 2 MiB are ten key frames of a shared 1080p screen; 2,048 packets are as many at 1,000 bytes each.
MOST_BYTES = 2 << 20
MOST_PACKETS = 2048
# Nothing but packets from before what was shown already for so long, and it is not retransmissions that come late:
# the sender began again at other numbers.
_BEGAN_AGAIN = 2.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame; `timestamp` as on the wire, `arrived` the instant its last packet came."""

    timestamp: int
    data: bytes
    keyframe: bool
    arrived: float


@dataclass(frozen=True, slots=True)
class VideoStats:
    """`frames` handed out; `dropped` packets that were let go unseen; `late` ones came after their turn."""

    frames: int
    keyframes: int
    dropped: int
    late: int
    duplicates: int
    losses: int


@dataclass(slots=True)
class _Piece:
    timestamp: int
    data: bytes
    starts: bool
    keyframe: bool
    marker: bool
    arrived: float
    filler: bool


class VideoFrameBuffer:
    """One incoming picture.  `push` what comes, `pull` until it is None, and again at `wake_at`."""

    def __init__(self, most_wait: float = MOST_WAIT, *, h264: bool = False) -> None:
        self._most_wait = most_wait
        self._read = _h264_piece if h264 else _piece
        self.frames = self.keyframes = self.dropped = self.late = self.duplicates = self.losses = 0
        self._begin()

    def _begin(self) -> None:
        self._unwrapper = Unwrapper()
        self._pieces: dict[int, _Piece] = {}  # in order of arrival
        self._bytes = 0
        self._passed: int | None = None
        """Everything up to this number was handed out or let go."""
        self._next: int | None = None
        """Where the next frame begins; None: only a key frame can help."""
        self._reach = 0
        """From `_next` up to here nothing is missing."""
        self._highest: int | None = None
        self._gap: tuple[int, float] | None = None
        self._accepted_at = 0.0

    @property
    def wants_keyframe(self) -> bool:
        """Pictures come, but none can be decoded before a key frame begins."""
        return self._next is None and self._highest is not None

    @property
    def kept(self) -> int:
        """Packets that wait for their frame to be whole."""
        return len(self._pieces)

    def stats(self) -> VideoStats:
        return VideoStats(self.frames, self.keyframes, self.dropped, self.late, self.duplicates, self.losses)

    def push(self, packet: RtpPacket, now: float) -> None:
        """A packet came, by itself or repeated, in any order.  Raises PeerFault if its payload is of no such codec."""
        piece = self._read(packet, now)
        number = self._unwrapper.unwrap(packet.sequence)
        if self._passed is not None and number <= self._passed:
            self.late += 1
            if now - self._accepted_at < _BEGAN_AGAIN:
                return
            self._begin()
            number = self._unwrapper.unwrap(packet.sequence)
        if number in self._pieces:
            self.duplicates += 1
            return
        self._accepted_at = now
        self._pieces[number] = piece
        self._bytes += len(piece.data)
        self._highest = number if self._highest is None else max(self._highest, number)
        if self._next is None:
            self._look_for_keyframe(number, now)
        if self._bytes > MOST_BYTES or len(self._pieces) > MOST_PACKETS:
            self.lose()

    def pull(self, now: float) -> Frame | None:
        """The next frame to decode, if it is whole."""
        while self._next is not None:
            frame = self._assemble(self._next)
            if frame is not None:
                return frame
            if self._next is None or not (self._jump() or self._give_up(now)):
                return None
        return None

    def wake_at(self) -> float | None:
        """When a gap will have been waited for long enough; None while nothing is missing."""
        since = self._gap_since() if self._next is not None else None
        return None if since is None else since + self._most_wait

    def lose(self) -> None:
        """Lets everything go until a key frame begins: too much is missing, or the decoder says it cannot go on."""
        self.losses += 1
        self._next = None
        if self._highest is not None:
            self._let_go(self._highest)

    # -- whole frames ----------------------------------------------------------------------------------------

    def _assemble(self, first: int) -> Frame | None:
        """The frame that begins at `first`, when nothing of it is missing."""
        while (piece := self._pieces.get(self._reach)) is not None:
            if piece.filler and self._reach == first:
                self._take(first)
                first = self._next = self._reach = first + 1
                continue
            if piece.timestamp != self._pieces[first].timestamp and not piece.filler:
                return self._hand_out(first, self._reach)  # a sender that sets no marker
            self._reach += 1
            if piece.marker:
                return self._hand_out(first, self._reach)
        return None

    def _hand_out(self, first: int, end: int) -> Frame | None:
        pieces = [self._take(number) for number in range(first, end)]
        self._next = self._reach = end
        head = pieces[0]
        if not head.starts:  # numbers without a hole, and yet the beginning of a frame is not there
            self.lose()
            return None
        self.frames += 1
        self.keyframes += head.keyframe
        data = b"".join([piece.data for piece in pieces])
        return Frame(head.timestamp, data, head.keyframe, max([piece.arrived for piece in pieces]))

    def _take(self, number: int) -> _Piece:
        piece = self._pieces.pop(number)
        self._bytes -= len(piece.data)
        self._passed = number
        return piece

    # -- holes -----------------------------------------------------------------------------------------------

    def _jump(self) -> bool:
        """Past a hole to a whole key frame, if one is there: what lies before it is no longer needed."""
        if self._gap_since() is None:
            return False
        for number in self._keyframes_behind():
            if self._is_whole(number):
                self.losses += 1
                self._resume_at(number)
                return True
        return False

    def _is_whole(self, number: int) -> bool:
        timestamp = self._pieces[number].timestamp
        while (piece := self._pieces.get(number)) is not None:
            if piece.marker or piece.timestamp != timestamp:
                return True
            number += 1
        return False

    def _give_up(self, now: float) -> bool:
        """Whether the hole has been waited for long enough, and a key frame has begun behind it."""
        since = self._gap_since()
        if since is None or now < since + self._most_wait:
            return False
        keyframes = self._keyframes_behind()
        if not keyframes:
            self.lose()
            return False
        self.losses += 1
        self._resume_at(keyframes[0])
        return True

    def _keyframes_behind(self) -> list[int]:
        """First packets of the key frames behind the hole."""
        return sorted([number for number, piece in self._pieces.items() if piece.keyframe and number > self._reach])

    def _gap_since(self) -> float | None:
        """When it showed that something is missing at `_reach`: since then what came behind it waits."""
        if self._highest is None or self._highest < self._reach or self._reach in self._pieces:
            return None
        if self._gap is None or self._gap[0] != self._reach:
            behind = [piece.arrived for number, piece in self._pieces.items() if number > self._reach]
            if not behind:
                return None
            self._gap = self._reach, min(behind)
        return self._gap[1]

    def _look_for_keyframe(self, number: int, now: float) -> None:
        """While all is lost: begins at a key frame's first packet; what is too old to belong to one goes."""
        if self._pieces[number].keyframe:
            self._resume_at(number)
            return
        oldest = next(iter(self._pieces))
        while now - self._pieces[oldest].arrived > self._most_wait:
            self._bytes -= len(self._pieces.pop(oldest).data)
            self.dropped += 1
            oldest = next(iter(self._pieces))

    def _resume_at(self, number: int) -> None:
        self._let_go(number - 1)
        self._next = self._reach = number

    def _let_go(self, last: int) -> None:
        """Drops everything up to `last`."""
        for number in [number for number in self._pieces if number <= last]:
            self._bytes -= len(self._pieces.pop(number).data)
            self.dropped += 1
        self._passed = last if self._passed is None else max(self._passed, last)


def _piece(packet: RtpPacket, now: float) -> _Piece:
    payload = packet.payload
    if not payload:
        return _filler(packet, now)
    _, size = Descriptor.parse(payload)
    starts, keyframe = starts_frame(payload), is_keyframe(payload)
    return _Piece(packet.timestamp, payload[size:], starts, keyframe, packet.marker, arrived=now, filler=False)


def _h264_piece(packet: RtpPacket, now: float) -> _Piece:
    payload = packet.payload
    if not payload:
        return _filler(packet, now)
    starts, keyframe = h264.starts_unit(payload), h264.is_keyframe(payload)
    return _Piece(packet.timestamp, h264.annex_b(payload), starts, keyframe, packet.marker, arrived=now, filler=False)


def _filler(packet: RtpPacket, now: float) -> _Piece:
    """Padding on the media stream holds a number and nothing else."""
    return _Piece(packet.timestamp, b"", starts=False, keyframe=False, marker=False, arrived=now, filler=True)
