"""What the forwarder tells about itself once a second: counters as they stand, by peer, source and slot."""

from __future__ import annotations

from dataclasses import dataclass

from sfu.core.flow import Slot
from sfu.core.media import MediaPlane
from sfu.core.peers import Peer
from sfu.core.sources import Source
from sfu.link.messages import PeerStats, SlotStats, Snapshot, SourceStats


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """What only the process can know: user + system time so far, and resident memory."""

    cpu_s: float
    rss_mb: float


def snapshot(plane: MediaPlane, usage: ProcessUsage, now: float) -> Snapshot:
    return Snapshot(
        at=now,
        cpu_s=usage.cpu_s,
        rss_mb=usage.rss_mb,
        received=plane.forwarder.received,
        forwarded=plane.forwarder.forwarded,
        tap_dropped=plane.taps.dropped,
        peers=[_peer(peer) for peer in plane.peers],
    )


def _peer(peer: Peer) -> PeerStats:
    return PeerStats(
        peer=peer.id,
        validated=peer.ice.selected is not None,
        secured=peer.secured,
        malformed=peer.inbound.malformed,
        sources=[_source(source) for source in peer.lines.by_id.values()],
        slots=[_slot(slot) for slot in peer.slots],
    )


def _source(source: Source) -> SourceStats:
    stream = source.stream
    if stream is None:
        return SourceStats(
            source=source.id, packets=0, octets=0, lost=0, nacks_sent=0, keyframes=0, keyframe_requests=0
        )  # fmt: skip
    return SourceStats(
        source=source.id, packets=stream.packets, octets=stream.octets, lost=max(stream.reception.lost, 0),
        nacks_sent=stream.asked, keyframes=stream.keyframes, keyframe_requests=stream.keyframe_requests,
    )  # fmt: skip


def _slot(slot: Slot) -> SlotStats:
    return SlotStats(
        mid=slot.mid, source=slot.shows, packets=slot.packets, octets=slot.octets, nacked=slot.nacked,
        resent=slot.resent,
    )  # fmt: skip
