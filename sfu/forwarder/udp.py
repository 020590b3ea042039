"""A UDP socket: datagrams into the core's arena, runs out of it.

A run of equal datagrams to one address leaves in one system call where the kernel can cut it up (UDP_SEGMENT,
Linux); measured, that is worth more than any other change to the sending side.  There all runs of a turn leave in one
call too (`batches`).  Elsewhere, and where a network card refuses it, datagrams go one by one.  A socket that is
full, or a network that has just gone away, loses packets like any network does: they are counted, and nothing waits.
"""

from __future__ import annotations

import contextlib
import errno
import socket

from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE, Received
from sfu.core.outbox import Run
from sfu.forwarder.batches import Batches, Rows, functions

_UDP_SEGMENT = 103
# A key frame for a hundred subscribers at once; what the kernel grants may be less.
BUFFER = 8 << 20
# Need a privilege, and then ignore the system's limit; their numbers are Linux's.
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33


class Udp:
    """Owns one socket; never waits."""

    def __init__(self, sock: socket.socket, incoming: bytearray, outgoing: bytearray, portable: bool = False) -> None:
        """`portable`: every datagram by itself, as where no system cuts up runs."""
        sock.setblocking(False)
        _enlarge_buffers(sock)
        self._socket = sock
        whole = memoryview(incoming)
        places = range(0, RECEIVE_COUNT * RECEIVE_SIZE, RECEIVE_SIZE)
        self._places = [(at, whole[at : at + RECEIVE_SIZE]) for at in places]
        self._arena, self._outgoing = outgoing, memoryview(outgoing)
        self._batches = None if portable else _batches(sock, incoming, outgoing)
        self.unsent = 0
        """Datagrams that the system would not take."""

    def fileno(self) -> int:
        return self._socket.fileno()

    def receive(self) -> list[Received]:
        """What has come in, as far as the arena goes.  One that fills its place was larger: its size says so."""
        received = self._batches.receive() if self._batches is not None else None
        return self._receive_singly() if received is None else received

    def send(self, runs: list[Run]) -> None:
        """`runs` of the outgoing arena, in their order."""
        if self._batches is not None:
            self._batches.send(runs, self.refused)
            return
        for run in runs:
            try:
                self._send_singly(run)
            except OSError as error:
                self.refused(run, error.errno or 0)

    def rows(self, count: int) -> Rows:
        """A table of so many runs for this socket; only where `takes_batches`."""
        return Rows(self._socket, self._arena, count)

    def close(self) -> None:
        self._socket.close()

    def _receive_singly(self) -> list[Received]:
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

    def refused(self, run: Run, error: int) -> None:
        """A socket that is full loses it.  Else a run may be too much for this route; a datagram has no way to go."""
        _, _, size, segment = run
        if segment and error != errno.EWOULDBLOCK:
            with contextlib.suppress(OSError):
                self._send_singly(run)
                return
        self.unsent += 1 if not segment else -(-size // segment)

    def _send_singly(self, run: Run) -> None:
        address, at, size, segment = run
        for start in range(at, at + size, segment or size):
            self._socket.sendto(self._outgoing[start : min(start + (segment or size), at + size)], address)


def _batches(sock: socket.socket, incoming: bytearray, outgoing: bytearray) -> Batches | None:
    """Many at once, where the system has the calls and cuts up runs itself."""
    if not _can_segment(sock):
        return None
    with contextlib.suppress(OSError):
        return Batches(sock, incoming, outgoing)
    return None


def takes_batches(sock: socket.socket) -> bool:
    """Whether many runs leave by this socket in one call."""
    with contextlib.suppress(OSError):
        return _can_segment(sock) and bool(functions())
    return False


def _can_segment(sock: socket.socket) -> bool:
    try:
        sock.getsockopt(socket.IPPROTO_UDP, _UDP_SEGMENT)
    except OSError:
        return False
    return True


def _enlarge_buffers(sock: socket.socket) -> None:
    for forced, asked in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
        except OSError:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, asked, BUFFER)
