"""Whether the link to the host lives, and when to try again after it was lost.

A socket that still looks open is not a call: people see "live" only while a connectivity check, which proves both
directions, came back within `ALIVE_FOR`.  After a loss the engine joins again under the same name, until
`GIVE_UP_AFTER`.  This module decides; it reads no clock and opens nothing.
"""

from __future__ import annotations

from sfu.rtp.errors import ErrorCode, UserError

# The path is checked every second: three missed answers.
ALIVE_FOR = 3.5
GIVE_UP_AFTER = 30.0
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each attempt; the last one repeats.  A Wi-Fi handover is over within the first two."""

# Refusals that the next attempt may not meet: the host is away for a moment, or has not yet noticed that we left.
PASSING = frozenset({ErrorCode.HOST_UNREACHABLE, ErrorCode.MEETING_FULL, ErrorCode.BAD_TOKEN, ErrorCode.TOO_MANY})


class LinkLost(Exception):
    """The socket or the media path is gone.  Nobody's error: the engine may join again."""


def is_alive(last_heard: float, now: float) -> bool:
    """Whether packets flow; `last_heard` is when the host last proved that it hears us and we hear it."""
    return now - last_heard < ALIVE_FOR


class Retries:
    """The attempts that follow one loss."""

    def __init__(self) -> None:
        self._lost_at: float | None = None
        self._attempts = 0

    @property
    def trying(self) -> bool:
        """Whether there is a loss to recover from."""
        return self._lost_at is not None

    def recovered(self) -> None:
        """The link is live again: the next loss starts afresh."""
        self._lost_at = None
        self._attempts = 0

    def pause(self, now: float) -> float | None:
        """Seconds to wait before the next attempt; None when it is time to give up."""
        if self._lost_at is None:
            self._lost_at = now
        if now - self._lost_at >= GIVE_UP_AFTER:
            return None
        pause = PAUSES[min(self._attempts, len(PAUSES) - 1)]
        self._attempts += 1
        return pause


def gave_up() -> UserError:
    return UserError(
        ErrorCode.HOST_UNREACHABLE,
        f"The connection was lost and did not come back within {GIVE_UP_AFTER:.0f} seconds. "
        "Check the network, then join again.",
    )
