"""A host in the test's own process: real TLS, HTTP and WebSocket, scripted answers, and media that goes nowhere.

Each joining client is handed to `script`, a coroutine that plays the host's part on the socket.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect

from app.engine.invite import Invite
from app.engine.offer import Identity, read_answer
from app.engine.pinning import public_key_pin
from sfu.host.server import Server
from sfu.rtp.sdp import Description
from sfu.wire import messages as wire
from tests.engine.answers import answer_to
from tests.engine.ice_lite import IceLiteHost

CODE = "ABCD2345"
ME = wire.Participant(id="p1", name="Ana", role=wire.Role.MEMBER, client=wire.ClientKind.DESKTOP, order=0)
BEN = wire.Participant(id="p2", name="Ben", role=wire.Role.MEMBER, client=wire.ClientKind.DESKTOP, order=1)
WELCOME = wire.Welcome(
    protocol=wire.PROTOCOL,
    you=ME.id,
    meeting=wire.Meeting(id="m1", title="Test", code=CODE),
    roster=[ME, BEN],
    captions=wire.CaptionsState(on=False, available=False),
    now=100.0,
)


class Client:
    """The joining client as the script sees it."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self.first: wire.Join | wire.Resume
        self.said: list[wire.ClientMessage] = []
        self.media: list[IceLiteHost] = []

    async def say(self, *messages: wire.HostMessage) -> None:
        for message in messages:
            await self._websocket.send_text(message.model_dump_json())

    async def say_raw(self, text: str) -> None:
        await self._websocket.send_text(text)

    async def hear(self, kind: type[wire.Message]) -> Any:
        """The next message of that kind; pings are answered on the way."""
        while True:
            message = wire.CLIENT.validate_json(await self._websocket.receive_text())
            self.said.append(message)
            if isinstance(message, wire.Ping):
                await self.say(wire.Pong(n=message.n, now=WELCOME.now))
            if isinstance(message, kind):
                return message

    async def enter(self) -> None:
        self.first = wire.CLIENT.validate_json(await self._websocket.receive_text())  # type: ignore[assignment]

    async def sleep(self) -> None:
        """Reads and never answers, until the client goes away."""
        while True:
            await self._websocket.receive_text()

    async def hang_up(self) -> None:
        await self._websocket.close()

    async def go_live(self, welcome: wire.HostMessage = WELCOME) -> IceLiteHost:
        """Welcome, offer, answer, ICE, DTLS."""
        await self.say(welcome)
        offer = await self.hear(wire.Offer)
        media = IceLiteHost()
        self.media.append(media)
        await media.start()
        fingerprint = Description.parse(offer.sdp).media[0].fingerprints[0]
        securing = asyncio.create_task(media.secure((fingerprint.algorithm, fingerprint.digest)))
        answer = answer_to(offer.sdp, media.remote)
        slots = [wire.Slot(mid=line.mid, kind=line.kind) for line in read_answer(answer, Identity()).slots]
        await self.say(wire.Answer(sdp=answer, slots=slots))
        await securing
        return media


Script = Callable[[Client], Awaitable[None]]


@dataclass(slots=True)
class FakeHost:
    """`refuse`: what the join request is answered with instead of a token."""

    invite: Invite
    link: str
    clients: list[Client] = field(default_factory=list)
    refuse: tuple[int, str] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)


@asynccontextmanager
async def fake_host(folder: Path, script: Script) -> AsyncIterator[FakeHost]:
    tls, pin, link_pin = _certificate(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    host = FakeHost(Invite("127.0.0.1", port, CODE, pin), f"https://127.0.0.1:{port}/j/{CODE}#fp={link_pin}")
    server = Server(_app(host, script), tls)
    serving = asyncio.create_task(server.run_on(listening))
    try:
        yield host
    finally:
        for client in host.clients:
            for media in client.media:
                await media.close()
        server.should_exit = True
        await serving


def _app(host: FakeHost, script: Script) -> FastAPI:
    app = FastAPI()

    @app.post("/api/meetings/{code}/join")
    async def join(code: str, request: Request) -> Response:
        host.asked.append(await request.json())
        if host.refuse is not None:
            return Response(host.refuse[1], host.refuse[0], media_type="application/problem+json")
        return Response(wire.JoinReply(token="token").model_dump_json(), media_type="application/json")

    @app.websocket("/session")
    async def session(websocket: WebSocket) -> None:
        await websocket.accept()
        client = Client(websocket)
        host.clients.append(client)
        with suppress(WebSocketDisconnect):
            await client.enter()
            await script(client)

    return app


def _certificate(folder: Path) -> tuple[ssl.SSLContext, bytes, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake host")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now - day).not_valid_after(now + day)
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / "host.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    pin = public_key_pin(certificate.public_bytes(serialization.Encoding.DER))
    return context, pin, base64.urlsafe_b64encode(pin).decode().rstrip("=")
