"""A stage with real SRTP and real sockets: what leaves goes through the kernel, with others who seal or without.

Time is the stage's own, and every draw is the same, so two halls that were told the same send the same bytes.
"""

from __future__ import annotations

import contextlib
import functools
import select
import socket

from pylibsrtp import Error, Policy, Session

from sfu.core.flow import Address
from sfu.core.ledger import Ledger
from sfu.core.media import MediaPlane
from sfu.forwarder.roads import Roads
from sfu.forwarder.sealing import Sealers
from sfu.forwarder.srtp import LibSrtp
from sfu.link import messages as link
from sfu.rtp.packet import Datagram, classify
from tests.core.stage import Client, Stage

PROFILE = "AEAD_AES_128_GCM"
_NUMBER = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
# The first numbers are a circle's last, so that it is not long until one closes.
_LAST = 1


def bound() -> socket.socket:
    """One client's; it has room for all that a test sends."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    return made


def keys(name: str, generation: int = 0) -> tuple[bytes, bytes]:
    """What the forwarder sends to somebody under, and what it receives under."""
    return name.encode().ljust(27, b"s") + bytes([generation]), name.encode().ljust(27, b"r") + bytes([generation])


class Hall(Stage):
    """`sockets`: of the clients, in the order in which they come."""

    def __init__(self, sockets: list[socket.socket], lanes: int) -> None:
        self._sockets, self._lanes = sockets, lanes
        self._names: dict[Address, str] = {}
        self._seals: dict[str, Session] = {}
        self.generation = 0
        self.sealers: Sealers | None = None
        super().__init__()

    def _plane(self) -> MediaPlane:
        self.close()
        make_cipher = functools.partial(LibSrtp, late=bool(self._lanes))
        plane = MediaPlane(make_cipher, lambda limit: limit - _LAST, Ledger(self.memory), self._lanes)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        self.roads = Roads([udp], plane.forwarder.received_arena, plane.outbox.arena)
        self.sealers = Sealers(plane.outbox, self.roads)
        return plane

    def close(self) -> None:
        """All that was laid out has left."""
        if self.sealers is not None:
            self.sealers.close()
            self.roads.close()
            self.sealers = None

    def client(self, name: str) -> Client:
        client = Client(self, name, len(self.clients))
        client.address = self._sockets[len(self.clients)].getsockname()
        self.clients[client.address] = client
        self._names[client.address] = name
        return client

    def order(self, order: link.Order) -> None:
        if isinstance(order, link.SetKeys):
            send_key, receive_key = keys(order.peer, self.generation)
            order = order.model_copy(update={"send_key": send_key, "receive_key": receive_key})
            policy = Policy(receive_key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=_NUMBER)
            policy.allow_repeat_tx, policy.window_size = True, 1024
            self._seals[order.peer] = Session(policy)
        super().order(order)

    def receive(self, datagram: bytes, address: Address) -> None:
        super().receive(self.sealed(datagram, address), address)

    def sealed(self, datagram: bytes, address: Address) -> bytes:
        seal, kind = self._seals.get(self._names[address]), classify(datagram)
        with contextlib.suppress(Error):
            if seal is not None and kind is Datagram.RTP:
                return bytes(seal.protect(datagram))
            if seal is not None and kind is Datagram.RTCP:
                return bytes(seal.protect_rtcp(datagram))
        return datagram

    def take_together(self, packets: list[bytes], client: Client) -> None:
        """All of these come before anything leaves."""
        for packet in packets:
            self.plane.datagram(self.sealed(packet, client.address), client.address, self.now)
        self.turn()

    def turn(self) -> None:
        assert self.sealers is not None
        self.plane.poll(self.now)
        more = True
        while more:
            self.sealers.collect()
            more = self.plane.flush(self.now)
            self.roads.send(self.plane.outbox.runs)
            self.sealers.hand_over(self.now)
        self.events += self.plane.events
        self.plane.events.clear()


def arrived(sock: socket.socket) -> list[bytes]:
    """What a client has got, once nothing more is under way."""
    found = []
    while select.select([sock], [], [], 0.0)[0]:
        found.append(sock.recv(2048))
    return found


def by_stream(datagrams: list[bytes]) -> dict[tuple[Datagram, bytes], list[bytes]]:
    """Media and reports by SSRC, each in its order."""
    found: dict[tuple[Datagram, bytes], list[bytes]] = {}
    for data in datagrams:
        kind = classify(data)
        if kind is Datagram.RTP:
            found.setdefault((kind, data[8:12]), []).append(data)
        elif kind is Datagram.RTCP:
            found.setdefault((kind, data[4:8]), []).append(data)
    return found


class Listener:
    """Opens what came under the keys of one name."""

    def __init__(self, name: str, generation: int = 0) -> None:
        policy = Policy(keys(name, generation)[0], Policy.SSRC_ANY_INBOUND, srtp_profile=_NUMBER)
        policy.window_size = 1024
        self._opens = Session(policy)

    def open(self, datagram: bytes) -> bytes:
        """Raises Error for what was sealed otherwise, or twice."""
        return bytes(self._opens.unprotect(datagram))
