"""The peers of a forwarder, and how a datagram finds its own.

One UDP port serves everybody.  A connectivity check names its peer by ufrag; from then on the address it came from
is that peer's, and everything else is told apart by address.  This file keeps the tables; what a peer may do is
judged where it does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sfu.core.clocks import Offset
from sfu.core.congestion import Path
from sfu.core.feedback import OUR_SSRC
from sfu.core.flow import Address, Inbound, Outbound, Slot
from sfu.core.ice import IceLite
from sfu.core.ledger import Account
from sfu.core.limits import Allowance
from sfu.core.probing import Prober
from sfu.core.resuming import Controls, number_slot, number_transport
from sfu.core.retransmit import Answers
from sfu.core.slots import Randrange, open_slot
from sfu.core.sources import Lines
from sfu.link.messages import AddPeer, SetKeys, View
from sfu.rtp.arrivals import ArrivalLog

# A whole DTLS 1.2 handshake with large certificates and every flight sent again is some 40 datagrams.
HANDSHAKES_PER_S, HANDSHAKES_BURST = 20.0, 60.0
# Reports and feedback of a client with thirteen slots: some 30 a second; twice that and a burst after a stall.
CONTROLS_PER_S, CONTROLS_BURST = 200.0, 400.0


class Peer:
    """One client's transport with everything that hangs on it."""

    def __init__(self, order: AddPeer, randrange: Randrange, account: Account, now: float) -> None:
        """Takes up what `account` knows of this transport from an earlier life.  Raises PeerFault."""
        self.id = order.peer
        self.account = account
        self.keys: SetKeys | None = None
        self.heard = Controls(account)
        self.ice = IceLite(order.ufrag, order.pwd, now)
        self.inbound = Inbound(order.peer)
        self.inbound.mid_id = order.extensions.mid
        self.inbound.rid_id = order.extensions.rid
        self.inbound.repaired_id = order.extensions.repaired_rid
        self.inbound.audio_level_id = order.extensions.audio_level
        self.inbound.transport_id = order.extensions.transport_cc
        self.outbound = Outbound(order.peer)
        self.lines = Lines(self.inbound, order.sources, order.payload_types, account, now)
        self.slots = [
            open_slot(self.outbound, line, order.extensions, order.payload_types, randrange) for line in order.slots
        ]
        number_transport(self.outbound, account)
        for slot in self.slots:
            number_slot(slot, account)
        self.slot_by_ssrc: dict[int, Slot] = {slot.ssrc: slot for slot in self.slots}
        self.answers = {slot: Answers() for slot in self.slots}
        self.views: dict[str, View] = {}
        """Sources whose pictures this peer shows, best first."""
        self.secured = False
        """The handshake is over and there are keys."""
        self.handshakes = Allowance(HANDSHAKES_PER_S, HANDSHAKES_BURST)
        self.controls = Allowance(CONTROLS_PER_S, CONTROLS_BURST)
        self.arrivals = ArrivalLog(OUR_SSRC)
        self.clock = Offset()
        """The clock in this peer's sender reports, against ours."""
        self.round_trip: float | None = None
        self.path = Path()
        self.prober = Prober(self.outbound)
        self.report_at = now + 1.0
        self.turn = 0
        """How often it was reported to."""


class Peers:
    """Peers by id, by ufrag and by validated address."""

    def __init__(self) -> None:
        self.inbound: dict[Address, Inbound] = {}
        """Who publishes from a validated address: for the per-packet path."""
        self._by_id: dict[str, Peer] = {}
        self._by_ufrag: dict[str, Peer] = {}
        self._by_address: dict[Address, Peer] = {}

    def __iter__(self) -> Iterator[Peer]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, peer: Peer) -> None:
        self._by_id[peer.id] = peer
        self.invite(peer)

    def remove(self, peer: Peer) -> None:
        self._by_id.pop(peer.id, None)
        self.uninvite(peer.ice.ufrags)
        for address in peer.ice.addresses():
            self.forget(address, peer)

    def invite(self, peer: Peer) -> None:
        """Checks that name any of its ufrags are its own."""
        for ufrag in peer.ice.ufrags:
            self._by_ufrag[ufrag] = peer

    def uninvite(self, ufrags: Iterable[str]) -> None:
        for ufrag in ufrags:
            self._by_ufrag.pop(ufrag, None)

    def get(self, peer: str) -> Peer | None:
        return self._by_id.get(peer)

    def called(self, ufrag: str) -> Peer | None:
        return self._by_ufrag.get(ufrag)

    def at(self, address: Address) -> Peer | None:
        return self._by_address.get(address)

    def settle(self, address: Address, peer: Peer) -> None:
        """This address has just proven to be the peer's; one that a client used before it rejoined changes hands."""
        self._by_address[address] = peer
        self.inbound[address] = peer.inbound

    def forget(self, address: Address, peer: Peer) -> None:
        if self._by_address.get(address) is peer:
            del self._by_address[address], self.inbound[address]

    def publisher_of(self, source: str) -> Peer | None:
        return next((peer for peer in self._by_id.values() if source in peer.lines.by_id), None)
