"""Layers that nobody wants are switched off where they are made.

Encoding 1080p that no one looks at heats a laptop and fills its uplink.  Each sender is told which layers of its
sources are wanted: one that is wanted again at once, one that is not after five seconds, because people who flick
through a gallery come back.  A client that has just (re)connected is told anew: it knows nothing of what was said to
the connection before.  Who wants what is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection

from sfu.core.sources import Source

OFF_AFTER = 5.0


class Demand:
    """Wanted layers of each source.  `poll` says which senders must be told, and what."""

    def __init__(self) -> None:
        self._wanted: dict[Source, frozenset[str]] = {}
        self._until: dict[Source, dict[str, float]] = {}
        """Up to when a layer that nobody wants any more stays on."""
        self._told: dict[Source, list[str]] = {}

    def begin(self, source: Source, now: float) -> None:
        """A new connection sends all its layers until it is told otherwise."""
        if source.rids:
            self._wanted[source] = frozenset()
            self._until[source] = dict.fromkeys(source.rids, now + OFF_AFTER)

    def tell_again(self, source: Source) -> None:
        """The sender has forgotten what it was told."""
        self._told.pop(source, None)

    def forget(self, source: Source) -> None:
        for table in (self._wanted, self._until, self._told):
            table.pop(source, None)

    def want(self, source: Source, rids: Collection[str], now: float) -> None:
        """These and no others are wanted from now on."""
        before = self._wanted.get(source)
        if before is None:
            return  # it has no layers, or no connection
        self._wanted[source] = frozenset(rids)
        self._until[source] |= dict.fromkeys(before.difference(rids), now + OFF_AFTER)

    def poll(self, now: float) -> list[tuple[Source, list[str]]]:
        """Sources whose senders must be told, with the layers that are to be sent."""
        news = []
        for source, wanted in self._wanted.items():
            until = self._until[source]
            on = [rid for rid in source.rids if rid in wanted or now < until[rid]]
            if on != self._told.get(source):
                self._told[source] = on
                news.append((source, on))
        return news
