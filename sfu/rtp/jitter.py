"""Sound that arrives unevenly, played evenly.

Packets are played in timestamp order, a little after the quickest of them would have been there; how much follows the
jitter (see `delay`).  The delay changes where it is least heard: in the pauses that DTX leaves, where a timestamp jumps
and no sequence number is missing, and in the holes that loss leaves anyway.  Nothing is decoded here, and concealing a
loss is the caller's art.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.rtp import opus
from sfu.rtp.delay import MOST, STEP, DelayTracker
from sfu.rtp.frames import Frame, VideoFrameBuffer, VideoStats
from sfu.rtp.packet import RtpPacket
from sfu.rtp.sequence import Unwrapper

__all__ = [
    "AudioJitterBuffer", "AudioStats", "Conceal", "Frame", "Play", "Silence", "VideoFrameBuffer", "VideoStats", "Wait",
]  # fmt: skip

CLOCK_RATE = 48_000
# 64 packets are 1.3 s: six times what the longest delay needs.
MOST_PACKETS = 64
_TICKS = int(STEP * CLOCK_RATE)
# What a decoder can invent before it becomes a drone.
_MOST_CONCEALED = 3
# Ten packets in a row that are of no use: it is our idea of the sender's clock that is wrong.
_MOST_REFUSED = 10
# In speech without a pause, a packet is left out only where the delay has grown by this much, and no more often.
_SHED_ABOVE = 3 * STEP
_SHED_EVERY = 1.0
# What is older than this is not worth hearing: after a stall, playing goes on with what is said now.
_MOST_KEPT = MOST + _SHED_ABOVE


@dataclass(frozen=True, slots=True)
class Play:
    """Decode and play this; `timestamp` as on the wire."""

    payload: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class Conceal:
    """20 ms are lost, or late: cover up."""


@dataclass(frozen=True, slots=True)
class Silence:
    """20 ms in which the sender had nothing to say."""


@dataclass(frozen=True, slots=True)
class Wait:
    """20 ms before anything can be played: nobody has spoken, or the first packets are still being gathered."""


@dataclass(frozen=True, slots=True)
class AudioStats:
    """`played`, `late`, `duplicates` and `skipped` (for being too old) count packets, `concealed` counts steps."""

    played: int
    concealed: int
    late: int
    duplicates: int
    skipped: int
    resets: int
    target_delay: float


@dataclass(frozen=True, slots=True)
class _Sound:
    timestamp: int
    payload: bytes
    came: float


class AudioJitterBuffer:
    """One remote voice.  `push` what comes; `pull` for every 20 ms that are to be played.

    A packet may last longer than 20 ms: then pull again when what it held has been played.
    """

    def __init__(self) -> None:
        self.played = self.concealed = self.late = self.duplicates = self.skipped = self.resets = 0
        self._begin()

    def _begin(self) -> None:
        """Forgets the sender's clock, and everything that was kept by it."""
        self._sequences, self._timestamps = Unwrapper(), Unwrapper(bits=32)
        self._delays = DelayTracker()
        self._kept: dict[int, _Sound] = {}
        self._next: int | None = None
        """The timestamp to play next; it moves on with every pull, whether or not anything is there."""
        self._settled = 0
        """What comes for before this is late.  It lags behind `_next` while nothing comes at all: if it was only
        delayed, it shall still be heard."""
        self._last_sequence: int | None = None
        self._pausing = False
        self._concealed_in_a_row = 0
        self._refused = 0
        self._shed_at = 0.0

    @property
    def kept(self) -> int:
        """Packets that wait to be played."""
        return len(self._kept)

    def stats(self) -> AudioStats:
        return AudioStats(
            self.played, self.concealed, self.late, self.duplicates, self.skipped, self.resets, self._delays.target
        )

    # -- in --------------------------------------------------------------------------------------------------

    def push(self, packet: RtpPacket, now: float) -> None:
        """A packet came at `now`, in any order and perhaps twice."""
        if not packet.payload:
            return  # padding, with which senders probe
        if not self._keep(packet, now):
            self._refused += 1
            if self._refused < _MOST_REFUSED:
                return
            self.resets += 1
            self._begin()
            self._keep(packet, now)
        self._refused = 0
        if len(self._kept) > MOST_PACKETS:
            self._skip(min(self._kept))

    def _keep(self, packet: RtpPacket, now: float) -> bool:
        """Whether it is of use."""
        sequence = self._sequences.unwrap(packet.sequence)
        timestamp = self._timestamps.unwrap(packet.timestamp)
        if sequence in self._kept or sequence == self._last_sequence:
            self.duplicates += 1
            return False
        self._delays.hear(timestamp / CLOCK_RATE, now)
        follows = self._last_sequence is None or sequence > self._last_sequence
        if not follows or (self._next is not None and timestamp < self._settled):
            self.late += 1
            return False
        self._kept[sequence] = _Sound(timestamp, packet.payload, now)
        return True

    # -- out -------------------------------------------------------------------------------------------------

    def pull(self, now: float) -> Play | Conceal | Silence | Wait:
        """What to do with the next 20 ms."""
        if self._next is None:
            self._next = self._start(now)
            if self._next is None:
                return Wait()
        self._delays.settle(now)
        self._next = self._catch_up(self._next, now)
        if not self._kept:
            self._next += _TICKS
            return self._cover()
        sequence = min(self._kept)
        gap = self._kept[sequence].timestamp - self._next
        if gap >= _TICKS:
            gap -= self._adjust(gap, now)
        if gap < _TICKS:
            return self._play(sequence)
        self._next = self._settled = self._next + _TICKS
        paused = self._last_sequence is None or sequence == self._last_sequence + 1
        return Silence() if paused else self._cover()

    def _start(self, now: float) -> int | None:
        """The timestamp to begin with: the first packet's, when it is as old as the delay wants it."""
        if not self._kept:
            return None
        first = self._kept[min(self._kept)].timestamp
        return first if self._excess(first, now) >= 0 else None

    def _excess(self, timestamp: int, now: float) -> float:
        """How much longer than needed it was kept, if `timestamp` is played now."""
        return self._delays.delay(timestamp / CLOCK_RATE, now) - self._delays.target

    def _catch_up(self, position: int, now: float) -> int:
        """Where to go on: back to what came only now; past what is too old; one packet on where the delay has grown."""
        self._skip_before(self._settled)
        if not self._kept:
            return position
        head = self._kept[min(self._kept)]
        if head.timestamp < position:
            position = head.timestamp
            if 0 < self._concealed_in_a_row < _MOST_CONCEALED:
                self._delays.found_nothing(position / CLOCK_RATE, head.came, now)
        excess = self._excess(position, now)
        if excess + self._delays.target > _MOST_KEPT:
            position += int(excess * CLOCK_RATE)
        elif excess >= _SHED_ABOVE and now >= self._shed_at and self._speaks_on(position):
            self._shed_at = now + _SHED_EVERY
            position = head.timestamp + _TICKS
        else:
            return position
        self._skip_before(position)
        self._settled = position
        return position

    def _speaks_on(self, position: int) -> bool:
        """Whether there are two packets to play without a pause: one of them can be left out."""
        first, *others = sorted(self._kept)
        return bool(others) and self._kept[first].timestamp - position < _TICKS

    def _adjust(self, gap: int, now: float) -> int:
        """Brings a pause or a hole nearer to the delay we want; returns by how much the next sound came nearer.

        Standing still in a hole costs nothing that the hole would not, and what is missing may yet come.
        """
        assert self._next is not None, "there is no pause before the start"
        steps = int(self._excess(self._next, now) / STEP)  # towards zero
        longest = -1 if self._concealed_in_a_row < _MOST_CONCEALED else 0
        nearer = min(max(steps, longest) * _TICKS, gap)
        self._next += nearer
        return nearer

    def _play(self, sequence: int) -> Play:
        sound = self._kept.pop(sequence)
        self.played += 1
        self._last_sequence = sequence
        self._concealed_in_a_row = 0
        self._pausing = opus.pauses(sound.payload)
        self._next = self._settled = sound.timestamp + (opus.samples(sound.payload) or _TICKS)
        return Play(sound.payload, sound.timestamp & 0xFFFF_FFFF)

    def _cover(self) -> Conceal | Silence:
        if self._pausing or self._concealed_in_a_row == _MOST_CONCEALED:
            return Silence()
        self._concealed_in_a_row += 1
        self.concealed += 1
        return Conceal()

    def _skip(self, sequence: int) -> None:
        del self._kept[sequence]
        self._last_sequence = sequence
        self.skipped += 1

    def _skip_before(self, timestamp: int) -> None:
        for sequence in sorted(self._kept):
            if self._kept[sequence].timestamp < timestamp:
                self._skip(sequence)
