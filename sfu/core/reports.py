"""When each peer is told something by RTCP, and when it is asked for something.

Four clocks run for every peer: lost packets are asked for as soon as the gap shows, transport-wide feedback goes
out every 100 ms while something comes in, reports once a second, and a slot that has just been given to another
source is reported at the next feedback, because until then its receiver cannot align voice and picture.
"""

from __future__ import annotations

from sfu.core.feedback import FEEDBACK_EVERY, OUR_SSRC, REPORT_EVERY, sender_report, to_publisher, to_subscriber
from sfu.core.flow import Slot, Stream
from sfu.core.keyframes import KeyframeRequests
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer, Peers
from sfu.rtp import rtcp


class Reports:
    """Everything that leaves by RTCP.  Call `poll`, then again at `wake_at`."""

    def __init__(self, peers: Peers, keyframes: KeyframeRequests, outbox: Outbox) -> None:
        self._peers = peers
        self._keyframes = keyframes
        self._outbox = outbox
        self._feedback_at = 0.0
        self._reported: dict[Slot, Stream] = {}
        self._lacking: dict[Stream, None] = {}
        """In order: both forms ask in the same one."""

    def lacks(self, stream: Stream) -> None:
        """Packets of this stream are missing; looking for them everywhere would cost every wake-up."""
        self._lacking[stream] = None

    def poll(self, now: float) -> None:
        for stream in list(self._lacking):
            self._ask_for_packets(stream, now)
        self._ask_for_keyframes(now)
        if now < self._feedback_at:
            return
        self._feedback_at = now + FEEDBACK_EVERY
        for peer in self._peers:
            if peer.secured:
                self._tell_arrivals(peer)
                self._report(peer, now)

    def wake_at(self) -> float | None:
        """The next clock of anybody's; None: there is nobody."""
        if not len(self._peers):
            return None
        times = [self._feedback_at, self._keyframes.wake_at()]
        times += [stream.nacks.wake_at() for stream in self._lacking]
        return min(at for at in times if at is not None)

    def forget(self, slot: Slot) -> None:
        self._reported.pop(slot, None)

    def _ask_for_keyframes(self, now: float) -> None:
        for stream in self._keyframes.poll(now):
            publisher = self._peers.get(stream.publisher.peer)
            if publisher is not None:
                stream.keyframe_requests += 1
                request = rtcp.PictureLoss(OUR_SSRC, stream.ssrc)
                self._outbox.rtcp(publisher.outbound, rtcp.serialize([request]))

    def _ask_for_packets(self, stream: Stream, now: float) -> None:
        publisher = self._peers.get(stream.publisher.peer)
        if publisher is None or publisher.inbound.streams.get(stream.ssrc) is not stream:
            self._lacking.pop(stream, None)  # it has ended
            return
        lost = stream.nacks.poll(now)
        if lost:
            stream.asked += len(lost)
            self._outbox.rtcp(publisher.outbound, rtcp.serialize([rtcp.Nack(OUR_SSRC, stream.ssrc, tuple(lost))]))
        beyond_repair = stream.video and stream.nacks.wants_keyframe
        if beyond_repair and stream.slots:
            self._keyframes.want(stream, now)
        if not beyond_repair and stream.nacks.wake_at() is None:
            self._lacking.pop(stream, None)

    def _tell_arrivals(self, peer: Peer) -> None:
        inbound = peer.inbound
        arrivals, inbound.arrivals = inbound.arrivals, []
        media = next(iter(inbound.streams), 0)
        for feedback in peer.arrivals.feedback(arrivals, media):
            self._outbox.rtcp(peer.outbound, rtcp.serialize([feedback]))

    def _report(self, peer: Peer, now: float) -> None:
        due = now >= peer.report_at
        slots = peer.slots if due else [slot for slot in peer.slots if self._reported.get(slot) is not slot.stream]
        self._report_slots(peer, slots, now)
        if due:
            peer.report_at = now + REPORT_EVERY
            report = to_publisher(peer.inbound, now)
            if report is not None:
                self._outbox.rtcp(peer.outbound, report)

    def _report_slots(self, peer: Peer, slots: list[Slot], now: float) -> None:
        reports = []
        for slot in slots:
            stream = slot.stream
            publisher = self._peers.get(stream.publisher.peer) if stream is not None else None
            report = sender_report(slot, now, publisher.clock) if publisher is not None else None
            if stream is not None and report is not None:
                self._reported[slot] = stream
                reports.append(report)
        for datagram in to_subscriber(reports):
            self._outbox.rtcp(peer.outbound, datagram)
