"""Which layer flows into each slot that shows a picture, and which layers are wanted at all.

What a viewer asks for is a priority per picture, what it gets is bounded by what its path carries; this module turns
both into a stream of the source, looks again when a layer falls silent or comes back, and tells senders what nobody
watches.  A switch is asked for here and happens at the target's next key frame, in the packet path; until then the
old layer flows on, so nobody sees a gap.

Runs when something changes and a few times a second, never per packet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sfu.core.allocation import PAUSED
from sfu.core.allotment import Allotment
from sfu.core.demand import Demand
from sfu.core.flow import Slot, Stream
from sfu.core.keyframes import KeyframeRequests
from sfu.core.layers import HIGH, LEVELS, LOW, MEDIUM, is_alive, pick, rid_at
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer, Peers
from sfu.core.slots import attach, detach
from sfu.core.sources import WHOLE, Source, level_of
from sfu.core.taps import Tap, Taps
from sfu.link.messages import Event, LayersWanted, Why

LOOK_EVERY = 0.2
AT_ONCE = 8
"""Sources that are settled in one turn: in a meeting of a hundred a newcomer changes them all, and packets wait."""


class Quality:
    """Keeps every video slot on the right layer.  Say what changed, then `poll`; again at `wake_at`."""

    def __init__(
        self, peers: Peers, keyframes: KeyframeRequests, taps: Taps, outbox: Outbox, events: list[Event]
    ) -> None:
        self._peers = peers
        self._keyframes = keyframes
        self._taps = taps
        self._events = events
        self._demand = Demand()
        self._allotment = Allotment(outbox)
        self._sources: dict[str, Source] = {}
        self._alive: set[Stream] = set()
        self._changed: set[Source] = set()
        self._switching: set[Source] = set()
        """Some viewer of these waits for a key frame; once it came, the layer before may be of no use to anybody."""
        self._look_at = 0.0

    def begin(self, peer: Peer, now: float) -> None:
        """The peer has a new connection."""
        for source in peer.lines.by_id.values():
            self._demand.begin(source, now)

    def tell_again(self, peer: Peer) -> None:
        """The peer was given a new answer for the same connection, and forgets at an answer which layers to send."""
        for source in peer.lines.by_id.values():
            self._demand.tell_again(source)

    def forget(self, peer: Peer) -> None:
        """The peer is gone, with what it sent and what it saw."""
        for source in peer.lines.by_id.values():
            self._demand.forget(source)
            self._alive.difference_update(source.streams)
            self._changed.discard(source)
            self._switching.discard(source)
            self._sources.pop(source.id, None)
        self._allotment.forget(peer)

    def recast(self, sources: Collection[Source], viewers: Collection[Peer]) -> None:
        """Viewers of these pictures changed, and slots or views of these peers."""
        peers = [peer for peer in self._peers if peer.secured]
        self._sources = {source.id: source for peer in peers for source in peer.lines.by_id.values() if source.video}
        self._changed.update(source for source in sources if source.id in self._sources)
        self._allotment.recast(viewers)

    def tapped(self, source: str, now: float) -> None:
        """Its picture is handed to inference from now on, or no longer; or whoever decodes it needs a key frame."""
        known = self._sources.get(source)
        if known is not None:
            self._settle(known, now)
            for tap in self._taps.of(source):
                if tap.wanted is not None:
                    self._keyframes.want(tap.wanted, now)

    def woke(self, stream: Stream, now: float) -> None:
        """Something of this layer came, for the first time or after a silence; its key frame may be just this."""
        new = stream not in self._alive
        self._alive.add(stream)
        source = self._sources.get(stream.source)
        if source is not None and (new or len(source.layers) > 1):
            self._settle(source, now)

    def poll(self, now: float) -> None:
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._notice_silence(now)
            self._changed.update(source for source in self._switching if not _is_switching(source))
        self._changed.update(self._allotment.poll(self._peers, self._sources, now))
        for _ in range(min(AT_ONCE, len(self._changed))):
            self._settle(self._changed.pop(), now)
        for source, wanted in self._demand.poll(now):
            self._events.append(LayersWanted(peer=source.owner, source=source.id, wanted=wanted))

    def why(self, slot: Slot) -> Why:
        """Why this slot carries the layer that it carries, in one word."""
        source = self._sources.get(slot.shows or "")
        if source is None:
            return "empty"
        asked, allowed = self._allotment.levels(slot, self._peers)
        if slot.video and allowed == PAUSED:
            return "paused"
        if slot.stream is None or slot.target is not None:
            return "waiting"
        if not slot.video or slot.stream.rid == (rid_at(source, asked) or WHOLE):
            return "asked"
        return "path" if slot.stream.rid == rid_at(source, allowed) else "available"

    def wake_at(self, now: float) -> float | None:
        if not len(self._peers):
            return None
        return now if self._changed else min(self._look_at, self._allotment.wake_at(now))

    def _notice_silence(self, now: float) -> None:
        silent = {stream for stream in self._alive if not is_alive(stream, now) and not self._is_only(stream)}
        self._alive -= silent
        self._changed.update(self._sources[stream.source] for stream in silent if stream.source in self._sources)

    def _is_only(self, stream: Stream) -> bool:
        """There is nothing else to show instead, so its silence changes nothing: a screen may send a frame a minute."""
        source = self._sources.get(stream.source)
        return source is not None and list(source.layers.values()) == [stream]

    def _settle(self, source: Source, now: float) -> None:
        """All viewers of one source."""
        best = [pick(source, level, now) for level in LEVELS]
        levels: set[int] = set()
        flowing: set[Stream | None] = set()
        for slot in source.watchers:
            _, level = self._allotment.levels(slot, self._peers)
            if level == PAUSED:
                detach(slot)
                continue
            stream = best[level]
            if stream is not None and stream is not (slot.target or slot.stream):
                self._steer(slot, stream, now)
            levels.add(level)
            flowing.add(slot.stream)
            flowing.add(slot.target)
        wishes = {rid_at(source, level) for level in levels} | {stream.rid for stream in flowing if stream is not None}
        wanted = {rid for rid in wishes if rid is not None}
        if source.id in self._taps:
            wanted |= self._tap(source, best, wanted, now)
        self._demand.want(source, wanted, now)
        if _is_switching(source):
            self._switching.add(source)
        else:
            self._switching.discard(source)

    def _tap(
        self, source: Source, best: Sequence[Stream | None], watched: Collection[str], now: float
    ) -> set[str]:
        """A layer goes to each tap; what has to be sent for that, when people watch those of `watched`."""
        wanted: set[str | None] = set()
        for tap in self._taps.of(source.id):
            level = _level(tap, source, watched)
            stream = best[level]
            wanted.add(rid_at(source, level))
            if stream is not None:
                wanted.add(stream.rid)
                if tap.turn_to(stream):
                    self._keyframes.want(stream, now)
        return {rid for rid in wanted if rid is not None}

    def _steer(self, slot: Slot, stream: Stream, now: float) -> None:
        if not slot.types[stream.h264][0]:
            return  # nothing that this viewer could decode
        attach(slot, stream)
        if slot.target is stream:
            self._keyframes.want(stream, now)


def _is_switching(source: Source) -> bool:
    return any(slot.target is not None for slot in source.watchers)


def _level(tap: Tap, source: Source, watched: Collection[str]) -> int:
    """A recording shows screens at their best, and of a camera what somebody watches anyway, but no thumbnail: that it
    runs must not make every laptop encode its largest picture."""
    if not tap.records:
        return MEDIUM if tap.middle else LOW
    return HIGH if source.is_screen else min([level_of(rid, source.rids) for rid in watched] + [MEDIUM])
