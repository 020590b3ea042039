"""The host's monotonic clock, as a worker on any computer knows it.

Capture times are in the broker's clock.  A worker beside the broker reads the same one; a worker elsewhere learns from
each ping how far its own is off.  A ping can only be late, never early, so the largest difference seen lately is the
best; it is forgotten slowly, because two clocks drift apart (100 ppm is 6 ms a minute).
"""

from __future__ import annotations

import time
from collections.abc import Callable

FORGET = 100e-6
"""Seconds of trust that a second costs."""


class HostClock:
    """Call it for the time.  `shared`: the broker runs on this computer, so there is nothing to learn."""

    def __init__(self, shared: bool, own: Callable[[], float] = time.monotonic) -> None:
        self._own = own
        self._shared = shared
        self._ahead: float | None = 0.0 if shared else None
        self._at = 0.0

    def __call__(self) -> float:
        return self._own() + (self._ahead or 0.0)

    def hear(self, broker_s: float) -> None:
        """A ping that was sent at `broker_s` of the broker's clock has just come."""
        if self._shared or broker_s <= 0:
            return
        now = self._own()
        ahead = broker_s - now
        if self._ahead is None or ahead > self._ahead - FORGET * (now - self._at):
            self._ahead, self._at = ahead, now
