"""The session with the host: one HTTPS request, then typed messages on one WebSocket.

Everything that arrives is checked against `sfu.wire` before anybody sees it.  This module keeps no meeting state and
never retries; what a lost socket means is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import httpx
from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.engine.invite import Invite
from app.engine.lifeline import STAY_FOR, LinkLost
from app.engine.pinning import pinned_context, unreachable
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

OPEN_TIMEOUT = 8.0
CLOSE_TIMEOUT = 1.0
PING_EVERY = 2.5
# While packets come otherwise.  TCP waits twice as long after each failure: after ten seconds without a network it
# may be silent for another ten, and the call is none the worse.
SILENT_ALONE = 30.0


@asynccontextmanager
async def open_session(
    invite: Invite, name: str, client: wire.ClientKind, host_token: str = "", passcode: str = ""
) -> AsyncIterator[Signalling]:
    """Joins with a fresh token; the socket is closed on exit.  Raises UserError with the host's own sentence."""
    context = await pinned_context(invite)
    reply = await _request_token(invite, _join_request(name, passcode), context, host_token)
    try:
        socket = await connect(
            f"wss://{invite.origin}{reply.session}",
            ssl=context,
            proxy=None,
            compression=None,
            max_size=wire.MAX_FRAME,
            max_queue=64,
            open_timeout=OPEN_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            ping_interval=None,
        )
    except (OSError, TimeoutError, InvalidHandshake):
        raise unreachable(invite) from None
    session = Signalling(socket)
    try:
        await session.send(wire.Join(protocol=wire.PROTOCOL, token=reply.token, client=client, version=_version()))
        yield session
    finally:
        await socket.close()


class Signalling:
    """Typed messages both ways, and the meeting's clock."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._heard = time.monotonic()
        self._pings = 0
        self._asked: dict[int, float] = {}
        self._best_round = float("inf")
        self.meeting_began = time.monotonic()
        """The instant of meeting time 0 on this computer's monotonic clock."""

    async def send(self, message: wire.ClientMessage) -> None:
        try:
            await self._socket.send(message.model_dump_json())
        except ConnectionClosed:
            raise LinkLost from None

    async def receive(self) -> wire.HostMessage:
        """The next message that is valid; raises LinkLost when there will be none."""
        while True:
            try:
                frame = await self._socket.recv()
            except ConnectionClosed:
                raise LinkLost from None
            self._heard = time.monotonic()
            try:
                message = parse(frame)
            except PeerFault as fault:
                log.warning("host message ignored: %s", fault.sentence, extra={"code": fault.code})
                continue
            self._keep_time(message, self._heard)
            return message

    async def watch_over(self, otherwise: Callable[[], float]) -> None:
        """Pings until the host falls silent here and `otherwise` (the instant it gives), then raises LinkLost."""
        while (now := time.monotonic()) - self._heard < SILENT_ALONE and now - max(self._heard, otherwise()) < STAY_FOR:
            self._pings += 1
            self._asked = {self._pings: time.monotonic()}
            await self.send(wire.Ping(n=self._pings))
            await asyncio.sleep(PING_EVERY)
        raise LinkLost

    def _keep_time(self, message: wire.HostMessage, now: float) -> None:
        if isinstance(message, wire.Welcome):
            self.meeting_began = now - message.now
        elif isinstance(message, wire.Pong):
            asked = self._asked.pop(message.n, now - self._best_round)
            # As in NTP: the answer was written half a round trip ago; the shortest round trip errs the least.
            if now - asked < self._best_round:
                self._best_round = now - asked
                self.meeting_began = (now + asked) / 2 - message.now


def parse(frame: str | bytes) -> wire.HostMessage:
    """One frame of the host; raises PeerFault for anything that `sfu.wire` does not know."""
    try:
        return wire.HOST.validate_json(frame)
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise PeerFault(ErrorCode.BAD_FRAME, f"The host sent a message that cannot be read ({where}).") from None


def _join_request(name: str, passcode: str) -> wire.JoinRequest:
    try:
        return wire.JoinRequest(name=name, passcode=passcode)
    except ValidationError:
        raise UserError(
            ErrorCode.BAD_FRAME, f"A name has 1 to {wire.MAX_NAME} characters. Choose another name and join again."
        ) from None


async def _request_token(
    invite: Invite, request: wire.JoinRequest, context: ssl.SSLContext, host_token: str
) -> wire.JoinReply:
    """The pin was checked, so the host's own token goes to the host and nobody else."""
    url = f"https://{invite.origin}/api/meetings/{invite.code}/join"
    try:
        async with httpx.AsyncClient(verify=context, trust_env=False, timeout=OPEN_TIMEOUT) as http:
            headers = {"Authorization": f"Bearer {host_token}"} if host_token else {}
            response = await http.post(url, json=request.model_dump(), headers=headers)
    except httpx.HTTPError:
        raise unreachable(invite) from None
    if not response.is_success:
        raise refusal(response.status_code, response.content)
    try:
        return wire.JoinReply.model_validate_json(response.content)
    except ValidationError:
        raise refusal(response.status_code, b"") from None


def refusal(status: int, body: bytes) -> UserError:
    """What a problem document (RFC 9457) says, for people; a plain sentence when it says nothing usable."""
    try:
        problem = wire.Problem.model_validate_json(body)
        return UserError(ErrorCode(problem.code), problem.detail or problem.title)
    except (ValidationError, ValueError, json.JSONDecodeError):
        return UserError(
            ErrorCode.HOST_UNREACHABLE,
            f"The host answered in a way this version does not understand (HTTP {status}). "
            "Check that both computers run the same version of Parley.",
        )


def _version() -> str:
    try:
        return version("parley")
    except PackageNotFoundError:
        return ""
