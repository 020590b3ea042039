"""Whether the link to the host lives, what to do when it falls silent, and when to try again after it was lost.

A socket that still looks open is not a call: people see "live" only while something that proves both directions came
back within `ALIVE_FOR`: an answered connectivity check, or the host's word that packets of ours had come.  Whoever has
lost a network for a moment wants to be back in the same call, so a silent one is kept for a while, and other ways to
the host are looked for under it (ICE restart).  Then, or at once when nothing of it can come back, the engine joins
again under the same name, until `GIVE_UP_AFTER`.  This module decides; it reads no clock and opens nothing.
"""

from __future__ import annotations

from collections.abc import Container
from enum import Enum, auto

from sfu.rtp.errors import ErrorCode, UserError

# The path is checked every second: one answer is missing.
MOVE_AFTER = 1.8
MOVE_EVERY = 3.0
# Three missed answers.
ALIVE_FOR = 3.5
# The host keeps a silent client for 30 s.  Beyond this somebody else may have its address, and a new call is surer.
STAY_FOR = 14.0
# What the host has surely forgotten us after; nothing of the old call comes back.
ASLEEP_FOR = 30.0
GIVE_UP_AFTER = 30.0
PAUSES = (0.2, 0.5, 1.0)
"""Seconds before each attempt; the last one repeats."""
PATIENCE = (1.5, 1.5, 3.0, 6.0)
"""Seconds that an attempt may take to reach the host.  A SYN that was dropped is sent again after 1, 3 and 7 s: a new
attempt is sooner there than the old one.  A host that is only slow gets more time with every attempt."""

# Refusals that the next attempt may not meet: the host is away for a moment, or has not yet noticed that we left.
PASSING = frozenset({ErrorCode.HOST_UNREACHABLE, ErrorCode.MEETING_FULL, ErrorCode.BAD_TOKEN, ErrorCode.TOO_MANY})


class LinkLost(Exception):
    """The socket or the media path is gone.  Nobody's error: the engine may join again."""


class Turn(Enum):
    """What a look at the link came to."""

    SILENT = auto()
    """No longer live, not yet lost."""
    BACK = auto()
    MOVE = auto()
    """Another way to the host should be looked for."""
    LOST = auto()


class Lifeline:
    """One call's.  `look` often; `proved` is when the host last proved that it hears us and we hear it."""

    def __init__(self, now: float, steady: float) -> None:
        """`steady` is a clock that does not stop while the computer sleeps."""
        self._steady = steady
        self._move_at = now
        self._silent = False

    def look(self, proved: float, now: float, steady: float) -> Turn | None:
        slept, self._steady = steady - self._steady, steady
        quiet = now - proved
        if slept > ASLEEP_FOR or quiet > STAY_FOR:
            return Turn.LOST
        if is_alive(proved, now) == self._silent:
            self._silent = not self._silent
            return Turn.SILENT if self._silent else Turn.BACK
        if quiet >= MOVE_AFTER and now >= self._move_at:
            self._move_at = now + MOVE_EVERY
            return Turn.MOVE
        return None


def is_alive(proved: float, now: float) -> bool:
    """Whether packets flow both ways."""
    return now - proved < ALIVE_FOR


def is_stranded(own: str | None, addresses: Container[str]) -> bool:
    """Whether the address that the call was made from is no longer this computer's: cable out, another Wi-Fi."""
    return own is not None and own not in addresses


class Retries:
    """The attempts that follow one loss."""

    def __init__(self) -> None:
        self._lost_at: float | None = None
        self._attempts = 0

    @property
    def trying(self) -> bool:
        """Whether there is a loss to recover from."""
        return self._lost_at is not None

    @property
    def patience(self) -> float | None:
        """Seconds that the next attempt may take to reach the host; None for the first, which says why it cannot."""
        return PATIENCE[min(self._attempts, len(PATIENCE)) - 1] if self._attempts else None

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
