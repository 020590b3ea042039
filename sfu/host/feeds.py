"""Cameras and programs that send into a meeting, and players that watch one, by HTTP alone: WHIP and WHEP.

Each is a participant without a socket: its one offer comes by POST, and what the meeting tells it is read here.  A feed
only sends; a player only receives, and is shown whoever speaks.  Nobody of them is captioned: there is nobody to agree.
The HTTP side is in `feed_routes`.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from sfu.core import codes, names
from sfu.core.correspondence import Letter
from sfu.core.tickets import LIFETIME, Ticket
from sfu.host.clock import steady
from sfu.host.conference import Conference
from sfu.host.mailbox import Mailbox
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.rtp.sdp import Description, Direction, MediaLine
from sfu.wire import messages as wire
from sfu.wire.messages import SourceKind

log = logging.getLogger("sfu.host.feeds")

ANSWER_DEADLINE = 5.0
STAGE = (1280, 720)
STAGE_PRIORITY = 8
_KINDS = {"audio": SourceKind.MICROPHONE, "video": SourceKind.CAMERA}


class Way(StrEnum):
    """Into the meeting or out of it; also the first part of the path."""

    IN = "whip"
    OUT = "whep"


@dataclass(slots=True)
class Feed:
    """One session: `id` is in its URL, `tag` names its ICE session (RFC 9725, 4.3)."""

    id: str
    way: Way
    participant: str
    mailbox: Mailbox
    tag: str = ""
    answer: str = ""
    slots: list[wire.Slot] = field(default_factory=list)


class Feeds:
    """`run` reads what feeds are told, until cancelled."""

    def __init__(self, conference: Conference, token: str) -> None:
        self.token = token
        """Whoever shows it may send into the meeting or watch it; nothing else."""
        self._conference = conference
        self._feeds: dict[str, Feed] = {}
        self._opened: asyncio.Queue[Feed] = asyncio.Queue()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                feed = await self._opened.get()
                tasks.create_task(self._follow(feed), name=f"feed.{feed.participant}")

    def check(self, code: str, bearer: str | None) -> None:
        """Raises UserError: BAD_TOKEN for anybody without the feed token, NO_MEETING for another code."""
        if bearer is None or not hmac.compare_digest(bearer.encode("utf-8", "replace"), self.token.encode()):
            raise UserError(ErrorCode.BAD_TOKEN, "A feed needs this meeting's feed token as its bearer token. "
                            "The host's program printed it when the meeting began.")
        if codes.normalised(code) != self._conference.meeting.about.code:
            raise UserError(ErrorCode.NO_MEETING, "No meeting has this code. Check it with the host.")

    async def open(self, way: Way, name: str, sdp: str) -> Feed:
        """Answers an offer.  Raises UserError or PeerFault, and then nobody has joined."""
        lines = _lines(sdp) if way is Way.IN else _watched(sdp)
        now = steady()
        meeting = self._conference.meeting.about.id
        ticket = Ticket(secrets.token_urlsafe(16), meeting, names.cleaned(name), wire.Role.GUEST, now + LIFETIME)
        mailbox = Mailbox()
        kind = wire.ClientKind.STREAM if way is Way.IN else wire.ClientKind.PLAYER
        participant = self._conference.admit(ticket, kind, mailbox)
        feed = Feed(secrets.token_urlsafe(16), way, participant, mailbox, tag=secrets.token_hex(8))
        try:
            self._conference.said(participant, wire.Offer(sdp=sdp, lines=lines))
            await self._answered(feed)
            self._conference.said(participant, _sending(lines))
        except BaseException:
            self._conference.left(participant, "")
            raise
        self._feeds[feed.id] = feed
        self._opened.put_nowait(feed)
        return feed

    def get(self, way: Way, id_: str) -> Feed:
        """Raises UserError(NO_MEETING) for one that is over or never was."""
        feed = self._feeds.get(id_)
        if feed is None or feed.way is not way:
            raise UserError(ErrorCode.NO_MEETING, "This feed is over. Start it again.")
        return feed

    def close(self, feed: Feed) -> None:
        """May be called twice."""
        if self._feeds.pop(feed.id, None) is not None:
            self._conference.left(feed.participant, "")
            feed.mailbox.close()

    async def _answered(self, feed: Feed) -> None:
        """The conference answers at once; the welcome comes first and is kept for a player's view."""
        async with asyncio.timeout(ANSWER_DEADLINE):
            while not feed.answer:
                match await feed.mailbox.next():
                    case Letter(wire.Answer() as answer):
                        feed.answer, feed.slots = answer.sdp, answer.slots
                    case Letter(wire.Error() as error):
                        raise PeerFault(ErrorCode.BAD_SDP, error.sentence)
                    case None:
                        raise UserError(ErrorCode.NO_MEETING, "The meeting has ended.")

    async def _follow(self, feed: Feed) -> None:
        """Until the feed is over, whoever ended it."""
        stage = _Stage(self._conference.meeting.roster(), feed.participant)
        self._watch(feed, stage)
        while (letter := await feed.mailbox.next()) is not None:
            message = letter.message
            if isinstance(message, wire.Error | wire.Notice) and message.code == "media_lost":
                break
            if stage.heard(message):
                self._watch(feed, stage)
        log.info("feed over", extra={"participant": feed.participant})
        self.close(feed)

    def _watch(self, feed: Feed, stage: _Stage) -> None:
        pictures = sum(slot.kind == "video" for slot in feed.slots)
        if feed.way is Way.OUT and pictures:
            self._conference.said(feed.participant, wire.Watch(views=stage.views(pictures)))


class _Stage:
    """What a player is shown: the cameras that are on, who spoke last first."""

    def __init__(self, roster: list[wire.Participant], you: str) -> None:
        self._you = you
        self._cameras = {person.id for person in roster if person.camera}
        self._order = [person.id for person in roster]

    def heard(self, message: wire.HostMessage) -> bool:
        """Whether the picture may have to change."""
        before = self._shown()
        match message:
            case wire.Joined() | wire.Changed():
                person = message.participant
                (self._cameras.add if person.camera else self._cameras.discard)(person.id)
                if person.id not in self._order:
                    self._order.append(person.id)
            case wire.Left():
                self._cameras.discard(message.participant)
            case wire.Speaking():
                loudest = [person for person in message.participants if person != self._you]
                self._order = [*loudest, *(person for person in self._order if person not in loudest)]
        return self._shown() != before

    def views(self, most: int) -> list[wire.View]:
        width, height = STAGE
        return [
            wire.View(source=f"{person}/{SourceKind.CAMERA}", width=width, height=height, priority=STAGE_PRIORITY)
            for person in self._shown()[:most]
        ]

    def _shown(self) -> list[str]:
        return [person for person in self._order if person in self._cameras and person != self._you]


def _lines(sdp: str) -> dict[str, SourceKind]:
    """What a feed's lines carry: one microphone and one camera, the first of each kind that it sends."""
    found: dict[SourceKind, str] = {}
    for line in Description.parse(sdp).media:
        if line.kind in _KINDS and line.direction is Direction.SENDONLY and not line.rejected:
            found.setdefault(_KINDS[line.kind], line.mid)
    if not found:
        raise PeerFault(ErrorCode.BAD_SDP, "A feed offers lines that it sends (a=sendonly). This one sends nothing.")
    return {mid: kind for kind, mid in found.items()}


def _watched(sdp: str) -> dict[str, SourceKind]:
    """A player sends nothing.  Raises PeerFault when it receives nothing either."""
    if not any(_receives(line) for line in Description.parse(sdp).media):
        raise PeerFault(ErrorCode.BAD_SDP, "A player offers lines that it receives (a=recvonly). This one has none.")
    return {}


def _receives(line: MediaLine) -> bool:
    return line.kind in _KINDS and line.direction is Direction.RECVONLY and not line.rejected


def _sending(lines: dict[str, SourceKind]) -> wire.SetMedia:
    carried = set(lines.values())
    return wire.SetMedia(microphone=SourceKind.MICROPHONE in carried, camera=SourceKind.CAMERA in carried)
