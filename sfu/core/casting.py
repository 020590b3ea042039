"""Who is on which slot, all peers and sources considered.

Pictures follow what each client shows, best first; voices go to everybody, and where there are more voices than
slots, the loudest of those who speak (see `levels`).  A peer never gets its own, nothing goes to a peer without keys,
and what is muted is on no slot.  Every change is told to the control process, which tells the client.

Runs when something changes (a join, a view, a mute, a new speaker), never per packet.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sfu.core.choice import assign
from sfu.core.flow import Slot
from sfu.core.levels import Speakers
from sfu.core.peers import Peer, Peers
from sfu.core.slots import attach, detach
from sfu.core.sources import Source
from sfu.link.messages import Event, SlotsChanged, SlotShows


class Casting:
    """Keeps every slot on what it should show."""

    def __init__(self, peers: Peers, speakers: Speakers, events: list[Event]) -> None:
        self._peers = peers
        self._speakers = speakers
        self._events = events
        self.touched: set[Source] = set()
        """Pictures whose viewers have changed, and peers whose pictures have, until somebody takes them."""
        self.touched_peers: set[Peer] = set()

    def recast(self, pictures: bool = True) -> None:
        """Everybody's slots, or without `pictures` those for voices; peers whose slots stay as they are hear nothing.

        Voices flow at once; which layer of a picture flows is `quality`'s to say.
        """
        on_air = self._on_air()
        voices = sorted(
            (source for source in on_air.values() if not source.video),
            key=lambda source: self._speakers.place(source.id),
        )  # stable: those who never spoke stay in the order they came
        loudest = [voice.id for voice in voices]
        for peer in self._peers:
            shows = self._pictures(peer, on_air) if pictures else []
            if shows:
                self.touched_peers.add(peer)
            shows += self._voices(peer, on_air, loudest)
            if shows:
                self._events.append(SlotsChanged(peer=peer.id, shows=shows))

    def release(self, source: Source) -> None:
        """The source is leaving for good; `recast` fills its places."""
        for slot in source.watchers:
            detach(slot)
            slot.shows = None
        source.watchers.clear()

    def vacate(self, slot: Slot) -> None:
        """Nothing flows into the slot, and nobody is told."""
        detach(slot)
        self._forget(slot)
        slot.shows = None

    def _on_air(self) -> dict[str, Source]:
        return {
            source.id: source
            for peer in self._peers
            if peer.secured
            for source in peer.lines.by_id.values()
            if source.id in peer.inbound.sending
        }

    def _pictures(self, peer: Peer, on_air: dict[str, Source]) -> list[SlotShows]:
        mine = peer.lines.by_id
        wanted = [view for view in peer.views if view in on_air and on_air[view].video and view not in mine]
        return self._fill([slot for slot in peer.slots if slot.video], wanted if peer.secured else [], on_air)

    def _voices(self, peer: Peer, on_air: dict[str, Source], loudest: list[str]) -> list[SlotShows]:
        mine = peer.lines.by_id
        slots = [slot for slot in peer.slots if not slot.video]
        wanted = islice((voice for voice in loudest if voice not in mine), len(slots))
        return self._fill(slots, list(wanted) if peer.secured else [], on_air)

    def _fill(self, slots: Sequence[Slot], wanted: list[str], on_air: dict[str, Source]) -> list[SlotShows]:
        changes = []
        for slot, source in zip(slots, assign([slot.shows for slot in slots], wanted), strict=True):
            if slot.shows != source:
                self._give(slot, on_air.get(source) if source else None)
                changes.append(SlotShows(mid=slot.mid, source=source))
        return changes

    def _give(self, slot: Slot, source: Source | None) -> None:
        self.vacate(slot)
        if source is None:
            return
        slot.shows = source.id
        source.watchers.append(slot)
        if source.video:
            self.touched.add(source)
        else:
            for stream in source.streams:
                attach(slot, stream)

    def _forget(self, slot: Slot) -> None:
        owner = self._peers.publisher_of(slot.shows) if slot.shows else None
        if owner is not None and slot.shows is not None:
            source = owner.lines.by_id[slot.shows]
            if slot in source.watchers:
                source.watchers.remove(slot)
            if source.video:
                self.touched.add(source)
