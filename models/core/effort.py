"""How hard to try when the computer cannot keep up.

Captions that come later and later are worth nothing, so what is done for each second of speech shrinks until it fits:
first the tails thin out, then updates become rare, then a smaller model takes over, where there is one.  The words that
are kept (finals) are never given up.  When there has been room for a while, one step back is tried; if that was too
early, the next try waits longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Effort(IntEnum):
    FULL = 0
    THIN = 1    # updates are rarer, and a pause is heard only once it has ended the phrase
    SLOW = 2    # updates are rare
    SMALL = 3   # the smaller model hears


# Seconds between two passes over a growing phrase.
STEP = {Effort.FULL: 0.2, Effort.THIN: 0.6, Effort.SLOW: 2.0, Effort.SMALL: 0.6}
# Above this lag (from the moment at which a pass was due until its answer) the next step is taken.
TOO_LATE = {Effort.FULL: 1.2, Effort.THIN: 2.0, Effort.SLOW: 3.0}
# What becomes of a phrase is heard in one pass of its own that takes two or three times as long as an update: that one
# came so late says nothing about the computer.
FINAL_TAKES = 2.0
# A step is given so long to help before another is taken.
SETTLE = 1.5
# Below this there is room; after so many seconds of it, one step back.
EASY = 0.8
BACK_AFTER = 6.0
LONGEST_BACK = 60.0
# A step back that had to be taken again within this time was too early.
TOO_EARLY = 20.0


@dataclass(slots=True)
class Pace:
    """`has_smaller`: a smaller model is there to take over."""

    has_smaller: bool = False
    effort: Effort = Effort.FULL
    _taken_at: float = float("-inf")
    _back_at: float = float("-inf")
    _easy_since: float | None = None
    _back_after: float = BACK_AFTER

    def answered(self, lag: float, now: float, *, final: bool = False) -> None:
        """A pass was answered `lag` seconds after it was due; `final`: one over a whole phrase."""
        lag /= FINAL_TAKES if final else 1.0
        if lag > EASY:
            self._easy_since = None
        elif self._easy_since is None:
            self._easy_since = now
        if self._is_too_late(lag) and now - self._taken_at >= SETTLE:
            self._harder(now)
        self._ease(now)

    def idle(self, now: float) -> None:
        """Nobody speaks."""
        if self._easy_since is None:
            self._easy_since = now
        self._ease(now)

    def _ease(self, now: float) -> None:
        if self.effort is Effort.FULL or self._easy_since is None or now - self._easy_since < self._back_after:
            return
        self.effort = Effort(self.effort - 1)
        self._back_at = self._easy_since = now

    @property
    def step(self) -> float:
        return STEP[self.effort]

    def _is_too_late(self, lag: float) -> bool:
        return lag > TOO_LATE.get(self.effort, float("inf"))

    def _harder(self, now: float) -> None:
        if self.effort is Effort.SLOW and not self.has_smaller:
            return
        early = now - self._back_at < TOO_EARLY
        self._back_after = min(LONGEST_BACK, 2 * self._back_after) if early else BACK_AFTER
        self.effort, self._taken_at = Effort(self.effort + 1), now
