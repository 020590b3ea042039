"""Media over TCP, for clients whose network lets no UDP through: RFC 4571 framing, ICE-TCP passive (RFC 6544).

Connections come through the `door`; from then on they are ours alone.  Each frame is one datagram: two
bytes of length, then what UDP would have carried.  To the core a connection is one more address.

A connection that has got no answer within ten seconds knew no password; one that is silent for as long as consent
lasts is dead.  Who does not read loses datagrams, as on any network, and holds up nobody.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time

from sfu.core.flow import Address
from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE, Received
from sfu.core.ice import CONSENT_S
from sfu.core.outbox import Run

# A hundred people, each by two networks; strangers cannot take the room of those who were answered.
MAX_STREAMS = 256
ANSWERED_WITHIN_S = 10.0
# A second of everything that one person watches.  What does not fit is lost: late media is worth nothing.
MAX_BACKLOG = 1 << 19
_READ = 1 << 16
_LENGTH = 2


class _Stream:
    def __init__(self, sock: socket.socket, address: Address, now: float) -> None:
        self.socket = sock
        self.address = address
        self.incoming = bytearray()
        self.outgoing = bytearray()
        self.opened = self.heard = now
        self.answered = False

    def is_over(self, now: float) -> bool:
        return now - self.heard > CONSENT_S or (not self.answered and now - self.opened > ANSWERED_WITHIN_S)


class Streams:
    """All connections; readable (`fileno`) when any of them has something.  Never waits."""

    def __init__(self, arena: bytearray) -> None:
        self._arena = arena
        self._selector = selectors.DefaultSelector()
        self.by_address: dict[Address, _Stream] = {}
        """Those that are open."""
        self._full: list[_Stream] = []
        """Of these there may be whole frames that the arena had no room for."""
        self.unsent = 0
        """Datagrams that somebody was too slow for."""

    def fileno(self) -> int:
        if sys.platform == "win32":   # where nobody can hand a connection over
            return -1
        return self._selector.fileno()

    @property
    def waiting(self) -> bool:
        """There is more than the arena held: call `receive` again soon."""
        return bool(self._full)

    def take_over(self, sock: socket.socket, now: float) -> None:
        """A client's connection, with nothing read from it yet."""
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            host, port, *_ = sock.getpeername()
        except OSError:  # gone again
            sock.close()
            return
        if len(self.by_address) >= MAX_STREAMS and not self._make_room():
            sock.close()
            return
        stream = _Stream(sock, (host, port, "tcp"), now)
        self.by_address[stream.address] = stream
        self._selector.register(sock, selectors.EVENT_READ, stream)

    def receive(self) -> list[Received]:
        """What has come in, as far as the arena goes."""
        now = time.monotonic()
        received: list[Received] = []
        full, self._full = self._full, []
        for stream in full:
            self._unwrap(stream, received)
        for key, events in self._selector.select(0):
            self._serve(key.data, events, received, now)
        return received

    def _serve(self, stream: _Stream, events: int, received: list[Received], now: float) -> None:
        if events & selectors.EVENT_WRITE:
            self._flush(stream)
        if events & selectors.EVENT_READ and stream.address in self.by_address:
            self._read(stream, received, now)

    def send(self, run: Run, arena: memoryview) -> None:
        """One run of datagrams to the connection it names; to one that is gone, nothing."""
        address, at, size, segment = run
        stream = self.by_address.get(address)
        if stream is None:
            self.unsent += 1
            return
        stream.answered = True
        for start in range(at, at + size, segment or size):
            piece = arena[start : min(start + (segment or size), at + size)]
            if len(stream.outgoing) + len(piece) > MAX_BACKLOG:
                self.unsent += 1
                continue
            stream.outgoing += len(piece).to_bytes(_LENGTH, "big")
            stream.outgoing += piece
        self._flush(stream)

    def expire(self, now: float) -> None:
        """Ends connections that nobody uses.  Call it every second or so."""
        for stream in [stream for stream in self.by_address.values() if stream.is_over(now)]:
            self._end(stream)

    def close(self) -> None:
        for stream in list(self.by_address.values()):
            self._end(stream)
        self._selector.close()

    def _make_room(self) -> bool:
        unknown = [stream for stream in self.by_address.values() if not stream.answered]
        if unknown:
            self._end(min(unknown, key=lambda stream: stream.opened))
        return bool(unknown)

    def _read(self, stream: _Stream, received: list[Received], now: float) -> None:
        """Whole frames go into the arena; while it is full, the system keeps what comes."""
        if len(received) == RECEIVE_COUNT:
            return
        try:
            data = stream.socket.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end(stream)
            return
        stream.heard = now
        stream.incoming += data
        self._unwrap(stream, received)

    def _unwrap(self, stream: _Stream, received: list[Received]) -> None:
        at, incoming = 0, stream.incoming
        while len(incoming) - at >= _LENGTH:
            size = incoming[at] << 8 | incoming[at + 1]
            if size > RECEIVE_SIZE:
                self._end(stream)  # no packet of ours is so large: whatever this is, it is no media
                return
            if len(incoming) - at - _LENGTH < size:
                break
            if len(received) == RECEIVE_COUNT:
                self._full.append(stream)
                break
            place = len(received) * RECEIVE_SIZE
            self._arena[place : place + size] = incoming[at + _LENGTH : at + _LENGTH + size]
            received.append((place, size, stream.address))
            at += _LENGTH + size
        del incoming[:at]

    def _flush(self, stream: _Stream) -> None:
        if stream.address not in self.by_address:
            return
        try:
            while stream.outgoing:
                del stream.outgoing[: stream.socket.send(stream.outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            self._end(stream)
            return
        writing = selectors.EVENT_WRITE if stream.outgoing else 0
        if self._selector.get_key(stream.socket).events & selectors.EVENT_WRITE != writing:
            self._selector.modify(stream.socket, selectors.EVENT_READ | writing, stream)

    def _end(self, stream: _Stream) -> None:
        if self.by_address.pop(stream.address, None) is not None:
            self._selector.unregister(stream.socket)
        stream.socket.close()
