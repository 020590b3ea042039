"""Where the tiles go: 1 to 49 people, from a phone-sized window to a wall.

Pure geometry in the window's own pixels.  For each number of columns the largest tile that keeps a pleasant shape is
tried; the one with the most picture wins.  Tiles that would be too small to recognise anybody are spread over pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

SMALLEST = 140
"""Narrower than this, a tile says nothing; there are pages instead."""
MOST = 49
WIDEST_SHAPE = 16 / 9
TALLEST_SHAPE = 6 / 5
TALLEST_SHAPE_NARROW = 1.0
NARROW = 720


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How large a tile is, how many there are side by side, on one page, and how many pages that makes."""

    columns: int
    tile_width: int
    tile_height: int
    per_page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Stage:
    """The room there is.  `narrow`: the whole window is, not only what the side pane left over."""

    width: float
    height: float
    gap: int = 14
    narrow: bool = False


def layout(count: int, stage: Stage) -> Layout:
    """The best layout for `count` tiles; as many on a page as stay recognisable."""
    if count < 1 or stage.width < 1 or stage.height < 1:
        return Layout(1, 0, 0, 1, 1)
    for shown in range(min(count, MOST), 0, -1):
        columns, width, height = _best(shown, stage)
        if width >= min(SMALLEST, stage.width) or shown == 1:
            return Layout(columns, int(width), int(height), shown, ceil(count / shown))
    raise AssertionError("one tile always fits")


def boxes(shown: int, fit: Layout, stage: Stage) -> tuple[Box, ...]:
    """The places of `shown` tiles on one page: centred, the last row too."""
    rows = ceil(shown / fit.columns) if shown else 0
    top = (stage.height - rows * fit.tile_height - (rows - 1) * stage.gap) / 2
    places = []
    for index in range(shown):
        row, column = divmod(index, fit.columns)
        in_row = min(fit.columns, shown - row * fit.columns)
        left = (stage.width - in_row * fit.tile_width - (in_row - 1) * stage.gap) / 2
        x = round(left + column * (fit.tile_width + stage.gap))
        y = round(top + row * (fit.tile_height + stage.gap))
        places.append(Box(x, y, fit.tile_width, fit.tile_height))
    return tuple(places)


def with_speaker_first(order: Sequence[str], speaking: Sequence[str], per_page: int) -> tuple[str, ...]:
    """The order of tiles with whoever speaks loudest on page one.

    Nobody else moves: the speaker changes places with the last tile of page one whose owner is silent.
    """
    seats = list(order)
    loudest = next((person for person in speaking if person in seats), None)
    if loudest is None or per_page < 1 or seats.index(loudest) < per_page:
        return tuple(seats)
    for seat in range(min(per_page, len(seats)) - 1, -1, -1):
        if seats[seat] not in speaking:
            place = seats.index(loudest)
            seats[seat], seats[place] = seats[place], seats[seat]
            break
    return tuple(seats)


def _best(count: int, stage: Stage) -> tuple[int, float, float]:
    tallest = TALLEST_SHAPE_NARROW if stage.narrow else TALLEST_SHAPE
    best = (1, 0.0, 0.0)
    for columns in range(1, count + 1):
        rows = ceil(count / columns)
        width = (stage.width - stage.gap * (columns - 1)) / columns
        height = (stage.height - stage.gap * (rows - 1)) / rows
        if width <= 0 or height <= 0:
            continue
        width, height = min(width, height * WIDEST_SHAPE), min(height, width / tallest)
        if width * height > best[1] * best[2] * 1.001:
            best = (columns, width, height)
    return best
