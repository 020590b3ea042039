"""One end of the link over a non-blocking stream socket, for a loop that must never wait for the other end.

What cannot be sent at once is kept, in order, up to a limit.  A control process that has stopped reading for that
long is not coming back, so running into the limit breaks the link rather than growing.  The host, which has an
asyncio loop, needs only `codec`.
"""

from __future__ import annotations

import socket
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from sfu.link.codec import BrokenLink, Decoder, encode
from sfu.link.messages import Message

# Twenty peers' handshakes and a minute of snapshots; the host normally reads within milliseconds.
MAX_BACKLOG = 16 << 20
READ_SIZE = 1 << 16

M = TypeVar("M")


class LinkClosed(Exception):
    """The other end is gone; there is nobody left to work for."""


class Channel(Generic[M]):
    """Reads messages of one kind, writes messages of the other; owns the socket."""

    def __init__(self, sock: socket.socket, incoming: TypeAdapter[M]) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._decoder = Decoder(incoming)
        self._backlog = bytearray()

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def wants_write(self) -> bool:
        """Wait until the socket is writable, then call `flush`."""
        return bool(self._backlog)

    def receive(self) -> list[M]:
        """Everything that has come in, without waiting.  Raises LinkClosed at the end, BrokenLink on nonsense."""
        messages: list[M] = []
        while True:
            try:
                data = self._socket.recv(READ_SIZE)
            except BlockingIOError:
                return messages
            except ConnectionError as error:
                raise LinkClosed(str(error)) from None
            if not data:
                if messages:
                    return messages  # the end is seen again on the next call
                raise LinkClosed("the control process closed the link")
            messages += self._decoder.feed(data)

    def send(self, message: Message) -> None:
        """Sends now what the socket takes, and keeps the rest.  Raises LinkClosed, or BrokenLink when full."""
        self._backlog += encode(message)
        if len(self._backlog) > MAX_BACKLOG:
            raise BrokenLink("the control process does not read")
        self.flush()

    def flush(self) -> None:
        """Sends what was kept, as far as the socket takes it.  Raises LinkClosed."""
        while self._backlog:
            try:
                sent = self._socket.send(self._backlog)
            except BlockingIOError:
                return
            except ConnectionError as error:
                raise LinkClosed(str(error)) from None
            del self._backlog[:sent]

    def close(self) -> None:
        self._socket.close()
