"""One connection to one meeting, from the handshake to its end.

It joins, negotiates, keeps the media plane running and passes on what the host says.  It ends by an exception that
says how: `CallOver`, `LinkLost` or a `UserError`.  Whether to try again is not decided here.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable

from app.engine.conversation import Conversation, Door
from app.engine.lifeline import Lifeline, LinkLost, Turn, is_stranded
from app.engine.media import MediaPlane, MediaSetup
from app.engine.offer import LINES, Agreement, Credentials, Identity, read_answer, write_offer
from app.engine.place import Place
from app.engine.reach import own_addresses
from app.engine.signalling import known_code
from app.engine.transport import MediaTransport, RemoteTransport
from app.session.events import Event
from sfu.rtp.errors import ErrorCode, ParleyError, PeerFault, UserError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

ANSWER_TIMEOUT = 8.0
LOOK_EVERY = 0.25
MAX_UNSENT = 64


class CallOver(Exception):
    """We left, or the host ended the meeting; `reason` is the host's sentence."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Call:
    """`run()` once.  `say` hands a message to the host while it runs."""

    def __init__(
        self,
        door: Door,
        setup: MediaSetup,
        announce: Callable[[Event], None],
        patience: float | None = None,
        place: Place | None = None,
    ) -> None:
        """`patience`: seconds that reaching the host may take before the link counts as lost again.

        `place`: from the call before, to go on in.
        """
        self._session = Conversation(door, place, self._stands)
        self._session.on_broken = self._socket_broken
        self._session.on_mended = lambda: self._falter("socket", False)
        self._setup = setup
        self._announce = announce
        self._unsent: asyncio.Queue[wire.ClientMessage] = asyncio.Queue(MAX_UNSENT)
        self._patience = patience
        self._answer: asyncio.Future[wire.Answer] = asyncio.get_running_loop().create_future()
        self._transport: MediaTransport | None = None
        self._shown: dict[str, str | None] = {}
        self._layers: dict[str, list[str]] = {}
        self._h264 = False
        self._media: MediaPlane | None = None
        self._offered = asyncio.Event()
        self._faltering: set[str] = set()
        self.on_welcome: Callable[[], None] = lambda: None
        """We joined anew: the host knows nothing of us."""
        self.on_live: Callable[[], None] = lambda: None
        """Packets flow both ways, for the first time or again."""
        self.on_silent: Callable[[], None] = lambda: None
        """They no longer do, and the call is not lost yet."""

    @property
    def place(self) -> Place | None:
        """Where the next call may go on."""
        return self._session.place

    @property
    def connected(self) -> bool:
        """Whether there is a host who will read what is said."""
        return self._offered.is_set()

    def say(self, message: wire.ClientMessage) -> None:
        """Queues a message for the host, also before the socket is open; a person cannot fill the queue."""
        self._unsent.put_nowait(message)

    async def run(self) -> None:
        """Never returns normally: raises CallOver, LinkLost, or a UserError or PeerFault with a sentence."""
        raise await self._end()  # where the group is caught it would keep the group, whose frames hold every codec

    async def _end(self) -> BaseException:
        try:
            async with (
                asyncio.timeout(self._patience) as reaching,
                self._session as session,
                asyncio.TaskGroup() as tasks,
            ):
                reaching.reschedule(None)
                tasks.create_task(session.watch_over(), name="call.ping")  # in the lobby too
                if not session.resumed:
                    await self._welcomed(session)
                    self.on_welcome()
                self._setup.clock.meeting_began = session.meeting_began
                tasks.create_task(self._listen(session), name="call.listen")
                tasks.create_task(self._speak(session), name="call.speak")
                tasks.create_task(self._carry_media(session), name="call.media")
        except BaseExceptionGroup as group:
            return how_it_ended(group)
        except TimeoutError:
            return LinkLost()
        finally:
            self._leave_unsaid()
        raise AssertionError("a connection ends by an exception")

    def _leave_unsaid(self) -> None:
        """To the next call in this place."""
        while self.place is not None and not self._unsent.empty():
            self.place.say(self._unsent.get_nowait())

    def _stands(self) -> bool:
        """Whether there is media to save; whether it still flows is the lifeline's business."""
        return self._transport is not None

    def _socket_broken(self, tries: int) -> None:
        """One that is replaced at once is nobody's business, unless the media is silent too."""
        if tries or self._faltering:
            self._falter("socket", True)

    def _falter(self, what: str, faltering: bool) -> None:
        """Socket and media are one link to the person."""
        before = bool(self._faltering)
        (self._faltering.add if faltering else self._faltering.discard)(what)
        if bool(self._faltering) != before:
            (self.on_silent if faltering else self.on_live)()

    async def _welcomed(self, session: Conversation) -> None:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT) as patience:
                while True:
                    message = await session.receive()
                    if isinstance(message, wire.Waiting):
                        patience.reschedule(None)  # somebody will decide, and may take their time
                    # Before it is heard: who is welcomed looks at the clock.
                    self._setup.clock.meeting_began = session.meeting_began
                    self._hear(message)
                    if isinstance(message, wire.Welcome):
                        return
        except TimeoutError:
            raise _no_answer() from None

    async def _listen(self, session: Conversation) -> None:
        while True:
            message = await session.receive()
            self._setup.clock.meeting_began = session.meeting_began
            self._hear(message)

    async def _speak(self, session: Conversation) -> None:
        await self._offered.wait()  # the host can only unmute lines that it knows
        while True:
            message = await self._unsent.get()
            await session.send(message)
            if isinstance(message, wire.Leave):
                raise CallOver

    async def _carry_media(self, session: Conversation) -> None:
        identity = Identity()
        media = MediaPlane(self._setup, identity)
        transport = MediaTransport(media.receive_rtp, media.receive_rtcp)
        try:
            await transport.connect((agreement := await self._negotiate(session, transport, identity)).remote)
            media.start(agreement, transport.send)
            self._media, self._transport = media, transport
            media.show(self._shown)
            media.allow_h264(self._h264)
            for kind, rids in self._layers.items():
                media.want_layers(kind, rids)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(transport.run(), name="media.transport")
                tasks.create_task(media.run(), name="media.run")
                tasks.create_task(self._mind(session, transport, identity), name="media.mind")
        finally:
            self._media = self._transport = None
            media.close()
            await transport.close()

    async def _negotiate(self, session: Conversation, transport: MediaTransport, identity: Identity) -> Agreement:
        own = Credentials(transport.username, transport.password, transport.fingerprint)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                return await self._offer(session, own, identity)
        except TimeoutError:
            raise _no_answer() from None

    async def _offer(self, session: Conversation, own: Credentials, identity: Identity) -> Agreement:
        self._answer = asyncio.get_running_loop().create_future()
        await session.send(wire.Offer(sdp=write_offer(own, identity), lines=dict(LINES)))
        self._offered.set()
        return read_answer((await self._answer).sdp, identity)

    async def _mind(self, session: Conversation, transport: MediaTransport, identity: Identity) -> None:
        """Says how the call stands, and looks for another way to the host when it falls silent."""
        self.on_live()
        lifeline = Lifeline(time.monotonic(), steady_clock())
        async with asyncio.TaskGroup() as tasks:
            moving: asyncio.Task[None] | None = None
            while True:
                await asyncio.sleep(LOOK_EVERY)
                proved = max(transport.proved, self._media.echoed if self._media is not None else 0.0)
                turn = lifeline.look(proved, time.monotonic(), steady_clock())
                if turn is Turn.LOST or is_stranded(transport.local_address, own_addresses()):
                    raise LinkLost
                if turn in (Turn.SILENT, Turn.BACK):
                    self._falter("media", turn is Turn.SILENT)
                elif turn is Turn.MOVE and (moving is None or moving.done()):
                    moving = tasks.create_task(self._move(session, transport, identity), name="media.move")

    async def _move(self, session: Conversation, transport: MediaTransport, identity: Identity) -> None:
        """One offer at a time: over a dead network it waits in TCP, and a second one would spoil the first's answer."""

        async def ask(username: str, password: str) -> RemoteTransport:
            own = Credentials(username, password, transport.fingerprint)
            return (await self._offer(session, own, identity)).remote

        try:
            await transport.move(ask)
        except (ConnectionError, TimeoutError):
            log.info("no other way to the host")
        except PeerFault as fault:
            log.info("the host knows no other way: %s", fault.sentence)

    def _hear(self, message: wire.HostMessage) -> None:
        match message:
            case wire.Answer():
                if not self._answer.done():
                    self._answer.set_result(message)
                return
            case wire.Pong():
                return
            case wire.Layers():
                self._want_layers(message.source.partition("/")[2], message.wanted)
                return
            case wire.CameraCodec():
                self._h264 = message.h264
                if self._media is not None:
                    self._media.allow_h264(message.h264)
                return
            case wire.Slots():
                self._show({shows.mid: shows.source for shows in message.shows})
            case wire.Changed() if not message.participant.camera:
                self._setup.tally.stopped(f"{message.participant.id}/camera", time.monotonic())
            case wire.Left():
                self._setup.tally.stopped(f"{message.participant}/camera", time.monotonic())
            case wire.Ended():
                self._announce(message)
                raise CallOver(message.reason)
            case wire.Error() if message.fatal:
                raise UserError(known_code(message.code), message.sentence)
            case _:
                pass
        self._announce(message)

    def _want_layers(self, kind: str, rids: list[str]) -> None:
        self._layers[kind] = rids
        if self._media is not None:
            self._media.want_layers(kind, rids)

    def _show(self, changed: dict[str, str | None]) -> None:
        self._shown |= changed
        if self._media is not None:
            self._media.show(changed)


def steady_clock() -> float:
    """Seconds, the time that the computer slept included (Linux and macOS stop their monotonic clock meanwhile)."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def how_it_ended(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one exception that explains why several tasks ended; a bug of ours is never hidden behind it."""
    leaves = list(_leaves(group))
    for kind in (CallOver, ParleyError, LinkLost):
        matching = [leaf for leaf in leaves if isinstance(leaf, kind)]
        if matching and all(isinstance(leaf, CallOver | ParleyError | LinkLost) for leaf in leaves):
            return matching[0].with_traceback(None)
    return group


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for inner in group.exceptions:
        found += _leaves(inner) if isinstance(inner, BaseExceptionGroup) else [inner]
    return found


def _no_answer() -> UserError:
    return UserError(
        ErrorCode.HOST_UNREACHABLE, "The host accepted the connection but did not answer. Try again in a moment."
    )
