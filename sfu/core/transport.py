"""Everything on the UDP port that is not media: connectivity checks answered, handshakes passed on.

The handshake itself is the control process's; here it is decided whose datagrams may reach it: only those from an
address that has proven the invitation's password, of a sane size, and not too many.  What else arrives from
strangers is counted and costs as little as possible.
"""

from __future__ import annotations

from sfu.core.flow import Address
from sfu.core.ledger import Kind
from sfu.core.outbox import MAX_DATAGRAM, Outbox
from sfu.core.peers import Peer, Peers
from sfu.link.messages import Dtls, Event, PeerValidated, RestartIce
from sfu.rtp import stun
from sfu.rtp.errors import ErrorCode, PeerFault

# A DTLS record header; anything shorter is no record.
_SHORTEST_DTLS = 13


class Transport:
    """Checks and handshakes of all peers."""

    def __init__(self, peers: Peers, outbox: Outbox, events: list[Event]) -> None:
        self._peers = peers
        self._outbox = outbox
        self._events = events

    def check(self, raw: bytes, source: Address, now: float) -> None:
        """One STUN datagram.  Raises PeerFault for anything that deserves no answer."""
        request = stun.Message.parse(raw)
        if not request.is_binding_request:
            return  # an indication keeps a NAT open and wants nothing; answers cannot be to us, who never ask
        peer = self._called(request)
        owner = self._peers.at(source)
        if owner is not None and owner is not peer and owner.ice.lives_at(source, now):
            # Members know passwords, and source addresses can be forged: nobody checks another off the network.
            raise PeerFault(ErrorCode.NOT_ALLOWED, "A connectivity check came from the address of another peer.")
        first = peer.ice.selected is None
        before = set(peer.ice.addresses())
        self._outbox.answer(source, peer.ice.check(request, raw, source, now))
        for dropped in before.difference(peer.ice.addresses()):
            self._peers.forget(dropped, peer)
        if peer.ice.is_valid(source):
            self._peers.settle(source, peer)
        self._follow(peer)
        if first and peer.ice.selected is not None:
            self._events.append(PeerValidated(peer=peer.id))

    def handshake(self, datagram: bytes, source: Address, now: float) -> None:
        """One DTLS datagram from the network.  Raises PeerFault from strangers and for floods."""
        peer = self._peers.at(source)
        if peer is None:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "A handshake came from an address that no check has validated.")
        if not _SHORTEST_DTLS <= len(datagram) <= MAX_DATAGRAM or not peer.handshakes.take(now):
            peer.inbound.malformed += 1
            return
        self._events.append(Dtls(peer=peer.id, datagram=datagram))

    def answer_handshake(self, peer: Peer, datagram: bytes) -> None:
        """One DTLS datagram of ours, to where the peer's media goes."""
        if peer.ice.selected is not None:
            self._outbox.answer(peer.ice.selected, datagram)

    def take_up(self, peer: Peer, now: float) -> None:
        """The address that an earlier life of the forwarder had seen proven is still the peer's."""
        if peer.account.has(Kind.ADDRESS):
            address = peer.account.record(Kind.ADDRESS).address
            if address is not None and self._peers.at(address) is None:
                peer.ice.trust(address, now)
                self._peers.settle(address, peer)
                peer.outbound.address = address

    def _follow(self, peer: Peer) -> None:
        """Media goes where the peer's last nominating check came from."""
        address = peer.ice.selected
        if address is not None and address != peer.outbound.address:
            peer.outbound.address = address
            if len(address) == 3:  # a connection ends with this process
                peer.account.drop(Kind.ADDRESS, 0)
            else:
                peer.account.record(Kind.ADDRESS).address = address

    def restart(self, peer: Peer, order: RestartIce, now: float) -> None:
        """Make before break: what was validated carries media until a check with the new password nominates."""
        self._peers.uninvite(peer.ice.restart(order.ufrag, order.pwd, now))
        self._peers.invite(peer)

    def expire(self, peer: Peer, now: float) -> None:
        """Addresses that are silent are nobody's any more, and old passwords no longer any good."""
        self._peers.uninvite(peer.ice.outdated(now))
        for address in peer.ice.expire(now):
            self._peers.forget(address, peer)

    def _called(self, request: stun.Message) -> Peer:
        named = request.username
        peer = self._peers.called(named[0]) if named else None
        if peer is None:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "A connectivity check named nobody who is here.")
        return peer
