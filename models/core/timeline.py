"""Where each audio packet belongs in time, without ever waiting for one.

Packets are lost, come late, stop in silence (DTX) and start again minutes later; a sender may restart its clock.  The
recogniser wants an unbroken run of samples.  `Timeline` says, packet by packet, how much silence to put before it, or
that it came too late; and it remembers when each sample was captured.  Gaps are filled up to a second: after that much
silence every phrase has ended, and longer silence is only skipped time.

Positions are seconds of audio laid out so far; capture times are seconds on the host's monotonic clock (RFC 3550 gives
the relation through sender reports; here it is only believed when it is steady).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

CLOCK = 48_000
# More silence than ends any phrase, including the detector's own delay.
LONGEST_FILL = 1.0
# A capture time this far from where the sample clock puts it is news; closer, it is the jitter of an estimate.
CLOCK_NEWS = 0.25
# A timestamp this far back is no late packet: the sender has started anew.
RESTART = 2.0
# Positions of at most this many past jumps are remembered.
ANCHORS = 32

# RFC 6716, section 3.1: frame duration by configuration number, in samples at 48 kHz.
_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
# RFC 6716, section 3.2.5: a packet never holds more than 120 ms.
LONGEST_PACKET = 5_760


def opus_duration(payload: bytes) -> int:
    """Samples at 48 kHz that an Opus packet holds, from its first bytes (RFC 6716, 3.1); 0 when it is malformed."""
    if not payload:
        return 0
    config, code = payload[0] >> 3, payload[0] & 3
    if config < 12:
        frame = _SILK[config % 4]
    elif config < 16:
        frame = _HYBRID[config % 2]
    else:
        frame = _CELT[config % 4]
    if code == 3 and len(payload) < 2:
        return 0
    frames = payload[1] & 0x3F if code == 3 else (1, 2, 2)[code]
    duration = frame * frames
    return duration if duration <= LONGEST_PACKET else 0


@dataclass(frozen=True, slots=True)
class Place:
    """Put `silence` seconds before the packet; or, when it is `late`, leave it out."""

    silence: float = 0.0
    late: bool = False


@dataclass(slots=True)
class Timeline:
    """Feed every packet in the order of arrival; `laid` says what was really added."""

    position: float = 0.0
    late: int = 0
    filled: float = 0.0
    _expected: int | None = None
    _anchors: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=ANCHORS))

    def place(self, timestamp: int, captured: float) -> Place:
        """A packet with this RTP timestamp (32 bits, 48 kHz), captured at this time as far as is known."""
        ahead = 0 if self._expected is None else _signed(timestamp - self._expected)
        if -RESTART * CLOCK < ahead < 0:
            self.late += 1
            return Place(late=True)
        silence = LONGEST_FILL if ahead < 0 else min(ahead / CLOCK, LONGEST_FILL)
        self.position += silence
        self.filled += silence
        self._expected = timestamp & 0xFFFF_FFFF
        if not self._anchors or abs(self.captured(self.position) - captured) > CLOCK_NEWS:
            # What fills the gap lies just before the packet: a first word may begin in it.
            self._anchors.append((self.position - silence, captured - silence))
        return Place(silence)

    def laid(self, samples: int) -> None:
        """The placed packet held so many samples at 48 kHz."""
        self.position += samples / CLOCK
        if self._expected is not None:
            self._expected = (self._expected + samples) & 0xFFFF_FFFF

    def captured(self, position: float) -> float:
        """When the sample at `position` was captured."""
        chosen = self._anchors[0] if self._anchors else (0.0, 0.0)
        for anchor in self._anchors:
            if anchor[0] > position:
                break
            chosen = anchor
        return chosen[1] + position - chosen[0]

    def at(self, captured: float) -> float:
        """The position of what was captured then; the inverse of `captured`, for the newest anchor before it."""
        for position, time in reversed(self._anchors):
            if time <= captured:
                return position + captured - time
        return self._anchors[0][0] + captured - self._anchors[0][1] if self._anchors else 0.0


def _signed(difference: int) -> int:
    """A 32-bit difference as a signed number (RFC 1982)."""
    return (difference + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
