"""The media plane without its socket: orders and datagrams in, runs and events out.

The control process says who is here, who may see what and under which keys; this core does it, packet by packet, and
says what it noticed.  It does no I/O, reads no clock and draws no random numbers: `now` is seconds on the machine's
monotonic clock, SRTP and randomness are handed in.

Contract for the shell, once per wake-up: `order` what came over the link, `take` the datagrams, `poll(now)`, then
send `outbox.runs` (and say so: `sent`) for as long as `flush(now)` is True; take `events` and what `taps` has
gathered; sleep until `wake_at()`.

A datagram that is not what it claims is one PeerFault, caught and counted here; it ends nobody's meeting.
"""

from __future__ import annotations

import math

from sfu.core.casting import Casting
from sfu.core.ciphers import CipherMaker
from sfu.core.flow import Address, Inbound, Stream
from sfu.core.forward import RECEIVE_SIZE, Forwarder, Received
from sfu.core.keyframes import KeyframeRequests
from sfu.core.layers import is_alive
from sfu.core.ledger import SIZE, Account, Ledger
from sfu.core.levels import Speakers
from sfu.core.outbox import Outbox
from sfu.core.peers import Peer, Peers
from sfu.core.quality import Quality
from sfu.core.redundancy import repeat
from sfu.core.repairs import pass_on
from sfu.core.reports import Reports
from sfu.core.requests import Requests
from sfu.core.resuming import resume_cipher
from sfu.core.slots import Randrange, rest
from sfu.core.sources import begin_again
from sfu.core.taps import Taps
from sfu.core.transport import Transport
from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.packet import Datagram, classify

HOUSEKEEPING_EVERY = 1.0
# Five seconds.  A slot then takes up the voice anew, or its numbers would be half a circle behind after ten minutes.
LONG_SILENCE = 250
# A batch leaves within a millisecond; longer, and we were kept from the processor meanwhile.
STALL_S = 0.005
MAX_STALLS = 64
_SHORTEST_RTCP = 8

OrderAboutPeer = link.RestartIce | link.SetKeys | link.Dtls | link.SetViews | link.SetSending


class MediaPlane:
    """One forwarder's peers, sources and slots."""

    def __init__(
        self, make_cipher: CipherMaker, randrange: Randrange, ledger: Ledger | None = None, lanes: int = 0
    ) -> None:
        """`ledger`: what outlives this process; without one nothing does.  `lanes`: see `outbox`."""
        self.ledger = Ledger(bytearray(SIZE)) if ledger is None else ledger
        self._accounts: dict[str, Account] = {}
        self.outbox = Outbox(self.ledger.life, lanes)
        self.events: list[link.Event] = []
        self.taps = Taps()
        self.peers = Peers()
        self.forwarder = Forwarder(self.outbox, self._resolve, self.peers.inbound)
        self.strangers = 0
        """Datagrams from nobody we know, or that fit no protocol."""
        self._make_cipher = make_cipher
        self._randrange = randrange
        self._keyframes = KeyframeRequests()
        self._speakers = Speakers()
        self._transport = Transport(self.peers, self.outbox, self.events)
        self._stalls: dict[float, None] = {}
        self._requests = Requests(self._keyframes, self.outbox, self._stalls)
        self._reports = Reports(self.peers, self._keyframes, self.outbox)
        self._casting = Casting(self.peers, self._speakers, self.events)
        self.quality = Quality(self.peers, self._keyframes, self.taps, self.outbox, self.events)
        self._housekeeping_at = 0.0
        self._now = 0.0
        self._due = 0.0
        self._stirred = True
        self._uncast = False
        """Who may see or be seen has changed; a hundred orders in one wake-up are one change."""

    # -- orders ----------------------------------------------------------------------------------------------

    def order(self, order: link.Order, now: float) -> None:
        """Does what the control process wants.  Orders about peers that have just left are late, not wrong."""
        self._now = now
        self._stirred = True
        match order:
            case link.AddPeer():
                self._add(order, now)
            case link.OpenTap():
                self.taps.open(order.source, order.stream, order.middle, records=order.taker == "recorder")
                self.quality.tapped(order.source, now)
            case link.CloseTap():
                self.taps.close(order.source, order.stream)
                self.quality.tapped(order.source, now)
            case link.Begin():
                self.ledger.forget_unclaimed()
            case link.Stop():
                pass  # the shell's
            case link.RemovePeer():
                self._forget(order.peer)
            case _:
                peer = self.peers.get(order.peer)
                if peer is not None:
                    self._order_about(peer, order, now)

    def _order_about(self, peer: Peer, order: OrderAboutPeer, now: float) -> None:
        match order:
            case link.Dtls():
                self._transport.answer_handshake(peer, order.datagram)
                return
            case link.RestartIce():
                self._transport.restart(peer, order, now)
                self.quality.tell_again(peer)
                return
            case link.SetKeys():
                self._secure(peer, order)
            case link.SetViews():
                peer.views = {view.source: view for view in _by_priority(order.views)}
                self._casting.touched_peers.add(peer)
            case link.SetSending():
                self._set_sending(peer, frozenset(order.sources))
        self._uncast = True

    def _recast(self) -> None:
        self._uncast = False
        casting = self._casting
        casting.recast()
        self.quality.recast(casting.touched, casting.touched_peers)
        casting.touched.clear()
        casting.touched_peers.clear()

    def _add(self, order: link.AddPeer, now: float) -> None:
        before = self.peers.get(order.peer)
        if before is not None:
            self._remove(before)
        account = self.ledger.of(order.ufrag)
        if self._accounts.get(order.peer) is not account:
            self._close_account(order.peer)
        self._accounts[order.peer] = account
        try:
            peer = Peer(order, self._randrange, account, now)
            self.peers.add(peer)
            self._transport.take_up(peer, now)
        except PeerFault as fault:
            self.events.append(link.PeerLost(peer=order.peer, code=fault.code, sentence=fault.sentence))

    def _forget(self, name: str) -> None:
        """The host will not name this peer again, nor its keys: its numbers need no keeping."""
        peer = self.peers.get(name)
        if peer is not None:
            self._remove(peer)
            self._uncast = True
        self._close_account(name)

    def _close_account(self, name: str) -> None:
        account = self._accounts.pop(name, None)
        if account is not None:
            account.close()

    def _secure(self, peer: Peer, keys: link.SetKeys) -> None:
        if peer.keys == keys:
            return  # told twice; beginning again would use its SRTCP numbers twice
        try:
            cipher = self._make_cipher(keys, self.forwarder.received_arena, self.outbox.arena)
        except PeerFault as fault:
            self._lose(peer, fault)
            return
        resume_cipher(cipher, peer.slots, peer.account)
        if not peer.secured:
            peer.outbound.lane = self._quietest_lane()
        peer.inbound.cipher = peer.outbound.cipher = cipher
        peer.keys = keys
        if not peer.secured:
            self._reports.begin(peer, self._now)
        peer.secured = True
        self.quality.begin(peer, self._now)

    def _quietest_lane(self) -> int:
        taken = [peer.outbound.lane for peer in self.peers if peer.secured]
        return min(range(len(self.outbox.lanes)), key=taken.count, default=0)

    def _set_sending(self, peer: Peer, sending: frozenset[str]) -> None:
        for source in peer.lines.by_id.values():
            if source.id in sending and source.id not in peer.inbound.sending:
                for stream in source.streams:
                    if stream.packets:
                        begin_again(stream)
            if source.id not in sending:
                self._speakers.forget(source.id)
        peer.inbound.sending = sending

    def _remove(self, peer: Peer) -> None:
        self.peers.remove(peer)
        self.quality.forget(peer)
        self._reports.forget(peer)
        for source in peer.lines.by_id.values():
            self._casting.release(source)
            self._speakers.forget(source.id)
            self.taps.close_all(source.id)
            for stream in source.streams:
                self._keyframes.forget(stream)
        for slot in peer.slots:
            self._casting.vacate(slot)
        self._casting.touched_peers.discard(peer)
        self._casting.touched.difference_update(peer.lines.by_id.values())
        peer.outbound.begun.clear()  # another circle
        peer.lines.close()

    def _lose(self, peer: Peer, fault: PeerFault) -> None:
        self._remove(peer)
        self.events.append(link.PeerLost(peer=peer.id, code=fault.code, sentence=fault.sentence))

    # -- datagrams -------------------------------------------------------------------------------------------

    def take(self, received: list[Received], now: float) -> None:
        """Everything that came with this wake-up; the media of members goes the short way."""
        self._now = now
        for at, size, source in self.forwarder.take(received, now):
            self.receive(at, size, source, now)

    def receive(self, at: int, size: int, source: Address, now: float) -> None:
        """One datagram, `size` bytes at `at` of `forwarder.received_arena`."""
        self._now = now
        arena = self.forwarder.received_arena
        kind = classify(memoryview(arena)[at : at + size]) if size <= RECEIVE_SIZE else Datagram.UNKNOWN
        peer = self.peers.at(source)
        self._stirred |= kind is not Datagram.RTCP  # which says itself what it stirs
        try:
            if kind is Datagram.RTP and peer is not None:
                self.forwarder.ingest(peer.inbound, at, size, now)
            elif kind is Datagram.RTCP and peer is not None:
                self._receive_rtcp(peer, at, size, now)
            elif kind is Datagram.STUN:
                self._transport.check(bytes(arena[at : at + size]), source, now)
            elif kind is Datagram.DTLS:
                self._transport.handshake(bytes(arena[at : at + size]), source, now)
            else:
                self._count(peer)
        except PeerFault:
            self._count(peer)

    def datagram(self, data: bytes, source: Address, now: float) -> None:
        """As `receive`, for one who has bytes and is in no hurry."""
        size = min(len(data), RECEIVE_SIZE)
        self.forwarder.received_arena[:size] = data[:size]
        self.take([(0, len(data), source)], now)

    def _receive_rtcp(self, peer: Peer, at: int, size: int, now: float) -> None:
        if not peer.controls.take(now):
            return
        index = peer.inbound.cipher.control_index(at, size)
        size = peer.inbound.cipher.unprotect_rtcp(at, size)
        if size < _SHORTEST_RTCP or not self._is_new(peer, at, index):
            self._count(peer)
            return
        packets = rtcp.parse(memoryview(self.forwarder.received_arena)[at : at + size], feedback=False)
        for ssrc in self._requests.hear(peer, packets, now):
            stream = peer.lines.end(ssrc)
            if stream is not None:
                self._keyframes.forget(stream)
                self._stirred = True
        wished_at = self._keyframes.wake_at()
        if wished_at is not None:
            self._due = min(self._due, wished_at)

    def _is_new(self, peer: Peer, at: int, index: int) -> bool:
        return peer.heard.take(int.from_bytes(self.forwarder.received_arena[at + 4 : at + 8], "big"), index)

    def _resolve(self, inbound: Inbound, ssrc: int, payload_type: int, mid: bytes, rid: bytes) -> Stream | None:
        peer = self.peers.get(inbound.peer)
        return peer.lines.learn(ssrc, payload_type, mid, rid, self._now) if peer is not None else None

    def _count(self, peer: Peer | None) -> None:
        if peer is None:
            self.strangers += 1
        else:
            peer.inbound.malformed += 1

    # -- time ------------------------------------------------------------------------------------------------

    def poll(self, now: float) -> None:
        """What the last datagrams mean, and what is due; most wake-ups bring media and nothing else."""
        self._now = now
        if self._uncast:
            self._recast()
        self._settle(now)
        if now < self._due and not self._stirred:
            return
        self._stirred = False
        speaking = self._speakers.poll(now)
        if speaking is not None:
            self.events.append(link.Speaking(sources=list(speaking)))
        if speaking is not None or self._speakers.reordered:
            self._casting.recast(pictures=False)
        self.quality.poll(now)
        self._reports.poll(now)
        if now >= self._housekeeping_at:
            self._housekeeping_at = now + HOUSEKEEPING_EVERY
            self._keep_house(now)
        self._due = self._next()

    def flush(self, now: float) -> bool:
        """Lays out datagrams in `outbox.runs`; True: send them and call again.

        False: send them, and that was all.
        """
        self.outbox.refill()
        more = self.forwarder.emit(now)
        return more or self.outbox.waiting

    def sent(self, began: float, ended: float) -> None:
        """What was laid out by `flush(began)` has left by now; how long it took us is no delay of anybody's path."""
        if ended - began > STALL_S:
            self._stalls[began] = None
            if len(self._stalls) > MAX_STALLS:
                del self._stalls[next(iter(self._stalls))]

    def wake_at(self) -> float | None:
        """When `poll` has something to do even if nothing comes; None: never."""
        due = self._next() if self._stirred else self._due
        return due if due < math.inf else None

    def _next(self) -> float:
        times = [self._reports.wake_at(), self._speakers.wake_at(), self.quality.wake_at(self._now)]
        if len(self.peers):
            times.append(self._housekeeping_at)
        return min((at for at in times if at is not None), default=math.inf)

    def _settle(self, now: float) -> None:
        """Looks at the new packets once, after all have come and before they leave."""
        for stream in self.forwarder.dirty:
            batch = stream.batch
            if stream.receiving is not None:
                stream.receiving.heard(stream.highest)
            first, last = batch[0], batch[-1]
            stream.clock.hear(first.timestamp, first.arrival)
            if stream.nacks.wake_at() is not None or stream.nacks.wants_keyframe:
                self._reports.lacks(stream)
                self._stirred = True
            if stream.silent > LONG_SILENCE:
                rest(stream)
            if stream.video:
                silent = not is_alive(stream, now)
                stream.heard_at = last.arrival
                if silent:
                    self.quality.woke(stream, now)
                    self._stirred = True
                for packet in batch:
                    if packet.keyframe:
                        stream.keyframes += 1
                        self._keyframes.keyframe_arrived(stream)
                        break
                self._hand_out(stream)
                if stream.repaired:
                    pass_on(stream, self.peers, self.outbox, now)
                continue
            for packet in batch:
                if packet.level >= 0:
                    self._speakers.hear(stream.source, packet.level, packet.arrival)
            self._due = min(self._due, self._speakers.wake_at() or math.inf)
            if any(slot.red_type for slot in stream.slots):
                lossy = any(slot.outbound.lossy_until > now for slot in stream.slots)
                self.forwarder.widen(repeat(stream, batch, 2 if lossy else 1))
            self._hand_out(stream)

    def _hand_out(self, stream: Stream) -> None:
        publisher = self.peers.get(stream.publisher.peer) if stream.source in self.taps else None
        if publisher is not None:
            self.taps.offer(stream, stream.batch, publisher.clock)

    def _keep_house(self, now: float) -> None:
        for peer in self.peers:
            self._transport.expire(peer, now)
            if peer.ice.is_lost(now):
                self._lose(peer, PeerFault(ErrorCode.HOST_UNREACHABLE, "Nothing was heard from it for 30 seconds."))
                self._uncast = True
        if self._uncast:
            self._recast()


def _by_priority(views: list[link.View]) -> list[link.View]:
    """Best first: by priority, and where that is equal as the client named them."""
    return sorted(views, key=lambda view: -view.priority)
