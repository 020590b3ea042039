# cython: wraparound=False
"""Many datagrams in one system call, where the system can: recvmmsg and sendmmsg, Linux of 64 bits.

A call for each datagram costs little in the kernel, but each return from it is a chance to lose the processor to the
receiver that was just woken, and Python makes objects of every address and error.  Measured at one packet in and ten
out a wake-up, that is a third of what a wake-up costs.

The calls take tables of C structures.  They are laid out once, as arrays of 64-bit words that point into each other
and into the core's arenas, and hold all that stays the same; a call only writes what differs.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from sfu.core.flow import Address
from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE, Received
from sfu.core.outbox import Run

try:
    import cython
except ImportError:  # nothing needs Cython to run
    import sfu.core.interpreted as cython

if not cython.compiled:
    from sfu.core.memory import cut, put
    from sfu.forwarder.calls import receive_many, send_many

SEND_COUNT = 256
"""Runs that leave in one call."""
# struct mmsghdr: name, its length, iovec, their count, control, its length, flags; and the datagram's length.
_WORDS = 8
_PARTS, _CONTROL, _CONTROL_SIZE, _LENGTH = 2, 4, 5, 7
MESSAGE = 8 * _WORDS
# struct cmsghdr with two bytes of UDP_SEGMENT: length, then level and type, then the size of a segment.
_CONTROL_WORDS = 3
_SEGMENT_HEAD = struct.pack("=QiiQ", 16 + 2, socket.IPPROTO_UDP, 103, 0)
# A place for an address: the larger one, struct sockaddr_in6, has 28 bytes.
_NAME = 32
_IPV4 = struct.Struct("!2xH4s8x")
_IPV6 = struct.Struct("!2xHI16s")
_FAMILY, _SCOPE = struct.Struct("=H"), struct.Struct("=I")
_KNOWN = 4096
"""Addresses remembered; strangers may send from as many as they like."""
_FULL = errno.EAGAIN
_NUMBER = 0xFFFF_FFFF
_ROOM, _PLACES, _AT_ONCE, _MESSAGE = RECEIVE_SIZE, RECEIVE_COUNT, SEND_COUNT, MESSAGE


class Rows:
    """A table of runs that leave in one call.  The arena must not change its size from now on."""

    def __init__(self, sock: socket.socket, outgoing: bytearray, count: int) -> None:
        self._family = int(sock.family)
        self._targets: dict[Address, bytes] = {}
        self._kept: list[Any] = []
        """What the table points to."""
        self._going_to = bytearray(_NAME * count)
        self._parts = array("Q", bytes(16 * count))
        self._controls = array("Q", _SEGMENT_HEAD * count)
        self._messages = _table(sock, count, (self._going_to, self._parts), self._kept)
        self.at = address_of(self._messages, self._kept)
        """Of its first message (struct mmsghdr)."""
        self._outgoing_at, self._outgoing_size = address_of(outgoing, self._kept), len(outgoing)
        controls = address_of(self._controls, self._kept)
        for index in range(count):
            self._messages[_WORDS * index + _CONTROL] = controls + 8 * _CONTROL_WORDS * index

    def lay_out(self, index: int, run: Run) -> None:
        """Raises ValueError for what does not lie in the arena."""
        address, at, size, segment = run
        if at < 0 or size < 0 or at + size > self._outgoing_size:
            raise ValueError("a run lies outside its arena")  # C would send whatever stands there
        name = self._targets.get(address)
        if name is None:
            name = self._write(address)
        put(self._going_to, _NAME * index, name, len(name))
        self._parts[2 * index] = self._outgoing_at + at
        self._parts[2 * index + 1] = size
        if segment:
            self._controls[_CONTROL_WORDS * index + 2] = segment
            self._messages[_WORDS * index + _CONTROL_SIZE] = 8 * _CONTROL_WORDS
        else:
            self._messages[_WORDS * index + _CONTROL_SIZE] = 0

    def _write(self, address: Address) -> bytes:
        """Of numbers, as `Batches` reads them."""
        if len(self._targets) >= _KNOWN:
            self._targets.clear()
        if len(address) == 4:
            host, port, flow, scope = address
            raw = _IPV6.pack(port, flow, socket.inet_pton(socket.AF_INET6, host)) + _SCOPE.pack(scope)
        else:
            raw = _IPV4.pack(address[1], socket.inet_aton(address[0]))
        name = self._targets[address] = _FAMILY.pack(self._family) + raw[2:]
        return name


class Batches:
    """One socket's two tables.  The arenas must not change their size from now on."""

    def __init__(self, sock: socket.socket, incoming: bytearray, outgoing: bytearray) -> None:
        """Raises OSError where there are no such calls, or they would not find what they look for."""
        self._receiving, self._sending = functions()
        self._fd = sock.fileno()
        self._family = int(sock.family)
        self._name_size = _name_size(sock)
        self._places = list(range(0, RECEIVE_COUNT * RECEIVE_SIZE, RECEIVE_SIZE))
        self._sources: dict[bytes, Address] = {}
        self._kept: list[Any] = []
        """What the table points to."""
        self._came_from = bytearray(_NAME * RECEIVE_COUNT)
        came_into = array("Q", bytes(16 * RECEIVE_COUNT))
        self._arriving = _table(sock, RECEIVE_COUNT, (self._came_from, came_into), self._kept)
        self._arriving_at, room = address_of(self._arriving, self._kept), address_of(incoming, self._kept)
        for index, place in enumerate(self._places):
            came_into[2 * index], came_into[2 * index + 1] = room + place, RECEIVE_SIZE
        self._rows = Rows(sock, outgoing, SEND_COUNT)

    def receive(self) -> list[Received] | None:
        """What has come, as far as the arena goes; None: the system told of an error instead."""
        count = receive_many(self._receiving, self._fd, self._arriving_at, _PLACES)
        if count < 0:
            return [] if count == -_FULL else None
        received: list[Received] = []
        for index in range(count):
            size = self._arriving[_WORDS * index + _LENGTH] & _NUMBER
            name = cut(self._came_from, _NAME * index, _NAME * index + self._name_size)
            source = self._sources.get(name)
            if source is None:
                source = self._read(name)
            received.append((self._places[index], size if size < _ROOM else _ROOM + 1, source))
        return received

    def send(self, runs: Sequence[Run], refused: Callable[[Run, int], None]) -> None:
        """All of `runs` out of the arena, in their order; those that the system refused, with the error's number."""
        begin, end = 0, len(runs)
        while begin < end:
            count = min(end - begin, _AT_ONCE)
            for index in range(count):
                self._rows.lay_out(index, runs[begin + index])
            done = 0
            while done < count:
                sent = send_many(self._sending, self._fd, self._rows.at + _MESSAGE * done, count - done)
                if sent <= 0:
                    refused(runs[begin + done], -sent)
                    sent = 1
                done += sent
            begin += count

    def _read(self, name: bytes) -> Address:
        """As the socket module would give it."""
        if len(self._sources) >= _KNOWN:
            self._sources.clear()
        if self._family == socket.AF_INET6:
            port, flow, host = _IPV6.unpack_from(name)
            address: Address = socket.inet_ntop(socket.AF_INET6, host), port, flow, _SCOPE.unpack_from(name, 24)[0]
        else:
            port, host = _IPV4.unpack(name)
            address = socket.inet_ntoa(host), port
        self._sources[name] = address
        return address


def _name_size(sock: socket.socket) -> int:
    return 28 if sock.family == socket.AF_INET6 else 16


def _table(sock: socket.socket, count: int, of: tuple[bytearray, array[int]], kept: list[Any]) -> array[int]:
    """So many messages; `of` has the place of each one's address, and of its one part."""
    messages = array("Q", bytes(8 * _WORDS * count))
    names_at, parts_at = (address_of(memory, kept) for memory in of)
    for index in range(count):
        at = _WORDS * index
        messages[at], messages[at + 1] = names_at + _NAME * index, _name_size(sock)
        messages[at + _PARTS], messages[at + _PARTS + 1] = parts_at + 16 * index, 1
    return messages


def address_of(memory: Any, kept: list[Any]) -> int:
    """Where its bytes are, and stay for as long as what is put into `kept` lives."""
    view = (ctypes.c_char * len(memoryview(memory).cast("B"))).from_buffer(memory)
    kept.append(view)
    return ctypes.addressof(view)


def functions() -> tuple[Any, Any]:
    """recvmmsg and sendmmsg: as numbers where C calls them, through ctypes otherwise."""
    if sys.platform != "linux" or sys.byteorder != "little" or struct.calcsize("P") != 8:
        raise OSError("the tables are laid out for Linux of 64 bits")
    library = ctypes.CDLL(None, use_errno=True)
    receiving, sending = getattr(library, "recvmmsg", None), getattr(library, "sendmmsg", None)
    if receiving is None or sending is None:
        raise OSError("this system's C library has no such calls")
    if cython.compiled:
        return ctypes.cast(receiving, ctypes.c_void_p).value, ctypes.cast(sending, ctypes.c_void_p).value
    sending.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int
    receiving.argtypes = *sending.argtypes, ctypes.c_void_p
    return receiving, sending
