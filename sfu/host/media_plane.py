"""The forwarder's process and the link to it.

Each life of the forwarder gets a fresh link, the same UDP sockets, which stay open here, and the file in which the
last one wrote down the numbers that must not be used twice.  Keys stay here and are handed over again: a forwarder
that was killed is back before anybody has to join again, and no meeting hears of it by more than a blink.  When we are
the ones who were killed, the forwarder goes on without us, and who comes in our place adopts it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sfu.core.standing import StandingOrders
from sfu.host.supervision import Process, Watcher, adopt, keep_alive, spawn
from sfu.link import messages as link
from sfu.link.codec import BrokenLink, Decoder, encode
from sfu.link.handover import Handed
from sfu.portable import PORTABLE

log = logging.getLogger("sfu.host.media_plane")

NAME = "forwarder"
READY_DEADLINE = 20.0
_READ = 1 << 16
_MODULE = "sfu.forwarder"

DoorPair = tuple[socket.socket, socket.socket]


class Listener(Protocol):
    def forwarded(self, event: link.Event) -> None: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """ZeroMQ endpoints of those who take what is tapped."""

    inference: str
    recorder: str


class MediaPlane:
    """`order` never waits; `ready` is set while a forwarder runs and listens."""

    def __init__(self, udp: Sequence[socket.socket], taps: Ends, folder: Path, door: DoorPair | None) -> None:
        """`udp`: bound, one a family; `folder` outlives us; `door`: our end and the forwarder's."""
        self.ready = asyncio.Event()
        self._udp = udp
        self._taps = taps
        self._ledger = folder / "ledger"
        self._number = folder / "forwarder.pid"
        self._door = door
        if door is not None:
            door[0].setblocking(False)
        self._standing = StandingOrders()
        self._ours: socket.socket | None = None
        self._writer: asyncio.StreamWriter | None = None

    def order(self, order: link.Order) -> None:
        """What still holds is kept for the next forwarder, should this one die."""
        self._standing.note(order)
        if self._writer is not None and self.ready.is_set():
            self._writer.write(encode(order))

    def hand_over(self, connection: socket.socket) -> None:
        """A client's TCP connection that carries media; it is the forwarder's now, or closed."""
        with connection:
            if self.ready.is_set():
                self._pass(Handed.CONNECTION, connection)

    def _pass(self, what: Handed, sock: socket.socket) -> None:
        if self._door is not None and sys.platform != "win32":
            with contextlib.suppress(OSError):  # so many at once that it had no time for them: they come again
                socket.send_fds(self._door[0], [what.value], [sock.fileno()])

    async def run(self, listener: Listener, watcher: Watcher) -> None:
        """Keeps a forwarder alive; returns when it dies again and again."""
        await keep_alive(NAME, self._start, watcher, lambda process: self._attend(process, listener), at_once=True)

    async def _start(self) -> Process:
        """The one that runs already, where another control process has left one, or a new one."""
        self._ours, theirs = socket.socketpair()
        with theirs:
            if (found := self._left_behind()) is not None:
                self._pass(Handed.LINK, theirs)
                return found
            process = await self._spawn(theirs)
        self._number.write_text(str(process.pid))
        return process

    async def _spawn(self, link_end: socket.socket) -> Process:
        inherited = [link_end, *self._udp]
        arguments = ["--link-fd", str(link_end.fileno()), "--udp-fd", *(str(sock.fileno()) for sock in self._udp)]
        arguments += ["--tap", self._taps.inference, "--tape", self._taps.recorder, "--ledger", str(self._ledger)]
        if PORTABLE:
            arguments.append("--portable")
        if self._door is not None:
            inherited.append(self._door[1])
            arguments += ["--door-fd", str(self._door[1].fileno())]
        return await spawn(_MODULE, arguments, inherited, large_pages=True)

    def _left_behind(self) -> Process | None:
        """Asked once: a forwarder of ours that died has left a number too."""
        try:
            number = int(self._number.read_text())
        except (OSError, ValueError):
            return None
        self._number.unlink()
        return adopt(number, _MODULE) if self._door is not None else None

    async def _attend(self, process: Process, listener: Listener) -> None:
        """Until the link ends: then this life is over, whatever the process still does."""
        assert self._ours is not None
        reader, self._writer = await asyncio.open_connection(sock=self._ours)
        decoder = Decoder(link.EVENT)
        try:
            async with asyncio.timeout(READY_DEADLINE):
                await self._pump(reader, decoder, listener, until_ready=True)
            await self._pump(reader, decoder, listener, until_ready=False)
        except (BrokenLink, TimeoutError, ConnectionError) as error:
            log.error("link lost", extra={"why": str(error), "pid": process.pid})
        finally:
            self.ready.clear()
            self._writer.close()
            self._writer = None

    def _brief(self) -> None:
        """A forwarder knows nobody at first."""
        assert self._writer is not None
        for order in self._standing.told():
            self._writer.write(encode(order))
        self.ready.set()

    async def _pump(
        self, reader: asyncio.StreamReader, decoder: Decoder[link.Event], listener: Listener, until_ready: bool
    ) -> None:
        while not (until_ready and self.ready.is_set()):
            data = await reader.read(_READ)
            if not data:
                return
            for event in decoder.feed(data):
                if isinstance(event, link.Ready):
                    self._brief()
                listener.forwarded(event)
