"""Virtual time: an hour of a meeting takes a second, and the same hour every time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class Clock:
    """Runs what is due, in order of time, and of booking where times are equal."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._booked = count()

    def call_at(self, at: float, action: Callable[[], None]) -> None:
        """What is booked for the past happens now."""
        heapq.heappush(self._due, (max(at, self.now), next(self._booked), action))

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """From now on, without drift."""
        start, turns = self.now, count(2)

        def turn() -> None:
            self.call_at(start + next(turns) * seconds, turn)
            action()

        self.call_at(start + seconds, turn)

    def run(self, until: float) -> None:
        """Runs everything up to `until`, which is the time afterwards."""
        while self._due and self._due[0][0] <= until:
            self.now, _, action = heapq.heappop(self._due)
            action()
        self.now = until
