"""When each peer is told something by RTCP, and when it is asked for something.

Four clocks run for every peer: lost packets are asked for as soon as the gap shows, transport-wide feedback goes
out every 100 ms while something comes in, reports once a second, and a slot that has just been given to another
source is reported at the next feedback, because until then its receiver cannot align voice and picture.

Peers have their turns at different moments: a hundred in one would keep everybody's packets waiting meanwhile.
"""

from __future__ import annotations

import heapq

from sfu.core.feedback import (
    FEEDBACK_EVERY,
    OUR_SSRC,
    REPORT_EVERY,
    due_slots,
    sender_report,
    to_publisher,
    to_subscriber,
)
from sfu.core.flow import Slot, Stream
from sfu.core.keyframes import KeyframeRequests
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer, Peers
from sfu.rtp import rtcp

# Those whose turn comes so soon have it now: five wake-ups in 100 ms are enough for any number of peers.
_TOGETHER = 0.02
# But of a hundred peers the packets must not wait for twenty.
_AT_ONCE = 4
# Newcomers' turns, however many come at once, lie evenly within the 100 ms; so do their reports within the second.
_GOLDEN = 0.618


class Reports:
    """Everything that leaves by RTCP.  Call `poll`, then again at `wake_at`."""

    def __init__(self, peers: Peers, keyframes: KeyframeRequests, outbox: Outbox) -> None:
        self._peers = peers
        self._keyframes = keyframes
        self._outbox = outbox
        self._turns: list[tuple[float, int, Peer]] = []
        """A heap: when whose feedback is due."""
        self._begun = 0
        self._lacking: dict[Stream, None] = {}
        """In order: both forms ask in the same one."""

    def lacks(self, stream: Stream) -> None:
        """Packets of this stream are missing; looking for them everywhere would cost every wake-up."""
        self._lacking[stream] = None

    def begin(self, peer: Peer, now: float) -> None:
        """The peer can be told things from now on."""
        self._begun += 1
        place = self._begun * _GOLDEN % 1
        peer.report_at = now + REPORT_EVERY * place
        heapq.heappush(self._turns, (now + FEEDBACK_EVERY * place, self._begun, peer))

    def forget(self, peer: Peer) -> None:
        self._turns = [turn for turn in self._turns if turn[2] is not peer]
        heapq.heapify(self._turns)

    def poll(self, now: float) -> None:
        for stream in list(self._lacking):
            self._ask_for_packets(stream, now)
        self._ask_for_keyframes(now)
        turns = self._turns
        if not turns or turns[0][0] > now:
            return
        for _ in range(_AT_ONCE):
            due, number, peer = turns[0]
            if due >= now + _TOGETHER:
                break
            missed = (now + _TOGETHER - due) // FEEDBACK_EVERY  # each keeps its own moment, whatever held us up
            heapq.heapreplace(turns, (due + FEEDBACK_EVERY * (missed + 1), number, peer))
            if peer.inbound.arrivals:
                self._tell_arrivals(peer)
            if now >= peer.report_at or peer.outbound.begun:
                self._report(peer, now)

    def wake_at(self) -> float | None:
        """The next clock of anybody's; None: there is nobody."""
        times = [self._turns[0][0]] if self._turns else []
        times += [at for stream in self._lacking if (at := stream.nacks.wake_at()) is not None]
        wished_at = self._keyframes.wake_at()
        if wished_at is not None:
            times.append(wished_at)
        return min(times, default=None)

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
        slots, peer.outbound.begun = list(dict.fromkeys(peer.outbound.begun)), []
        due = now >= peer.report_at
        if due:
            peer.report_at = now + REPORT_EVERY
            peer.turn += 1
            slots += [slot for slot in due_slots(peer.slots, peer.turn) if slot not in slots]
        if slots:
            self._report_slots(peer, slots, now)
        report = to_publisher(peer.inbound, now) if due else None
        if report is not None:
            self._outbox.rtcp(peer.outbound, report)

    def _report_slots(self, peer: Peer, slots: list[Slot], now: float) -> None:
        reports = []
        for slot in slots:
            stream = slot.stream
            publisher = self._peers.get(stream.publisher.peer) if stream is not None else None
            report = sender_report(slot, now, publisher.clock) if publisher is not None else None
            if report is not None:
                reports.append(report)
            elif publisher is not None:
                peer.outbound.begun.append(slot)  # once its clock is known
        for datagram in to_subscriber(reports):
            self._outbox.rtcp(peer.outbound, datagram)
