"""What a film shows where: everybody in a grid, or whoever speaks large above a strip of the others.

A film is made afterwards, so it knows what comes: it turns to somebody when they begin to speak, and only if they go
on.  Nothing is drawn here; all lengths are pixels, and even, because colour has half the size of brightness.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

SPEAKS_FOR = 1.0
"""Speech so long takes the large place; a director must be told so much ahead.  A "yes" is shorter."""
HOLDS_FOR = 4.0
"""And keeps it at least so long, as in the window."""
# -40 dBFS where everybody's speech is at -16 LUFS: breath and fans are below it.
HEARD = 1e-4
_SMOOTH_S = 0.3
_BREATH_S = 0.4
MOST_IN_STRIP = 8
_STRIP_SHARE = 0.2
_WIDEST_IN_STRIP = 5


@dataclass(frozen=True, slots=True)
class Box:
    """A tile of the film."""

    left: int
    top: int
    width: int
    height: int


def grid(count: int, width: int, height: int) -> list[Box]:
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    wide, high = width // columns // 2 * 2, height // rows // 2 * 2
    boxes = []
    for number in range(count):
        row, column = divmod(number, columns)
        inline = min(columns, count - row * columns)
        left = (width - inline * wide) // 4 * 2 + column * wide
        boxes.append(Box(left, row * high, wide, high))
    return boxes


def spotlight(others: int, width: int, height: int) -> list[Box]:
    """The large place, then those of the strip below it, which is not there for nobody."""
    if not others:
        return [Box(0, 0, width, height)]
    strip = int(height * _STRIP_SHARE) // 2 * 2
    wide = width // max(others, _WIDEST_IN_STRIP) // 2 * 2
    left = (width - others * wide) // 4 * 2
    small = [Box(left + number * wide, height - strip, wide, strip) for number in range(others)]
    return [Box(0, 0, width, height - strip), *small]


@dataclass(frozen=True, slots=True)
class Spotlight:
    """`person` has the large place since `since`; `next_up` speaks since `spoke_at` and may take it."""

    person: str = ""
    since: float = -math.inf
    next_up: str = ""
    spoke_at: float = 0.0

    def after(self, loudest: str, now: float) -> Spotlight:
        if loudest in ("", self.person):
            return replace(self, next_up="")
        here = self if loudest == self.next_up else replace(self, next_up=loudest, spoke_at=now)
        if now - here.spoke_at >= SPEAKS_FOR and now - here.since >= HOLDS_FOR:
            return Spotlight(loudest, now)
        return here


class Director:
    """Hears everybody, SPEAKS_FOR ahead of the picture, and says who is large and who is beside them."""

    def __init__(self, people: Sequence[str]) -> None:
        self._people = people
        self._spotlight = Spotlight()
        self._powers = dict.fromkeys(people, 0.0)
        self._heard_at = dict.fromkeys(people, -math.inf)
        self._now = -math.inf

    def hear(self, powers: Mapping[str, float], now: float) -> None:
        """`powers`: mean squares of everybody's samples since the last time; full scale is 1."""
        share = min(1.0, (now - self._now) / _SMOOTH_S)
        self._now = now
        for person, power in powers.items():
            self._powers[person] += (power - self._powers[person]) * share
            if power > HEARD:
                self._heard_at[person] = now
        speaking = [person for person in self._people if now - self._heard_at[person] <= _BREATH_S]
        loudest = max(speaking, key=lambda person: self._powers[person], default="")
        self._spotlight = self._spotlight.after(loudest, now)

    def seats(self, screens: Sequence[str], there: Sequence[str]) -> list[str]:
        """The large place first, then the strip, in the order of `there`.

        `screens`: on now, the newest last; the newest is large, else who speaks, else who came first.  Where the strip
        is too short, those stay whom one heard last.
        """
        speaker = self._spotlight.person if self._spotlight.person in there else next(iter(there), "")
        large = screens[-1] if screens else speaker
        others = [person for person in there if person != large]
        if len(others) > MOST_IN_STRIP:
            latest = sorted(others, key=lambda person: self._heard_at[person], reverse=True)[:MOST_IN_STRIP]
            others = [person for person in others if person in latest]
        return [large, *others] if large else []
