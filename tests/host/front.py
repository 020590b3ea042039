"""A host's front on loopback: real TLS, real HTTP and WebSocket; the forwarder and the captions are pretended."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from sfu.core.effects import Tuning
from sfu.core.meeting import Meeting
from sfu.host.api import create_app
from sfu.host.archive import Archive
from sfu.host.background import Background
from sfu.host.certificates import Certificates
from sfu.host.conference import Conference
from sfu.host.door import Door
from sfu.host.dtls import DtlsCertificate
from sfu.host.feeds import Feeds
from sfu.host.ports import open_port
from sfu.host.server import Server
from sfu.host.service_routes import Services
from sfu.host.services import serve
from sfu.host.tokens import Tokens
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.thread import Store
from sfu.wire import messages as wire
from tests.core.people import meeting

CODE = "ABCDEFGH"
HOST_TOKEN = "the-host-token"
FEED_TOKEN = "the-feed-token"
SECRET = b"s" * 32
LOOPBACK = ipaddress.ip_address("127.0.0.1")
PATIENCE = 10.0


class PretendForwarder:
    def __init__(self) -> None:
        self.orders: list[link.Order] = []
        self.connections: list[socket.socket] = []

    def order(self, order: link.Order) -> None:
        self.orders.append(order)

    def hand_over(self, connection: socket.socket) -> None:
        self.connections.append(connection)

    def of(self, kind: type[Any]) -> list[Any]:
        return [order for order in self.orders if isinstance(order, kind)]


class PretendStreams:
    def __init__(self) -> None:
        self.now_open: list[str] = []

    def open(self, stream: str, tuning: Tuning) -> None:
        self.now_open.append(stream)

    def tune(self, stream: str, tuning: Tuning) -> None:
        pass

    def look(self, stream: str) -> None:
        self.now_open.append(stream)

    def close(self, stream: str) -> None:
        self.now_open.remove(stream)


@dataclass
class Front:
    port: int
    certificates: Certificates
    conference: Conference
    tokens: Tokens
    archive: Archive
    feeds: Feeds
    services: Services
    server: Server
    background: Background
    forwarder: PretendForwarder = field(default_factory=PretendForwarder)
    streams: PretendStreams = field(default_factory=PretendStreams)

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def trust(self) -> ssl.SSLContext:
        """As the desktop client does: exactly this leaf, whatever its name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=ssl.get_server_certificate(("127.0.0.1", self.port)))
        return context

    @asynccontextmanager
    async def http(self, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        trusted = await asyncio.to_thread(self.trust)
        async with httpx.AsyncClient(base_url=self.origin, verify=trusted, headers=headers) as client:
            yield client

    async def token(self, name: str, bearer: str | None = None) -> str:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer is not None else {}
        async with self.http(**headers) as client:
            reply = await client.post(f"/api/meetings/{CODE}/join", json={"name": name})
        assert reply.status_code == 200, reply.text
        return str(reply.json()["token"])

    @asynccontextmanager
    async def socket(self, origin: str | None = None, receive_buffer: int | None = None) -> AsyncIterator[Client]:
        trusted = await asyncio.to_thread(self.trust)
        plain = socket.socket()
        if receive_buffer is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", self.port))
        uri = f"wss://127.0.0.1:{self.port}/session"
        async with connect(uri, sock=plain, ssl=trusted, server_hostname="127.0.0.1", origin=origin) as connected:
            yield Client(connected)

    @asynccontextmanager
    async def joined(self, name: str, bearer: str | None = None) -> AsyncIterator[Client]:
        """A client that has been welcomed."""
        token = await self.token(name, bearer)
        async with self.socket() as client:
            await client.join(token)
            yield client


class Client:
    """One end of a session socket; `you` and `welcome` after `join`."""

    welcome: wire.Welcome

    def __init__(self, connection: ClientConnection) -> None:
        self.socket = connection
        self.you = ""
        self.seen = 0
        """The highest number of a message that came."""

    async def join(self, token: str) -> None:
        await self.say(wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.DESKTOP))
        self.welcome = await self.hear(wire.Welcome)
        self.you = self.welcome.you

    async def resume(self, before: Client, **changed: Any) -> wire.Resumed:
        """In the place of a client whose socket is lost."""
        self.welcome, self.you, self.seen = before.welcome, before.you, before.seen
        back = {"participant": before.you, "key": before.welcome.key, "seen": before.seen, "protocol": wire.PROTOCOL}
        await self.say(wire.Resume.model_validate({**back, **changed}))
        resumed: wire.Resumed = await self.hear(wire.Resumed)
        return resumed

    async def say(self, message: wire.Message | dict[str, Any] | str) -> None:
        if isinstance(message, wire.Message):
            message = message.model_dump_json()
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def hear(self, kind: Any, seconds: float = PATIENCE) -> Any:
        """The next message of this kind; others are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                message = wire.HOST.validate_json(await self.socket.recv())
                self.seen = message.seq or self.seen
                if isinstance(message, kind):
                    return message

    async def lives(self) -> None:
        """This client's meeting goes on."""
        await self.say(wire.Ping(n=7))
        assert (await self.hear(wire.Pong)).n == 7

    async def closed(self) -> int | None:
        """Waits for the host to close the socket; the close code."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code


def full_disk(_kept: object) -> Future[None]:
    """In place of `Archive.keep`."""
    refused: Future[None] = Future()
    refused.set_exception(UserError(ErrorCode.DISK_FULL, "There is no room."))
    return refused


@asynccontextmanager
async def front(data: Path, room: Meeting | None = None) -> AsyncIterator[Front]:
    certificates = Certificates(data / "tls")
    identity = certificates.issue([LOOPBACK], ["test.local"])
    room = room if room is not None else meeting()
    store = Store(data)
    archive = Archive(store, data, room.about.id)
    archive.begin(room.about)
    tokens = Tokens(SECRET, identity.pin)
    forwarder, streams = PretendForwarder(), PretendStreams()
    conference = Conference(room, DtlsCertificate(), forwarder, streams, archive)
    door = Door(room, tokens, HOST_TOKEN)
    conference.set_passcode = door.passcode.set
    feeds = Feeds(conference, FEED_TOKEN)
    port = open_port([LOOPBACK], 0)
    names = frozenset({"localhost", "test.local"})
    background = Background(store, data)
    services = serve(door, conference, archive, background)
    app = create_app(door, conference, feeds, lambda: names, certificates.authority, services)
    server = Server(app, identity.tls(), forwarder.hand_over)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(conference.run()), tasks.create_task(feeds.run())]
        serving = tasks.create_task(server.run_on(*port.tcp))
        try:
            yield Front(
                port.number, certificates, conference, tokens, archive, feeds, services, server, background,
                forwarder, streams,
            )
        finally:
            conference.end("The test is over.")
            server.should_exit = True
            await serving
            for task in running:
                task.cancel()
            store.close()
            port.close()
            for connection in forwarder.connections:
                connection.close()
