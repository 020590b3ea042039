"""Who has the large place in speaker view, and where the others stand.

Whoever is pinned has it; else whoever has been speaking for a while, and then for a while longer: a cough or a "yes"
must not throw the picture about.  Pure: `now` is any steady clock, in seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import ceil

from app.session.gallery import WIDEST_SHAPE, Box, Layout, Stage, boxes

SPEAKS_FOR = 2.0
"""Speech so long takes the large place."""
HOLDS_FOR = 4.0
"""And keeps it at least so long."""
STRIP, STRIP_NARROW = 6, 3
"""Others beside the large tile, at most; below it, where the window is narrow."""
MOST_SCREENS = 2
"""Large at once; further ones stand with the others."""
STRIP_SHARE = 0.22
"""Of the stage's width, or of its height where it is narrow."""


@dataclass(frozen=True, slots=True)
class Spotlight:
    """`person` has the large place since `since`; `next_up` speaks since `spoke_at` and may take it."""

    person: str = ""
    since: float = 0.0
    next_up: str = ""
    spoke_at: float = 0.0

    def after(self, people: Sequence[str], speaking: Sequence[str], now: float) -> Spotlight:
        """`speaking`: who speaks now, loudest first.  `people`: who may stand there, in the order of their seats."""
        here = self if self.person in people else replace(self, person=people[0] if people else "", since=now)
        loudest = next((person for person in speaking if person in people), "")
        if loudest in ("", here.person):
            return replace(here, next_up="")
        if loudest != here.next_up:
            here = replace(here, next_up=loudest, spoke_at=now)
        if now - here.spoke_at >= SPEAKS_FOR and now - here.since >= HOLDS_FOR:
            return Spotlight(person=loudest, since=now)
        return here


def seats(people: Sequence[str], large: str) -> tuple[str, ...]:
    """The large place first, then the others in their own order."""
    return (large, *(person for person in people if person != large)) if large in people else tuple(people)


def strip_size(stage: Stage) -> int:
    """How many others there is room for at once."""
    return STRIP_NARROW if stage.narrow else STRIP


def strip_pages(others: int, stage: Stage) -> int:
    return max(1, ceil(others / strip_size(stage)))


def places(others: int, stage: Stage, large: int = 1) -> tuple[Box, ...]:
    """The large place, or places, and those of `others` (at most `strip_size`) beside it, or below it if narrow."""
    if stage.width < 1 or stage.height < 1:
        return tuple(Box(0, 0, 0, 0) for _ in range(others + large))
    if not others:
        return _larges(stage.width, stage.height, large, stage.gap)
    if stage.narrow:
        return _above_a_row(others, stage, large)
    side = int(min(stage.width * STRIP_SHARE, (stage.height - stage.gap * (STRIP - 1)) / STRIP * WIDEST_SHAPE))
    tall = int(side / WIDEST_SHAPE)
    larges = _larges(stage.width - side - stage.gap, stage.height, large, stage.gap)
    top = round((stage.height - others * tall - (others - 1) * stage.gap) / 2)
    left = round(stage.width - side)
    return (*larges, *(Box(left, top + row * (tall + stage.gap), side, tall) for row in range(others)))


def without(people: Sequence[str], hidden: Collection[str]) -> tuple[str, ...]:
    """`people` but for the `hidden`; somebody who is alone is shown all the same."""
    return tuple(person for person in people if person not in hidden) or tuple(people)


def _above_a_row(others: int, stage: Stage, large: int) -> tuple[Box, ...]:
    room = (stage.width - stage.gap * (STRIP_NARROW - 1)) / STRIP_NARROW
    tall = int(min(stage.height * STRIP_SHARE, room))
    wide = int(min(room, tall * WIDEST_SHAPE))
    larges = _larges(stage.width, stage.height - tall - stage.gap, large, stage.gap)
    left = round((stage.width - others * wide - (others - 1) * stage.gap) / 2)
    top = round(stage.height - tall)
    return (*larges, *(Box(left + column * (wide + stage.gap), top, wide, tall) for column in range(others)))


def _larges(width: float, height: float, count: int, gap: int) -> tuple[Box, ...]:
    """One large place, or a few that share the room."""
    if count == 1:
        return (_within(width, height, 0, 0),)
    room = Stage(width, height, gap)
    columns = 1 if height > width else count
    rows = count // columns
    each = min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows * WIDEST_SHAPE)
    return boxes(count, Layout(columns, int(each), int(each / WIDEST_SHAPE), count, 1), room)


def _within(width: float, height: float, x: int, y: int) -> Box:
    """The largest pleasant shape in the middle of this room."""
    wide = min(width, height * WIDEST_SHAPE)
    tall = min(height, wide)
    return Box(x + round((width - wide) / 2), y + round((height - tall) / 2), round(wide), round(tall))
