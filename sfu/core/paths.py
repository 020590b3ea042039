"""Whose way to the host is bad.  Everybody is told, so that nobody wonders about a voice that breaks up.

Judged by what the forwarder counts, with the bounds that the window has for its own way (`app.session.quality`): from
8 % of lost packets on even concealment is heard, and ITU-T G.114 lets nobody talk comfortably over 300 ms.  One bad
second is no news: a way is weak from the second on, and well again after five good ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.core.effects import Effect
from sfu.core.room import Room, changed
from sfu.link.messages import PeerStats, Snapshot

LOST, TRIP_MS = 0.08, 300.0
BAD_LOOKS, GOOD_LOOKS = 2, 5
FEWEST = 20
"""Packets between two looks from which a share of lost ones can be told: 50 a second come of a voice alone."""


@dataclass(slots=True)
class _Way:
    came: int = 0
    lost: int = 0
    bad: int = 0
    good: int = 0


class Paths:
    """`told` after every snapshot of the forwarder; it may tell of some people only."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._ways: dict[str, _Way] = {}

    def told(self, snapshot: Snapshot) -> list[Effect]:
        self._ways = {person: way for person, way in self._ways.items() if person in self._room.people}
        return [effect for peer in snapshot.peers if peer.secured for effect in self._look(peer)]

    def _look(self, stats: PeerStats) -> list[Effect]:
        person = self._room.people.get(stats.peer)
        if person is None:
            return []
        way = self._ways.setdefault(stats.peer, _Way())
        bad = _is_bad(way, stats)
        way.bad, way.good = (way.bad + 1, 0) if bad else (0, way.good + 1)
        weak = way.good < GOOD_LOOKS if person.weak else way.bad >= BAD_LOOKS
        if weak == person.weak:
            return []
        person.weak = weak
        return [changed(person)]


def _is_bad(way: _Way, stats: PeerStats) -> bool:
    came, lost = sum(source.packets for source in stats.sources), sum(source.lost for source in stats.sources)
    news, missing = came - way.came, max(0, lost - way.lost)
    way.came, way.lost = came, lost
    # A new connection counts from nothing again.
    share = missing / (news + missing) if news >= FEWEST else 0.0
    return max(share, stats.loss) >= LOST or (stats.round_trip_ms or 0.0) >= TRIP_MS
