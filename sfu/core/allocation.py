"""Who gets how good a picture when not everything fits: a co-operative allocation for one subscriber.

Sound is not here: it is never paused, and its share is taken off before.  Screens come first, because a screen that
cannot be read is worth nothing, then the stage, then everybody else; but before anybody gets more, everybody gets the
least, for a face that is missing hurts more than one that is small.  Then each takes a step in turn.  What goes down
goes at once and all together; what goes up goes one step at a time, with room to spare, so that a path at its limit
is not driven over it again and again (LiveKit's stable and deficient states, JVB's one step each).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

PAUSED = 3
"""Below the least layer: nothing flows, until there is room again."""
# A screen may exceed the estimate by so much: it mostly stands still, and a cut of it is unreadable (as in JVB).
SCREEN_OVERSEND = 500_000
# Room that must be left after a step up.
HEADROOM = 0.85


class Rank(IntEnum):
    SCREEN = 0
    STAGE = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture: the level its view asks for, and bits per second of each level from 0 (best) to 2.

    A level that cannot be had costs what is shown in its place.
    """

    rank: Rank
    level: int
    rates: tuple[int, int, int]

    def cost(self, level: int) -> int:
        return 0 if level == PAUSED else self.rates[level]


def allocate(wishes: Sequence[Wish], budget: float) -> list[int]:
    """A level for each wish, best first within its rank; PAUSED where not even the least fits."""
    levels = [PAUSED] * len(wishes)
    order = sorted(range(len(wishes)), key=lambda at: wishes[at].rank)
    for at in order:
        budget = _raise(wishes[at], levels, at, budget)
    for rank in (Rank.SCREEN, Rank.STAGE):
        for at in order:
            level = PAUSED + 1
            while wishes[at].rank is rank and levels[at] < level:
                level = levels[at]
                budget = _raise(wishes[at], levels, at, budget)
    while True:
        before = list(levels)
        for at in order:
            budget = _raise(wishes[at], levels, at, budget)
        if levels == before:
            return levels


def _raise(wish: Wish, levels: list[int], at: int, budget: float) -> float:
    """One step up if it fits; what is left of the budget."""
    level = levels[at]
    if level <= wish.level:
        return budget
    step = wish.cost(level - 1) - wish.cost(level)
    oversend = SCREEN_OVERSEND if wish.rank is Rank.SCREEN else 0
    if step > max(budget + oversend, 0):
        return budget
    levels[at] = level - 1
    return budget - step


def approach(now: Sequence[int], wishes: Sequence[Wish], budget: float) -> list[int]:
    """The levels to go to from the present ones: all the way down where it must be, one step up where there is room.

    Room to spare is not asked for the first picture: else who sees nobody would go on seeing nobody.
    """
    ideal = allocate(wishes, budget)
    after = [max(level, aim) for level, aim in zip(now, ideal, strict=True)]
    sees_nobody = all(level == PAUSED for level in after)
    roomy = ideal if sees_nobody else allocate(wishes, budget * HEADROOM)
    order = sorted(range(len(wishes)), key=lambda at: (wishes[at].rank, -after[at]))
    rising = next((at for at in order if roomy[at] < after[at]), None)
    if rising is not None:
        after[rising] -= 1
    return after
