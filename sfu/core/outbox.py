"""Datagrams on their way out: one arena, and runs that say which part of it goes where.

Sending one datagram costs a walk through the kernel; sending a run of equal ones to one address costs the same walk
once (UDP segmentation offload), which matters more than the language of the loop.  So packets for one peer stand
side by side in the arena.  What goes out between media packets (checks, handshakes, reports, retransmissions) waits
in a bounded queue and is sealed at the last moment, so that indices are used in the order of departure.
"""

from __future__ import annotations

import struct
from collections import deque
from enum import Enum, auto

from sfu.core.ciphers import TRAILER
from sfu.core.flow import Address, Outbound
from sfu.core.trays import ARENA, ROOM, Tray

# Large enough for every answer to a storm that the allowances let through in one turn of the loop.
MAX_WAITING = 4096
MAX_DATAGRAM = 1500
# In front of each who seals: one that it works on, those that wait, and one that is being filled.
TRAYS = 4

_EMPTY_REPORT = struct.Struct("!BBHI")
_RECEIVER_REPORT = 201

Run = tuple[Address, int, int, int]
"""Address, offset, length, and the size of each datagram in the run (0: it is a single one)."""


class Seal(Enum):
    PLAIN = auto()
    RTP = auto()
    RTCP = auto()


class Outbox(Tray):
    """Fill it, send `runs`, fill it again."""

    def __init__(self, life: int = 1, lanes: int = 0) -> None:
        """`life`: the SSRC under which this forwarder's RTCP is sealed, and no earlier one's was (see `ledger`).

        `lanes`: so many others seal and send pictures; each subscriber's go by one of them.
        """
        super().__init__(0, late=False)
        self._opening = _EMPTY_REPORT.pack(0x80, _RECEIVER_REPORT, 1, life & 0xFFFF_FFFF)
        self.arena = bytearray(ROOM * (1 + lanes * TRAYS))
        self.lanes = [
            [Tray(ROOM * (1 + lane * TRAYS + place), late=True) for place in range(TRAYS)] for lane in range(lanes)
        ]
        self.trays = [lane[0] for lane in self.lanes]
        """What is filled at the moment, by lane; without lanes all packets are laid out here."""
        self.dropped = 0
        self._waiting: deque[tuple[Seal, Outbound | None, Address, bytes]] = deque()

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def answer(self, address: Address, datagram: bytes) -> None:
        """To whoever asked, in the clear: STUN and DTLS."""
        self._wait(Seal.PLAIN, None, address, datagram)

    def rtp(self, outbound: Outbound, packet: bytes) -> None:
        """A retransmission, to be sealed when it goes."""
        if outbound.address is not None:
            self._wait(Seal.RTP, outbound, outbound.address, packet)

    def rtcp(self, outbound: Outbound, packet: bytes) -> None:
        """Any RTCP, behind an empty report: SRTCP counts by the SSRC that a compound opens with (RFC 3711 3.4)."""
        if outbound.address is not None:
            self._wait(Seal.RTCP, outbound, outbound.address, self._opening + packet)

    def _wait(self, seal: Seal, outbound: Outbound | None, address: Address, datagram: bytes) -> None:
        if len(datagram) > MAX_DATAGRAM or len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            return
        self._waiting.append((seal, outbound, address, datagram))

    def refill(self) -> None:
        """Forgets the runs that were sent and lays out what waited, as far as the arena goes."""
        self.clear()
        while self._waiting and self.used + MAX_DATAGRAM + TRAILER <= ARENA:
            seal, outbound, address, datagram = self._waiting.popleft()
            size = self._seal(seal, outbound, datagram)
            if size > 0:
                self.runs.append((address, self.used, size, 0))
                self.used += size

    def _seal(self, seal: Seal, outbound: Outbound | None, datagram: bytes) -> int:
        at, size = self.used, len(datagram)
        self.arena[at : at + size] = datagram
        if outbound is None or seal is Seal.PLAIN:
            return size
        if seal is Seal.RTP:
            return outbound.cipher.protect(at, size)
        return outbound.cipher.protect_rtcp(at, size)
