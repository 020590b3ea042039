"""What is said with the host in one call, over as many sockets as that takes.

A socket that is lost or silent is replaced while the media goes on; nobody above notices but by the delay.  When there
is no media to save, or the host keeps our place no longer, the link is lost and the engine decides what comes next.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.engine.invite import Invite
from app.engine.lifeline import PATIENCE, PAUSES, STAY_FOR, LinkLost
from app.engine.place import Place
from app.engine.signalling import Signalling, enter, resume
from sfu.rtp.errors import ErrorCode, ParleyError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

PING_EVERY = 2.5
# Three unanswered pings.  Another socket costs less than waiting for a dead one: TCP doubles its patience each time.
SILENCE = 3 * PING_EVERY
# The host keeps a place for half a minute after it has noticed that the socket is lost.
RESUME_FOR = 25.0


@dataclass(frozen=True, slots=True)
class Door:
    """Which meeting, and as whom."""

    invite: Invite
    name: str
    client: wire.ClientKind
    host_token: str = field(default="", repr=False)
    passcode: str = field(default="", repr=False)


class Conversation:
    """`async with`: joins, or goes on in a `place`; `receive` in one task, `watch_over` in another, `send` in any."""

    def __init__(self, door: Door, place: Place | None, media: Callable[[], bool]) -> None:
        """`media`: whether what was negotiated in this call still stands."""
        self._door = door
        self._media = media
        self._session: Signalling | None = None
        self.place = place
        """None until the host has welcomed us, and for a host that keeps none."""
        self.resumed = False
        """We did not join, but came back."""
        self.meeting_began = 0.0
        """The instant of meeting time 0 on this computer's monotonic clock."""
        self.on_broken: Callable[[int], None] = lambda tries: None
        """There is no socket, after so many tries in vain."""
        self.on_mended: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Self:
        """Raises UserError with the host's own sentence."""
        if self.place is not None:
            try:
                await self._resume(self.place, media=False)
                self.resumed = True
                return self
            except ParleyError as refused:
                if refused.code is ErrorCode.HOST_UNREACHABLE:
                    raise
                log.info("place gone", extra={"code": refused.code})
                self.place = None
        door = self._door
        self._session = await enter(door.invite, door.name, door.client, door.host_token, door.passcode)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is None:
            return
        lost = error.subgroup(LinkLost) if isinstance(error, BaseExceptionGroup) else isinstance(error, LinkLost)
        if lost:  # we mean to come back: the host is to keep our place
            self._session.abort()
        else:
            await self._session.close()

    async def send(self, message: wire.ClientMessage) -> None:
        """Now or, in a place that is kept, on the next socket.  Raises LinkLost where there will be none."""
        if self.place is not None:
            self.place.say(message)
        try:
            if self._session is not None:
                await self._session.send(message)
        except LinkLost:
            if self.place is None:
                raise

    async def receive(self) -> wire.HostMessage:
        """The next message, each once; raises LinkLost when there will be none in this call."""
        while True:
            try:
                message = await self._heard()
            except LinkLost:
                await self._replace_socket()
                continue
            if isinstance(message, wire.Welcome) and message.key is not None:
                self.place = Place(message)
                return message
            if self.place is None or self.place.is_news(message):
                return message

    async def watch_over(self) -> None:
        """Asks the host for a sign of life again and again, and gives up a socket on which none comes."""
        while True:
            if (session := self._session) is not None:
                if time.monotonic() - session.heard > (SILENCE if self.place is not None else STAY_FOR):
                    log.info("socket silent")
                    session.abort()
                else:
                    await _ping(session)
            await asyncio.sleep(PING_EVERY)

    async def _heard(self) -> wire.HostMessage:
        if self._session is None:
            raise LinkLost
        message = await self._session.receive()
        self.meeting_began = self._session.meeting_began
        return message

    async def _replace_socket(self) -> None:
        """Raises LinkLost when that is no use or was tried long enough."""
        place, lost_at = self.place, time.monotonic()
        lost, self._session = self._session, None
        if lost is not None:
            lost.abort()
        if place is None or not self._media():
            raise LinkLost
        attempts = 0
        self.on_broken(attempts)
        while not await self._replaced(place, attempts):
            attempts += 1
            self.on_broken(attempts)
            if time.monotonic() - lost_at > RESUME_FOR or not self._media():
                raise LinkLost
        self.on_mended()

    async def _replaced(self, place: Place, attempts: int) -> bool:
        await asyncio.sleep(PAUSES[min(attempts, len(PAUSES) - 1)])
        try:
            async with asyncio.timeout(PATIENCE[min(attempts, len(PATIENCE) - 1)]):
                await self._resume(place, media=True)
        except (TimeoutError, LinkLost):
            return False
        except _MediaLost:
            raise LinkLost from None
        except ParleyError as refused:
            if refused.code is ErrorCode.HOST_UNREACHABLE:
                return False
            log.info("place gone", extra={"code": refused.code})
            self.place = None
            raise LinkLost from None
        return True

    async def _resume(self, place: Place, media: bool) -> None:
        """Raises UserError, also GONE; LinkLost when the socket is lost again; _MediaLost."""
        session, answer = await resume(self._door.invite, place.ticket(media))
        try:
            if media and not answer.media:
                raise _MediaLost
            for message in place.resumed(answer):
                await session.send(message)
        except BaseException:
            session.abort()
            raise
        self._session = session
        self.meeting_began = session.meeting_began


class _MediaLost(Exception):
    """The host keeps our place, but not what was negotiated."""


async def _ping(session: Signalling) -> None:
    """A socket that takes nothing any more is found silent at the next look."""
    try:
        async with asyncio.timeout(PING_EVERY):
            await session.ping()
    except (TimeoutError, LinkLost):
        log.debug("ping not sent")
