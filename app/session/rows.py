"""What changed between two lists that are shown as rows.

A list that is reset makes every tile flicker and throws away the reader's place.  This says which rows to take away,
put in or redraw, in an order that can be applied one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Removed:
    row: int


@dataclass(frozen=True, slots=True)
class Inserted(Generic[T]):
    row: int
    item: T


@dataclass(frozen=True, slots=True)
class Replaced(Generic[T]):
    row: int
    item: T


Step = Removed | Inserted[T] | Replaced[T]


def steps(old: Sequence[T], new: Sequence[T], key: Callable[[T], object]) -> list[Step[T]]:
    """Applied in order these turn `old` into `new`.  Keys are unique within each list."""
    found: list[Step[T]] = []
    wanted = {key(item): place for place, item in enumerate(new)}
    rows = list(old)
    for row in range(len(rows) - 1, -1, -1):
        if key(rows[row]) not in wanted:
            found.append(Removed(row))
            del rows[row]
    for row, item in enumerate(new):
        if row < len(rows) and key(rows[row]) == key(item):
            if rows[row] != item:
                found.append(Replaced(row, item))
            continue
        found += _moved_away(rows, key(item), row, key)
        found.append(Inserted(row, item))
        rows.insert(row, item)
    return found


def _moved_away(rows: list[T], wanted: object, start: int, key: Callable[[T], object]) -> list[Step[T]]:
    """An item that is further down is taken out there before it is put in here."""
    for row in range(start, len(rows)):
        if key(rows[row]) == wanted:
            del rows[row]
            return [Removed(row)]
    return []
