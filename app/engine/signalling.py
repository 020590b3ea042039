"""The session with the host: one HTTPS request, then typed messages on one WebSocket.

Everything that arrives is checked against `sfu.wire` before anybody sees it.  This module keeps no meeting state and
never retries; what a lost socket means is decided elsewhere.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import httpx
from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.engine.invite import Invite
from app.engine.lifeline import LinkLost
from app.engine.pinning import pinned_context, unreachable
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

OPEN_TIMEOUT = 8.0
CLOSE_TIMEOUT = 1.0


@asynccontextmanager
async def open_session(
    invite: Invite, name: str, client: wire.ClientKind, host_token: str = "", passcode: str = ""
) -> AsyncIterator[Signalling]:
    """Joins with a fresh token; the socket is closed on exit.  Raises UserError with the host's own sentence."""
    session = await enter(invite, name, client, host_token, passcode)
    try:
        yield session
    finally:
        await session.close()


async def enter(
    invite: Invite, name: str, client: wire.ClientKind, host_token: str = "", passcode: str = ""
) -> Signalling:
    """Has asked to join.  Raises UserError with the host's own sentence."""
    context = await pinned_context(invite)
    reply = await _request_token(invite, _join_request(name, passcode), context, host_token)
    return await _opened(
        invite, context, wire.Join(protocol=wire.PROTOCOL, token=reply.token, client=client, version=_version())
    )


async def resume(invite: Invite, ticket: wire.Resume) -> tuple[Signalling, wire.Resumed]:
    """Back in a place.  Raises UserError: HOST_UNREACHABLE, or why the host does not take us back; LinkLost."""
    session = await _opened(invite, await pinned_context(invite), ticket)
    try:
        match await session.receive():
            case wire.Resumed() as resumed:
                return session, resumed
            case wire.Error(code=code, sentence=sentence):
                raise UserError(known_code(code), sentence)
        raise LinkLost
    except BaseException:
        session.abort()
        raise


async def _opened(invite: Invite, context: ssl.SSLContext, first: wire.ClientMessage) -> Signalling:
    try:
        socket = await connect(
            f"wss://{invite.origin}{wire.JoinReply.model_fields['session'].default}",
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
        await session.send(first)
    except BaseException:
        session.abort()
        raise
    return session


class Signalling:
    """Typed messages both ways on one socket, and the meeting's clock."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._pings = 0
        self._asked: dict[int, float] = {}
        self._best_round = float("inf")
        self.heard = time.monotonic()
        """The instant of the last message."""
        self.meeting_began = time.monotonic()
        """The instant of meeting time 0 on this computer's monotonic clock."""

    async def close(self) -> None:
        """We leave."""
        await self._socket.close()

    def abort(self) -> None:
        """As if the network had gone: whoever reads is told at once, and the host is not told that we leave."""
        self._socket.transport.abort()

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
            self.heard = time.monotonic()
            try:
                message = parse(frame)
            except PeerFault as fault:
                log.warning("host message ignored: %s", fault.sentence, extra={"code": fault.code})
                continue
            self._keep_time(message, self.heard)
            return message

    async def ping(self) -> None:
        """The answer is a sign of life, and sets the meeting's clock."""
        self._pings += 1
        self._asked = {self._pings: time.monotonic()}
        await self.send(wire.Ping(n=self._pings))

    def _keep_time(self, message: wire.HostMessage, now: float) -> None:
        if isinstance(message, wire.Welcome | wire.Resumed):
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


def known_code(code: str) -> ErrorCode:
    """The host's error code, or the one for a host that says what we do not know."""
    try:
        return ErrorCode(code)
    except ValueError:
        return ErrorCode.NOT_ALLOWED


def _version() -> str:
    try:
        return version("parley")
    except PackageNotFoundError:
        return ""
