"""How long sound must be kept so that few packets come too late.

The quickest packets tell what the path takes at least; how much later the others come is jitter, and playing must
wait for most of it.  The reader comes unevenly too (sound cards fetch in bursts), which no arrival shows: each time
it found nothing although the packet was not late, a little more is kept for a while.
"""

from __future__ import annotations

import math
from collections import deque

STEP = 0.02
LEAST = 0.02
MOST = 0.2

# Five seconds of speech: long enough to have met the network's bad moments, short enough to forget them.
_WINDOW = 250
# One packet in a hundred may come too late: paying for the worst one would be paid for by every word.
_QUANTILE = 0.99
# Half a second of nothing but packets that come far too late: the path, or the sender's clock, has changed.
_CONVINCED_AFTER = 0.5
_CALM_AFTER = 10.0


class DelayTracker:
    """Learns from arrivals; all in seconds, `position` being a timestamp divided by the clock rate."""

    def __init__(self) -> None:
        self._transits: deque[float] = deque(maxlen=_WINDOW)
        self._quickest = 0.0
        self._jitter = 0.0
        self._margin = 0.0
        self._hopeless_since = math.inf
        self._calm_at = 0.0

    @property
    def target(self) -> float:
        """How long after the quickest packet a position should be played."""
        return min(self._jitter + self._margin + LEAST, MOST)

    def hear(self, position: float, now: float) -> None:
        """A packet for `position` came."""
        transit = now - position
        if self._transits and transit > self._quickest + MOST:
            self._hopeless_since = min(self._hopeless_since, now)
            if now - self._hopeless_since < _CONVINCED_AFTER:
                return  # no delay that we would pay could have helped it
            self._transits.clear()
        elif self._transits and transit < self._quickest - MOST:
            self._transits.clear()  # all before were held up together
        self._hopeless_since = math.inf
        self._transits.append(transit)
        ordered = sorted(self._transits)
        self._quickest = ordered[0]
        self._jitter = ordered[int(_QUANTILE * (len(ordered) - 1))] - ordered[0]

    def delay(self, position: float, now: float) -> float:
        """How long after the quickest packet `position` is played, if it is played now."""
        return now - position - self._quickest

    def found_nothing(self, position: float, came: float, now: float) -> None:
        """The reader found nothing at `position`, which came at last."""
        if self.delay(position, came) <= self._jitter + LEAST:
            self._margin = min(self._margin + STEP, MOST)
            self._calm_at = now + _CALM_AFTER

    def settle(self, now: float) -> None:
        """Gives a step of the margin back, once in a calm while."""
        if self._margin and now >= self._calm_at:
            self._margin = max(self._margin - STEP, 0.0)
            self._calm_at = now + _CALM_AFTER
