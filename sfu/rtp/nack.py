"""Asking again for what got lost (RFC 4585), without asking too much.

A missing packet is asked for when the gap shows, and again three times a round trip, because asking is lost as easily
as what is asked for: a picture that waits for one packet should not wait a round trip more for that.  Whoever answers
holds a packet back that has just been repeated (libwebrtc and we do, for a round trip), so asking often brings nothing
twice.  Where more is missing than asking can mend, a key frame is cheaper than a thousand retransmissions: then
`wants_keyframe` says so.  This module names sequence numbers; sending the NACK and merging key-frame requests is its
owner's work.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.rtp.sequence import Unwrapper

ASKS_PER_TRIP = 3
# Seven round trips: nobody's picture waits longer.
MAX_RETRIES = 20
# Numbers as of mediasoup's generator, proven in many meetings.
MAX_PENDING = 1000
MAX_AGE = _AGE = 10_000
# So many packets in a row below the highest number, and none that was missed: that number was never the stream's.  A
# burst of answers that come twice is shorter, and packets of the stream come in between.
MOST_REFUSED = 30
# Asking again sooner than this mends nothing on any network: answers are being paced out.
LEAST_WAIT = 0.04
# 250 scattered numbers are 1,000 bytes of NACK: one datagram.
MAX_ASKED = 250


@dataclass(slots=True)
class _Missing:
    ask_at: float
    asked: int = 0


class NackGenerator:
    """The packets one stream still lacks.  Call `poll` until it is empty, then again at `wake_at`."""

    def __init__(self, round_trip: float = 0.1) -> None:
        self.round_trip = round_trip
        """Seconds; set it whenever it is measured anew."""
        self.wants_keyframe = False
        """More is lost than is worth asking for; until a key frame is fed."""
        self._unwrapper = Unwrapper()
        self._begun = False
        self._highest = 0
        self._keyframe: int | None = None
        self._missing: dict[int, _Missing] = {}  # ascending: gaps are only ever added above
        self._wake_at: float | None = None
        self._refused = 0
        """Packets in a row that nobody waited for."""

    @property
    def pending(self) -> int:
        """Packets that are being asked for."""
        return len(self._missing)

    def feed(self, sequence: int, now: float, keyframe: bool = False) -> bool:
        """A packet came, by itself or repeated; `keyframe` if it begins one.

        False if nobody waited for it: a duplicate, or one given up.
        """
        number = self._unwrapper.unwrap(sequence)
        if self._begun and number < self._highest - _AGE:
            self._begin_anew()
            number = self._unwrapper.unwrap(sequence)
        if keyframe and (self._keyframe is None or number > self._keyframe):
            self._keyframe = number
            self.wants_keyframe = False
        if self._begun and number <= self._highest:
            if self._missing.pop(number, None) is not None:
                self._refused = 0
                return True
            self._refused += 1
            if self._refused < MOST_REFUSED:
                return False
            self._begin_anew()
            number = self._unwrapper.unwrap(sequence)
        begun, highest = self._begun, self._highest
        self._refused = 0
        self._begun, self._highest = True, number
        if begun and number > highest + 1:
            self._add(highest + 1, number, now)
        return True

    def poll(self, now: float) -> list[int]:
        """Sequence numbers to ask for now, at most `MAX_ASKED`."""
        if self._wake_at is None or self._wake_at > now:
            return []
        due = [number for number, missing in self._missing.items() if missing.ask_at <= now]
        for number in due[:MAX_ASKED]:
            self._count(number, now)
        self._wake_at = min((missing.ask_at for missing in self._missing.values()), default=None)
        return [number & 0xFFFF for number in due[:MAX_ASKED]]

    def wake_at(self) -> float | None:
        return self._wake_at if self._missing else None

    def _count(self, number: int, now: float) -> None:
        """Asked for once more; after the last time it is forgotten."""
        missing = self._missing[number]
        missing.asked += 1
        missing.ask_at = now + max(self.round_trip / ASKS_PER_TRIP, LEAST_WAIT)
        if missing.asked == MAX_RETRIES:
            del self._missing[number]

    def _add(self, first: int, end: int, now: float) -> None:
        """Everything from `first` up to `end` is missing."""
        oldest = end - MAX_AGE
        while self._missing and next(iter(self._missing)) < oldest:
            del self._missing[next(iter(self._missing))]
        if len(self._missing) + end - first > MAX_PENDING and self._keyframe is not None:
            # What lies before a key frame that we have need not be mended.
            self._missing = {number: self._missing[number] for number in self._missing if number > self._keyframe}
        if len(self._missing) + end - first > MAX_PENDING:
            self._missing.clear()
            self.wants_keyframe = True
            return
        for number in range(first, end):
            self._missing[number] = _Missing(now)
        self._wake_at = now

    def _begin_anew(self) -> None:
        """The numbers fell back further than anything is late: the sender began again."""
        self._unwrapper = Unwrapper()
        self._begun, self._keyframe = False, None
        self._missing.clear()
