"""What the forwarder tells about itself once a second: counters as they stand, by peer, source and slot."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from sfu.core.flow import AUDIO_RATE, VIDEO_RATE, Slot, Stream
from sfu.core.media import MediaPlane
from sfu.core.peers import Peer
from sfu.core.sources import Source
from sfu.link.messages import LayerStats, PeerStats, SlotStats, Snapshot, SourceStats


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """What only the process can know: user + system time so far, that of the asking thread, and resident memory."""

    cpu_s: float
    deciding_s: float
    rss_mb: float


# Eight kilobytes on the link, and less than a millisecond to write and to read.
MOST_SLOTS = 60


def snapshot(plane: MediaPlane, usage: ProcessUsage, now: float, begin: int = 0) -> Snapshot:
    """Totals, and as many peers as fit from the `begin`th on, round and round."""
    peers = list(plane.peers)
    turn = begin % len(peers) if peers else 0
    peers = peers[turn:] + peers[:turn]
    slots = list(accumulate(len(peer.slots) for peer in peers))
    count = max(bisect_right(slots, MOST_SLOTS), 1)
    return Snapshot(
        at=now,
        cpu_s=usage.cpu_s,
        deciding_s=usage.deciding_s,
        rss_mb=usage.rss_mb,
        received=plane.forwarder.received,
        forwarded=plane.forwarder.forwarded,
        tap_dropped=plane.taps.dropped,
        peers=[_peer(peer, plane, now) for peer in peers[:count]],
        others=[peer.id for peer in peers[count:]],
    )


def _peer(peer: Peer, plane: MediaPlane, now: float) -> PeerStats:
    return PeerStats(
        peer=peer.id,
        validated=peer.ice.selected is not None,
        secured=peer.secured,
        malformed=peer.inbound.malformed,
        sources=[_source(source) for source in peer.lines.by_id.values()],
        slots=[_slot(slot, plane) for slot in peer.slots],
        round_trip_ms=None if peer.round_trip is None else round(peer.round_trip * 1000, 1),
        budget_bps=int(peer.path.budget(now)),
        loss=round(peer.path.loss, 4),
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
        duplicates=sum(stream.duplicates for stream in streams),
        recovered=sum(stream.recovered for stream in streams),
        layers=[_layer(stream) for stream in streams],
    )


def _layer(stream: Stream) -> LayerStats:
    rate = VIDEO_RATE if stream.video else AUDIO_RATE
    return LayerStats(
        rid=stream.rid,
        packets=stream.packets,
        octets=stream.octets,
        lost=max(stream.reception.lost, 0),
        nacks_sent=stream.asked,
        keyframe_requests=stream.keyframe_requests,
        jitter_ms=round(stream.reception.jitter * 1000 / rate, 1),
        viewers=sum(slot.stream is stream for slot in stream.slots),
    )


def _slot(slot: Slot, plane: MediaPlane) -> SlotStats:
    return SlotStats(
        mid=slot.mid, source=slot.shows, packets=slot.packets, octets=slot.octets, nacked=slot.nacked,
        resent=slot.resent, layer=slot.stream.rid if slot.stream is not None else "", why=plane.quality.why(slot),
    )  # fmt: skip
