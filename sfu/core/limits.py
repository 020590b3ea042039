"""How often somebody may make us work.

A handshake datagram, a connectivity check or a NACK costs its sender nothing and us something, so each peer has an
allowance that refills with time.  What is over it is dropped, which every one of these protocols survives.
"""

from __future__ import annotations


class Allowance:
    """A token bucket: `per_second` on average, `burst` at once."""

    __slots__ = ("_at", "_burst", "_left", "_per_second")

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._at = 0.0

    def take(self, now: float) -> bool:
        """Whether one more is allowed at `now`; if so it is spent."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
