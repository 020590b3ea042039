"""When a child process that died is started again, and when to stop trying.

A worker that dies once an hour should be back at once; one that dies while starting would burn a core for ever.
So deaths count only while they are consecutive: a child that lived long enough starts with a clean sheet.
This file starts nothing.
"""

from __future__ import annotations

# Half a second lets a port or a file lock of the dead one go; the cap keeps the wait below what people forgive.
FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
# Longer than loading the largest model and hearing one sentence.
LONG_LIFE = 60.0
MAX_CONSECUTIVE = 5


class Restarts:
    """The record of one child."""

    def __init__(self, first_delay: float = FIRST_DELAY) -> None:
        self._first_delay = first_delay
        self._consecutive = 0
        self._started = 0.0

    def started(self, now: float) -> None:
        self._started = now

    def died(self, now: float) -> float | None:
        """Seconds to wait before starting it again; None: it dies again and again, leave it."""
        if now - self._started >= LONG_LIFE:
            self._consecutive = 0
        self._consecutive += 1
        if self._consecutive >= MAX_CONSECUTIVE:
            return None
        if self._consecutive == 1:
            return self._first_delay
        delay: float = FIRST_DELAY * 2 ** (self._consecutive - 1)
        return min(LONGEST_DELAY, delay)
