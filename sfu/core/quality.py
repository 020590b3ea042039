"""Which layer flows into each slot that shows a picture, and which layers are wanted at all.

What a viewer asks for is a priority per picture; this module turns it into a stream of the source, looks again when a
layer falls silent or comes back, and tells senders what nobody watches.  A switch is asked for here and happens at the
target's next key frame, in the packet path; until then the old layer flows on, so nobody sees a gap.

Runs when something changes and a few times a second, never per packet.
"""

from __future__ import annotations

from sfu.core.demand import Demand
from sfu.core.flow import Slot, Stream
from sfu.core.keyframes import KeyframeRequests
from sfu.core.layers import LEVELS, is_alive, level_for, pick, rid_at
from sfu.core.peers import Peer, Peers
from sfu.core.slots import attach
from sfu.core.sources import Source
from sfu.link.messages import Event, LayersWanted

LOOK_EVERY = 0.2
_LEAST_PRIORITY = 1


class Quality:
    """Keeps every video slot on the right layer.  Say what changed, then `poll`; again at `wake_at`."""

    def __init__(self, peers: Peers, keyframes: KeyframeRequests, events: list[Event]) -> None:
        self._peers = peers
        self._keyframes = keyframes
        self._events = events
        self._demand = Demand()
        self._alive: set[Stream] = set()
        self._changed: set[Source] = set()
        self._look_at = 0.0

    def begin(self, peer: Peer, now: float) -> None:
        """The peer has a new connection."""
        for source in peer.lines.by_id.values():
            self._demand.begin(source, now)

    def forget(self, source: Source) -> None:
        self._demand.forget(source)
        self._alive.difference_update(source.streams)
        self._changed.discard(source)

    def recast(self) -> None:
        """Somebody's slots or views changed."""
        self._changed.update(source for peer in self._peers if peer.secured for source in peer.lines.by_id.values())

    def woke(self, stream: Stream, now: float) -> None:
        """Something of this layer came, for the first time or after a silence; its key frame may be just this."""
        self._alive.add(stream)
        source = self._source_of(stream)
        if source is not None:
            self._settle(source, now)

    def poll(self, now: float) -> None:
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._notice_silence(now)
        for source in self._changed:
            self._settle(source, now)
        self._changed.clear()
        for source, wanted in self._demand.poll(now):
            self._events.append(LayersWanted(peer=source.owner, source=source.id, wanted=wanted))

    def wake_at(self) -> float | None:
        return self._look_at if len(self._peers) else None

    def _notice_silence(self, now: float) -> None:
        silent = {stream for stream in self._alive if not is_alive(stream, now)}
        self._alive -= silent
        self._changed.update(source for stream in silent if (source := self._source_of(stream)) is not None)

    def _source_of(self, stream: Stream) -> Source | None:
        publisher = self._peers.get(stream.publisher.peer)
        return publisher.lines.by_id.get(stream.source) if publisher is not None else None

    def _settle(self, source: Source, now: float) -> None:
        """All viewers of one source."""
        if not source.video:
            return
        best = [pick(source, level, now) for level in LEVELS]
        wanted: set[str] = set()
        for slot in source.watchers:
            level = self._level(slot)
            self._steer(slot, best[level], now)
            wanted.update(stream.rid for stream in (slot.stream, slot.target) if stream is not None)
            wish = rid_at(source, level)
            if wish is not None:
                wanted.add(wish)
        self._demand.want(source, wanted, now)

    def _level(self, slot: Slot) -> int:
        viewer = self._peers.get(slot.outbound.peer)
        view = viewer.views.get(slot.shows) if viewer is not None and slot.shows is not None else None
        return level_for(view.priority if view is not None else _LEAST_PRIORITY)

    def _steer(self, slot: Slot, stream: Stream | None, now: float) -> None:
        if stream is None or stream is (slot.target or slot.stream) or not slot.types[stream.h264][0]:
            return  # nothing to do, or nothing that this viewer could decode
        attach(slot, stream)
        if slot.target is stream:
            self._keyframes.want(stream, now)
