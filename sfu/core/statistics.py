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
    streams = source.streams
    return SourceStats(
        source=source.id,
        packets=sum(stream.packets for stream in streams),
        octets=sum(stream.octets for stream in streams),
        lost=sum(max(stream.reception.lost, 0) for stream in streams),
        nacks_sent=sum(stream.asked for stream in streams),
        keyframes=sum(stream.keyframes for stream in streams),
        keyframe_requests=sum(stream.keyframe_requests for stream in streams),
    )


def _slot(slot: Slot) -> SlotStats:
    return SlotStats(
        mid=slot.mid, source=slot.shows, packets=slot.packets, octets=slot.octets, nacked=slot.nacked,
        resent=slot.resent,
    )  # fmt: skip
