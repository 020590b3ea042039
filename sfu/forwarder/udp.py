"""A UDP socket: datagrams into the core's arena, runs out of it.

A run of equal datagrams to one address leaves in one system call where the kernel can cut it up (UDP_SEGMENT,
Linux); measured, that is worth more than any other change to the sending side.  Elsewhere, and where a network card
refuses it, datagrams go one by one.  A socket that is full, or a network that has just gone away, loses packets like
any network does: they are counted, and nothing waits.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterable

from sfu.core.flow import Address
from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE, Received
from sfu.core.outbox import Run

_UDP_SEGMENT = 103
_SEGMENT = struct.Struct("=H")
# A key frame for a hundred subscribers at once; what the kernel grants may be less.
BUFFER = 8 << 20
# Need a privilege, and then ignore the system's limit; their numbers are Linux's.
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33


class Udp:
    """Owns one socket; never waits."""

    def __init__(self, sock: socket.socket, arena: bytearray, portable: bool = False) -> None:
        """`portable`: every datagram by itself, as where no system cuts up runs."""
        sock.setblocking(False)
        _enlarge_buffers(sock)
        self._socket = sock
        whole = memoryview(arena)
        places = range(0, RECEIVE_COUNT * RECEIVE_SIZE, RECEIVE_SIZE)
        self._places = [(at, whole[at : at + RECEIVE_SIZE]) for at in places]
        self._segments = not portable and _can_segment(sock)
        self.unsent = 0
        """Datagrams that the system would not take."""

    def fileno(self) -> int:
        return self._socket.fileno()

    def receive(self) -> list[Received]:
        """What has come in, as far as the arena goes.  One that fills its place was larger: its size says so."""
        received: list[Received] = []
        take = self._socket.recvfrom_into
        for at, place in self._places:
            try:
                size, source = take(place)
            except BlockingIOError:
                break
            except OSError:
                continue  # a datagram of ours bounced off somebody who has left; the next one is unharmed
            received.append((at, size if size < RECEIVE_SIZE else RECEIVE_SIZE + 1, source))
        return received

    def send(self, runs: Iterable[Run], arena: memoryview) -> None:
        for address, at, size, segment in runs:
            try:
                if not segment:
                    self._socket.sendto(arena[at : at + size], address)
                elif self._segments:
                    control = [(socket.IPPROTO_UDP, _UDP_SEGMENT, _SEGMENT.pack(segment))]
                    self._socket.sendmsg([arena[at : at + size]], control, 0, address)
                else:
                    self._send_singly(arena[at : at + size], segment, address)
            except BlockingIOError:
                self.unsent += 1 if not segment else -(-size // segment)
            except OSError:
                self._bounced(arena[at : at + size], segment, address)

    def close(self) -> None:
        self._socket.close()

    def _bounced(self, run: memoryview, segment: int, address: Address) -> None:
        """The system refused: a run may be too much for this route, a single datagram has no way to go."""
        if not segment:
            self.unsent += 1
            return
        with contextlib.suppress(OSError):
            self._send_singly(run, segment, address)
            return
        self.unsent += -(-len(run) // segment)

    def _send_singly(self, run: memoryview, segment: int, address: Address) -> None:
        for at in range(0, len(run), segment):
            self._socket.sendto(run[at : at + segment], address)


def _can_segment(sock: socket.socket) -> bool:
    try:
        sock.getsockopt(socket.IPPROTO_UDP, _UDP_SEGMENT)
    except OSError:
        return False
    return hasattr(sock, "sendmsg")


def _enlarge_buffers(sock: socket.socket) -> None:
    for forced, asked in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
        except OSError:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, asked, BUFFER)
