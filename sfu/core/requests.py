"""What peers tell us by RTCP: subscribers ask for packets and pictures, publishers report and say goodbye.

Requests name SSRCs.  A peer may only speak of its own: a request about a slot of somebody else, or a goodbye for
another's camera, names nothing here and is ignored.  What is asked is passed on merged (key frames) or answered
within limits (packets); what they say about the path to them goes to its estimate (`congestion`).
"""

from __future__ import annotations

from collections.abc import Collection

from sfu.core import echoes
from sfu.core.flow import Slot
from sfu.core.keyframes import KeyframeRequests
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer
from sfu.rtp import rtcp

# From such a share of lost packets on, sound is repeated twice, for so many seconds.
LOSSY, LOSSY_S = 0.02, 30.0


class Requests:
    """Acts on parsed RTCP.  `hear` returns the SSRCs that said goodbye."""

    def __init__(self, keyframes: KeyframeRequests, outbox: Outbox, stalls: Collection[float]) -> None:
        """`stalls`: times of departure that were not kept, because this computer was busy."""
        self._stalls = stalls
        self._keyframes = keyframes
        self._outbox = outbox

    def hear(self, peer: Peer, packets: list[rtcp.Rtcp], now: float) -> list[int]:
        gone: list[int] = []
        for packet in packets:
            if isinstance(packet, rtcp.Other):  # most of all
                self._take_feedback(peer, packet, now)
                continue
            match packet:
                case rtcp.Nack():
                    self._repeat(peer, packet, now)
                case rtcp.PictureLoss():
                    self._refresh(peer.slot_by_ssrc.get(packet.media), now)
                case rtcp.FullIntra():
                    for ssrc, _ in packet.entries:
                        self._refresh(peer.slot_by_ssrc.get(ssrc), now)
                case rtcp.SenderReport():
                    _place_clock(peer, packet, now)
                    _measure(peer, packet.blocks, now)
                case rtcp.ReceiverReport():
                    _measure(peer, packet.blocks, now)
                case rtcp.Remb():
                    peer.path.believed(packet, now)
                case rtcp.Goodbye():
                    gone += packet.ssrcs
                case _:
                    pass
        return gone

    def _take_feedback(self, peer: Peer, packet: rtcp.Other, now: float) -> None:
        if packet.packet_type != rtcp.TRANSPORT_LAYER or packet.count != rtcp.TRANSPORT_CC:
            return
        report = echoes.read(packet.body, peer.outbound)
        if self._stalls:
            report.echoes = [echo for echo in report.echoes if echo.sent_at not in self._stalls]
        peer.path.fed(report, now)
        peer.prober.fed(report)

    def _repeat(self, peer: Peer, nack: rtcp.Nack, now: float) -> None:
        slot = peer.slot_by_ssrc.get(nack.media)
        if slot is not None:
            peer.answers[slot].answer(slot, nack.lost, self._outbox, now)

    def _refresh(self, slot: Slot | None, now: float) -> None:
        stream = (slot.target or slot.stream) if slot is not None else None
        if stream is not None and stream.video:
            self._keyframes.want(stream, now)


def _place_clock(peer: Peer, report: rtcp.SenderReport, now: float) -> None:
    stream = peer.inbound.streams.get(report.ssrc)
    if stream is not None:
        stream.reception.sender_report(report, now)
        stream.clock.report(report)
        peer.clock.hear(rtcp.from_ntp(report.ntp), now)


def _measure(peer: Peer, blocks: tuple[rtcp.ReportBlock, ...], now: float) -> None:
    """The way there and back, from what the peer says about our reports: asking again goes by it, and repeating."""
    ours = [block for block in blocks if block.ssrc in peer.slot_by_ssrc]
    peer.path.reported(ours, sum(slot.octets for slot in peer.slots), now)
    if peer.path.loss >= LOSSY:
        peer.outbound.lossy_until = now + LOSSY_S
    for block in ours:
        trip = rtcp.round_trip(block, now)
        if trip is not None and trip < 5.0:
            peer.round_trip = trip
            for stream in peer.inbound.streams.values():
                stream.nacks.round_trip = trip
            for answers in peer.answers.values():
                answers.round_trip = trip
