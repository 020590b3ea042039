"""What the disk had no room for waits for it, and is written with the next that can be.

A full disk must neither stop a meeting nor leave a hole in its transcript: what everybody has read on the screen is
written down as soon as there is room again.  Only records that everything else goes on without wait here; one that is
needed has not happened when it could not be written (see `ordering`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from sfu.core.records import Record

# An hour in which several people speak; the oldest go first.
MOST_WAITING = 10_000


class Records(Protocol):
    """Where a meeting's records go (see `archive.Archive`)."""

    def keep(self, kept: Sequence[Record]) -> Future[None]: ...


class Owed:
    """In front of `records`."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._waiting: deque[Record] = deque(maxlen=MOST_WAITING)

    def keep(self, kept: Sequence[Record]) -> Future[None]:
        """All that waits and `kept`, or nothing of it."""
        owed = [self._waiting.popleft() for _ in range(len(self._waiting))]
        stored = self._records.keep([*owed, *kept])
        if owed:
            stored.add_done_callback(lambda done: self._put_back(owed) if done.exception() is not None else None)
        return stored

    def owe(self, records: Sequence[Record]) -> None:
        """They could not be written just now."""
        self._waiting.extend(records)

    def _put_back(self, owed: list[Record]) -> None:
        self._waiting.extendleft(reversed(owed))
