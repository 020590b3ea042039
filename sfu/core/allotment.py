"""Each viewer's pictures within what its path carries: what is asked, what it would cost, what is allowed.

Most paths in a building carry everything, and then nothing is computed until somebody asks for something else: a
hundred viewers of a hundred pictures, summed up every second, cost a tenth of a core and all at once.  A path that has
shown its end is looked at several times a second: what must go down goes at once, what may come back comes step by
step, and where room is lacking it is probed for.
"""

from __future__ import annotations

from collections.abc import Collection

from sfu.core.allocation import HEADROOM, PAUSED, Rank, Wish, allocate, approach
from sfu.core.flow import Slot, Stream
from sfu.core.layers import LEVELS, NOMINAL_BITRATES, is_alive, level_for, pick, rid_at
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer, Peers
from sfu.core.sources import WHOLE, Source

MEASURE_EVERY = 1.0
LOOK_EVERY = 0.1
NARROW_EVERY = 0.2
_NEVER = float("inf")
STEP_UP_EVERY = 0.5
# After a jam nothing goes up for so long, unless a probe has proven the room.
CONSERVATIVE_S = 5.0
# The least layer with headers and a key frame now and then.  In seconds of losses there are more of those, and taking
# the picture away for that would cost another.
LEAST_PICTURE = 250_000
# What a voice takes, with its headers: never taken away, so never to be given to pictures.
VOICE_BITS = 50_000
_HEADERS = 40
_LEAST_PRIORITY = 1
_STAGE_FROM = 8


class Allotment:
    """Levels of all slots.  `poll` names the sources whose viewers' levels changed."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._levels: dict[Slot, int] = {}
        self._rates: dict[Stream, tuple[int, float]] = {}
        """Bytes up to the last measurement, and bits per second since the one before."""
        self._costs: dict[Source, tuple[int, int, int]] = {}
        """Bits per second of each level as of the last measurement, where somebody wanted to know."""
        self._measure_at = 0.0
        self._look_at = self._looked_at = 0.0
        self._due: dict[Peer, float] = {}
        self._probing: set[Peer] = set()
        self._stepped_at: dict[Peer, float] = {}

    def recast(self, viewers: Collection[Peer]) -> None:
        """What these peers are shown, or ask for, has changed: they are due."""
        if viewers:
            self._due |= dict.fromkeys(viewers, 0.0)
            self._look_at = 0.0

    def forget(self, peer: Peer) -> None:
        self._due.pop(peer, None)
        self._probing.discard(peer)
        self._stepped_at.pop(peer, None)
        for slot in peer.slots:
            self._levels.pop(slot, None)

    def levels(self, slot: Slot, peers: Peers) -> tuple[int, int]:
        """The level that this slot's viewer wants, and the one that it may have, whether or not it can be had."""
        viewer = peers.get(slot.outbound.peer)
        asked = level_for(_priority(viewer, slot)) if viewer is not None else LEVELS[-1]
        return asked, max(asked, self._levels.get(slot, asked))

    def poll(self, peers: Peers, sources: dict[str, Source], now: float) -> set[Source]:
        if now >= self._measure_at:
            self._measure(sources, now)
        changed: set[Source] = set()
        if now >= self._look_at:
            before, self._looked_at, self._look_at = self._looked_at, now, now + LOOK_EVERY
            for peer in peers:
                if peer.secured and peer.slots and self._is_due(peer, before, now):
                    changed |= self._allot(peer, sources, now)
        for peer in list(self._probing):
            self._probe(peer, now)
        return changed

    def wake_at(self, now: float) -> float:
        """While somebody is being probed, very soon."""
        probes = [at for peer in self._probing if (at := peer.prober.wake_at(now)) is not None]
        return min(self._look_at, min(probes, default=_NEVER))

    def _is_due(self, peer: Peer, before: float, now: float) -> bool:
        due = self._due.get(peer, now)
        if due == _NEVER:
            return peer.path.is_narrow
        return now >= due or peer.path.estimate.went_down_at > before  # what is too much goes now

    def _measure(self, sources: dict[str, Source], now: float) -> None:
        passed = now - self._measure_at + MEASURE_EVERY if self._rates else MEASURE_EVERY
        self._measure_at = now + MEASURE_EVERY
        measured = {}
        for source in sources.values():
            for stream in source.streams:
                carried = stream.octets + _HEADERS * stream.packets
                before, rate = self._rates.get(stream, (carried, 0.0))
                new = (carried - before) * 8 / passed
                measured[stream] = carried, (rate + new) / 2 if rate else new
        self._rates = measured
        self._costs.clear()

    def _cost(self, source: Source, now: float) -> tuple[int, int, int]:
        best, middle, least = (self._rate(source, level, now) for level in LEVELS)
        return best, middle, min(least, LEAST_PICTURE) if source.rids else least

    def _allot(self, peer: Peer, sources: dict[str, Source], now: float) -> set[Source]:
        slots = sorted(
            [slot for slot in peer.slots if slot.video and slot.shows in sources],
            key=lambda slot: -_priority(peer, slot),
        )
        wishes = [self._wish(peer, slot, sources[slot.shows or ""], now) for slot in slots]
        budget = _for_pictures(peer, now)
        needed = sum(wish.cost(wish.level) for wish in wishes)
        narrow = peer.path.is_narrow
        self._due[peer] = now + NARROW_EVERY if narrow else _NEVER
        asked = [wish.level for wish in wishes]
        settled = needed <= budget * HEADROOM and asked == [self._levels.get(slot) for slot in slots]
        after = self._fit(peer, slots, wishes, budget, now) if narrow and not settled else asked
        if narrow and needed > budget * HEADROOM:
            peer.prober.want(needed / HEADROOM + _sound(peer), peer.path.estimate, now, paused=PAUSED in after)
            self._probing.add(peer)
        changed = {
            sources[slot.shows or ""]
            for slot, level in zip(slots, after, strict=True)
            if level != self._levels.get(slot)
        }
        self._levels.update(zip(slots, after, strict=True))
        return changed

    def _fit(self, peer: Peer, slots: list[Slot], wishes: list[Wish], budget: float, now: float) -> list[int]:
        ideal = allocate(wishes, budget)
        present = [
            max(self._levels.get(slot, aim), wish.level) for slot, aim, wish in zip(slots, ideal, wishes, strict=True)
        ]
        after = approach(present, wishes, budget)
        rises = any(new < old for new, old in zip(after, present, strict=True))
        if rises:
            jammed_at = peer.path.estimate.went_down_at
            calm = PAUSED in present or now - jammed_at >= CONSERVATIVE_S or peer.prober.proved_at > jammed_at
            if not calm or now - self._stepped_at.get(peer, 0.0) < STEP_UP_EVERY:
                return [max(new, old) for new, old in zip(after, present, strict=True)]
            self._stepped_at[peer] = now
        return after

    def _wish(self, peer: Peer, slot: Slot, source: Source, now: float) -> Wish:
        priority = _priority(peer, slot)
        rank = Rank.SCREEN if source.is_screen else Rank.STAGE if priority >= _STAGE_FROM else Rank.OTHER
        cost = self._costs.get(source)
        if cost is None:
            cost = self._costs[source] = self._cost(source, now)
        return Wish(rank, level_for(priority), cost)

    def _rate(self, source: Source, level: int, now: float) -> int:
        """What this level takes: measured where it flows, what it should take where it is switched off."""
        stream = source.layers.get(rid_at(source, level) or WHOLE) or pick(source, level, now)
        if stream is not None and is_alive(stream, now):
            measured = self._rates.get(stream, (0, 0.0))[1]
            if measured:
                return int(measured)
        return NOMINAL_BITRATES[level if source.rids else 0]

    def _probe(self, peer: Peer, now: float) -> None:
        slot = next((slot for slot in peer.slots if slot.video and slot.rtx_payload_type >= 0), None)
        if slot is not None:
            peer.prober.poll(slot, self._outbox, peer.path.estimate, now)
        if slot is None or peer.prober.wake_at(now) is None:
            self._probing.discard(peer)


def _for_pictures(peer: Peer, now: float) -> float:
    return peer.path.budget(now) - _sound(peer)


def _sound(peer: Peer) -> int:
    return VOICE_BITS * sum(slot.stream is not None for slot in peer.slots if not slot.video)


def _priority(peer: Peer, slot: Slot) -> int:
    view = peer.views.get(slot.shows) if slot.shows is not None else None
    return view.priority if view is not None else _LEAST_PRIORITY
