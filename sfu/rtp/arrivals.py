"""What came over one transport, told to its sender as transport-wide feedback.

The sender's estimate lives on it; when it is due (every 100 ms or so) is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from sfu.rtp.sequence import Unwrapper
from sfu.rtp.transport_feedback import TICKS_PER_SECOND, Arrival, TransportFeedback

# A feedback packet of so many arrivals fits one datagram whatever their spacing.
_MAX_REPORTED = 300
# More missing in a row than this: the sender began again, and naming each would only tell it what it knows.
_MAX_GAP = 2000
# How late a packet can be and still be told; time deltas reach no further than 8 s.
_MEMORY_S = 0.5


class ArrivalLog:
    """What the other end sent, by transport-wide number, since it was last told.

    A packet that comes late, after its number was passed over, is told with its neighbours once more: a feedback
    packet speaks for every number it spans, and the neighbours must not look lost in it.
    """

    def __init__(self, sender: int) -> None:
        self._sender = sender
        self._unwrapper = Unwrapper()
        self._times: dict[int, float] = {}
        self._next: int | None = None
        self._count = 0

    def feedback(self, arrivals: Iterable[tuple[int, float]], media: int) -> list[TransportFeedback]:
        """Tells about everything that came: number and time of each, as they came; nothing where nothing came."""
        unwrap = self._unwrapper.unwrap
        new = [(unwrap(number), at) for number, at in arrivals]
        if not new:
            return []
        times = self._times
        for number, at in new:
            times.setdefault(number, at)
        oldest = max([at for _, at in new]) - _MEMORY_S
        # At once: the first of a dict is found by passing all that was deleted before it, each time anew.
        for number in list(takewhile(lambda number: times[number] < oldest, times)):
            del times[number]
        numbers = sorted({number for number, _ in new if number in times})
        if self._next is not None and numbers and numbers[0] < self._next:
            numbers = sorted([number for number in times if number >= numbers[0]])
        return [
            self._one(numbers[at : at + _MAX_REPORTED], media) for at in range(0, len(numbers), _MAX_REPORTED)
        ]  # fmt: skip

    def _one(self, numbers: Sequence[int], media: int) -> TransportFeedback:
        base = numbers[0]
        if self._next is not None and 0 < base - self._next <= _MAX_GAP:
            base = self._next  # what is missing before the first is told too
        numbers = [number for number in numbers if number - base <= _MAX_GAP]
        times = self._times
        arrivals = tuple([Arrival(number & 0xFFFF, int(times[number] * TICKS_PER_SECOND)) for number in numbers])
        self._next = max(self._next or 0, numbers[-1] + 1)
        self._count = self._count + 1 & 0xFF
        return TransportFeedback(
            sender=self._sender, media=media, base=base & 0xFFFF, count=numbers[-1] - base + 1,
            reference=arrivals[0].at >> 8, feedback_count=self._count, arrivals=arrivals,
        )  # fmt: skip
