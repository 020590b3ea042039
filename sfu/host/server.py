"""uvicorn on a socket that is open already, with our certificate, our signals and our limits.

The one port takes TLS, plain HTTP and media of those to whom no UDP gets through: the first byte tells them apart.
What is answered in the clear is the guard's business (`sfu.host.guard`), media the forwarder's.  No address may hold
so many connections that others find no room.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from sfu.host.patience import PatientProtocol
from sfu.wire.messages import MAX_FRAME

log = logging.getLogger("sfu.host.server")

# Frames up to this size are refused with a sentence by the session; larger ones end the connection unread.
_HARD_MAX_FRAME = 4 * MAX_FRAME
# A phone that went into a tunnel is noticed after this, in seconds; twice.
_PING = 15.0
_MAX_CONNECTIONS = 1_000
_GOODBYES = 3
# RFC 8446, 5.1: the content type of a handshake, which is how every TLS connection begins.
_TLS_HANDSHAKE = b"\x16"
# RFC 4571: the length of a connectivity check, which is how media begins; no HTTP method begins with such a byte.
_MEDIA = (b"\x00", b"\x01")
_FIRST_BYTE = 10.0
_PAUSE = 0.1
# A page uses six and a socket; a school behind one address is not what a LAN has, a proxy on this computer is.
_PER_ADDRESS = 128


class SessionSocket(WebSocketsSansIOProtocol):
    """uvicorn 0.54 says goodbye to a client whose goodbye it is answering, and the whole server ends by that."""

    def shutdown(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()


class Server(uvicorn.Server):
    """Leaves signals to whoever runs it: set `should_exit`."""

    def __init__(
        self, app: FastAPI, tls: ssl.SSLContext, media: Callable[[socket.socket], None] = socket.socket.close
    ) -> None:
        """`media` takes over connections that carry media, with nothing read from them."""
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                ws=SessionSocket,
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                ws_max_size=_HARD_MAX_FRAME,
                ws_ping_interval=_PING,
                ws_ping_timeout=_PING,
                ws_per_message_deflate=False,
                limit_concurrency=_MAX_CONNECTIONS,
                timeout_graceful_shutdown=_GOODBYES,
            )
        )
        self._tls = tls
        self._media = media
        self._crowd = Crowd()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_on(self, *listening: socket.socket) -> None:
        """Serves until `should_exit`; closes the sockets."""
        async with asyncio.TaskGroup() as tasks:
            accepting = [tasks.create_task(self._accept(sock, tasks), name="server.accept") for sock in listening]
            try:
                await self.serve(sockets=[])
            finally:
                for task in accepting:
                    task.cancel()
                await asyncio.wait(accepting)  # `select` fails on closed sockets
                for sock in listening:
                    sock.close()

    async def _accept(self, listening: socket.socket, tasks: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        listening.setblocking(False)
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except OSError as error:  # the other side gave up, or we are out of file descriptors for a moment
                log.warning("connection not accepted", extra={"why": error.strerror})
                await asyncio.sleep(_PAUSE)
                continue
            # asyncio does so for sockets of its own alone; without it every answer of two pieces takes 40 ms longer.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._crowd.admits(str(address[0]), connection):
                tasks.create_task(self._greet(connection), name="server.greet")
            else:
                connection.close()

    async def _greet(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_FIRST_BYTE):
                first = await _peeked(connection)
            if first in _MEDIA:
                self._media(connection)
                return
            tls = self._tls if first == _TLS_HANDSHAKE else None
            await loop.connect_accepted_socket(self._protocol, connection, ssl=tls)
        except (OSError, TimeoutError):  # ssl.SSLError is an OSError: a browser that refuses us
            connection.close()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn's own server does
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


class Crowd:
    """How many connections each address holds.  Loopback is not limited: a proxy on this computer speaks for many."""

    def __init__(self, most: int = _PER_ADDRESS) -> None:
        self._most = most
        self._held: dict[str, list[socket.socket]] = {}

    def admits(self, address: str, connection: socket.socket) -> bool:
        """Whether this one may come in; if so it is counted until it is closed."""
        if ipaddress.ip_address(address.partition("%")[0]).is_loopback:
            return True
        if len(self._held) > _MAX_CONNECTIONS:
            self._held = {other: still for other, group in self._held.items() if (still := _open(group))}
        held = self._held[address] = _open(self._held.get(address, []))
        if len(held) >= self._most:
            return False
        held.append(connection)
        return True


def _open(connections: list[socket.socket]) -> list[socket.socket]:
    return [connection for connection in connections if connection.fileno() >= 0]


async def _peeked(connection: socket.socket) -> bytes:
    """The first byte, which stays where it is; empty when the other side hung up."""
    loop = asyncio.get_running_loop()
    connection.setblocking(False)
    readable = asyncio.Event()
    loop.add_reader(connection, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)
