"""One meeting's host: everything it owns, in the order in which it is opened and let go.

The port is open already and comes with the estate (`sfu.host.estate`).  The forwarder, inference and the HTTPS server
run side by side until somebody ends the meeting.  Then people are told, last words are captioned, the children go, and
the readable files of the transcript are written.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from models.catalogue import translates
from sfu import rendezvous
from sfu.core import codes
from sfu.core.captions_health import CaptionsHealth
from sfu.core.meeting import Meeting
from sfu.core.negotiation import HostSide, Where
from sfu.core.room import Decided
from sfu.core.rules import Rules
from sfu.host import addresses, firewall, glossary, trust
from sfu.host.addresses import Address
from sfu.host.announce import Announcer
from sfu.host.api import create_app
from sfu.host.archive import Archive, recover
from sfu.host.background import Background
from sfu.host.certificates import Certificates, Identity
from sfu.host.chance import Chance
from sfu.host.children import Children
from sfu.host.conference import Conference
from sfu.host.discovery import Announcement, Beacon
from sfu.host.door import Door
from sfu.host.dtls import DtlsCertificate
from sfu.host.endpoints import Endpoint
from sfu.host.estate import Estate
from sfu.host.feeds import Feeds, Way
from sfu.host.inference import Inference, Settings
from sfu.host.keeper import CONTROL
from sfu.host.media_plane import Ends, MediaPlane
from sfu.host.recorder import Recorder
from sfu.host.server import Server
from sfu.host.service_routes import Services
from sfu.host.services import serve
from sfu.host.tokens import Tokens, installation_secret
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import RECORDINGS
from sfu.store.thread import Store
from sfu.wire import messages as wire
from sfu.wire.words import spoken

log = logging.getLogger("sfu.host")

START_DEADLINE = 40.0
# The last sentence of somebody who was speaking when the meeting ended.
LAST_WORDS = 4.0
# A laptop that moved to another network can be reached there after this.
ADDRESSES_EVERY = 3.0
# Clients try for half a minute to come back after our predecessor's death.
RETURN_S = 60.0
# More than ever join one meeting, so that nobody gets the id of somebody who was here before.
PEOPLE_A_LIFE = 10_000


@dataclass(frozen=True, slots=True)
class _Left:
    """What the next life of this meeting is told."""

    about: wire.Meeting
    decided: Decided
    passcode: str = ""
    """Its hash."""
    grpc: int = 0
    """The port where programs are answered."""


_LEFT: TypeAdapter[_Left] = TypeAdapter(_Left)


@dataclass(frozen=True, slots=True)
class Options:
    title: str
    port: int
    binds: tuple[Address, ...]
    """Where to listen, one address a family."""
    data: Path
    capacity: int
    captions: bool
    accounts_only: bool
    """Whether joining needs an account here."""
    keep_days: int
    """Meetings that ended longer ago are deleted when a host starts; 0: never."""
    listed: bool
    """Whether the meeting announces itself on the network."""
    grpc: Endpoint | None
    """Where other programs are answered; None: nowhere."""
    recordings_gb: float
    """How much room recordings may take, in 10^9 bytes."""
    inference: Settings
    glossary: Path
    """Words that captions should get right, from meeting to meeting."""
    queue: str = ""
    """Where background work queues: `redis://…`, or a file with the data."""
    emotions: wire.Audience = wire.Audience.ME
    """The most that may be guessed from faces here."""


class Host:
    """Made with its keys ready, or not at all (UserError).  What is in the `estate` outlives it."""

    def __init__(self, options: Options, estate: Estate, announcer: Announcer) -> None:
        self._options = options
        self._estate = estate
        self._port = estate.port
        self._announcer = announcer
        self._certificates = Certificates(options.data / "tls")
        self._addresses = addresses.reachable(options.binds)
        self._named = self._names()
        self._identity = self._issued()
        self._tls = self._identity.tls()
        self._dtls = DtlsCertificate()
        rules = estate.rules()
        self._left = _LEFT.validate_json(rules) if rules is not None else None
        self._rpc_port = 0
        self._meeting = self._new_meeting()
        self._arrival: firewall.Arrival | None = None
        # A token is good once, and which were used is not known from life to life.
        secret = hmac.digest(installation_secret(options.data / "token.key"), b"%d" % estate.life, "sha256")
        self._door = Door(self._meeting, Tokens(secret, self._certificates.pin), estate.host_token)
        self._take_up()

    def _new_meeting(self) -> Meeting:
        options, estate = self._options, self._estate
        begun = wire.Meeting(id=estate.meeting, title=options.title, code=estate.code)
        about = self._left.about if self._left is not None else begun
        first = (estate.life - 1) * PEOPLE_A_LIFE
        terms, model = glossary.read(options.glossary), options.inference.model
        rules = Rules(
            options.capacity, options.captions, model, terms, translates(model), options.accounts_only,
            options.emotions, first,
        )  # fmt: skip
        return Meeting(about, rules, self._host_side(), Chance(), estate.began)

    def _take_up(self) -> None:
        """How the meeting was run when the last control process died."""
        if self._left is not None:
            decided, passcode = self._left.decided, self._left.passcode
            if decided.policy.passcode and not passcode:  # it died before the hash was made: nobody new, until told
                policy = decided.policy.model_copy(update={"locked": True, "passcode": False})
                decided = replace(decided, policy=policy)
            self._meeting.take_up(decided)
            self._door.passcode.take_up(passcode)

    def _keep_rules(self) -> None:
        left = _Left(self._meeting.about, self._meeting.decided, self._door.passcode.kept, self._rpc_port)
        if left != self._left:
            self._left = left
            self._estate.keep_rules(_LEFT.dump_json(left).decode())

    def _host_side(self) -> HostSide:
        where = tuple(Where(str(address), self._port.number) for address in self._addresses)
        return HostSide(self._dtls.fingerprint, where, tcp=self._estate.door is not None)

    async def run(self, stop: asyncio.Event) -> None:
        """Holds the meeting until `stop` or its end.  Raises UserError (in a group) when it cannot begin."""
        first_life = self._estate.life == 1
        with contextlib.closing(self._door.passwords):
            if first_life:  # later a forwarder reads what comes
                self._arrival = firewall.probe(self._port, self._addresses)
            with contextlib.closing(await asyncio.to_thread(Store, self._options.data)) as store:
                archive = Archive(store, self._options.data, self._meeting.about.id, self._estate.keeper)
                if first_life:
                    await asyncio.to_thread(recover, store, self._options.data, self._options.keep_days)
                    await asyncio.to_thread(archive.begin, self._meeting.about)
                else:
                    self._meeting.inheritance.recall(await asyncio.to_thread(archive.recalled))
                background = Background(store, self._options.data, self._options.queue, self._options.inference.models)
                await self._hold(self._estate.folder, archive, background, stop)
                transcript = await asyncio.to_thread(_exported, archive)
                await background.leave_behind()
        self._announcer.ended(str(transcript) if transcript is not None else None)

    async def _hold(self, folder: Path, archive: Archive, background: Background, stop: asyncio.Event) -> None:
        inference = Inference(folder, self._options.inference)
        recorder = Recorder(
            rendezvous.place(folder, "tape"), self._options.data / RECORDINGS, round(self._options.recordings_gb * 1e9),
            lambda: archive.meeting,
        )  # fmt: skip
        media = MediaPlane(self._port.udp, Ends(inference.tap, recorder.endpoint), folder, self._estate.door)
        conference = Conference(self._meeting, self._dtls, media, inference, archive)
        conference.recorder = recorder
        recorder.closed = background.look
        keep_passcode = partial(asyncio.get_running_loop().call_soon_threadsafe, self._keep_rules)
        conference.set_passcode = partial(self._door.passcode.set, made=keep_passcode)
        services = serve(self._door, conference, archive, background)
        conference.keep_glossary = partial(glossary.keep, self._options.glossary)
        conference.changed = self._keep_rules
        children = Children(conference, self._announcer)
        self._feeds = Feeds(conference, self._estate.feed_token)
        authority = self._certificates.authority
        app = create_app(self._door, conference, self._feeds, lambda: self._named, authority, services)
        server = Server(app, self._tls, media.hand_over)
        beacon = Beacon(Announcement(self._options.title, self._port.number, self._certificates.pin))
        async with asyncio.TaskGroup() as tasks:
            work = [
                tasks.create_task(conference.run(), name="host.conference"),
                tasks.create_task(self._feeds.run(), name="host.feeds"),
                tasks.create_task(media.run(conference, children), name="host.media"),
                tasks.create_task(self._infer(inference, conference, children), name="host.inference"),
                tasks.create_task(recorder.run(conference, children), name="host.recorder"),
                tasks.create_task(self._follow_addresses(beacon), name="host.addresses"),
            ]
            serving: asyncio.Task[None] | None = None
            try:
                await self._forwards(media, conference)
                serving = tasks.create_task(server.run_on(*self._port.tcp), name="host.serve")
                rpc_at = self._answer_programs(services, work, tasks)
                if self._estate.life == 1:
                    await self._begun(inference, conference)
                    self._estate.begin()  # before anybody knows: killed in between, it would not be started again
                    self._announcer.ready({**self._facts(children.pids), "grpc": rpc_at})
                    work.append(tasks.create_task(self._check_firewall(), name="host.firewall"))
                else:
                    asyncio.get_running_loop().call_later(RETURN_S, self._meeting.all_returned)
                children.announce()
                conference.go_on()
                working = background.run(lambda: archive.meeting, conference.work, children)
                work.append(tasks.create_task(working, name="host.background"))
                await _either(stop, conference.finished)
                await _finish(conference, inference)
                await recorder.finished()
            finally:
                server.should_exit = True
                if serving is not None:
                    await serving
                for task in work:
                    task.cancel()

    def _answer_programs(
        self, services: Services, work: list[asyncio.Task[None]], tasks: asyncio.TaskGroup
    ) -> str | None:
        """By gRPC, if wanted; where.  Raises UserError when it cannot listen there."""
        if (wanted := self._options.grpc) is None:
            return None
        from sfu.rpc.server import RpcServer  # slow to load, and few hosts answer programs

        if self._left is not None and self._left.grpc:
            wanted = replace(wanted, port=self._left.grpc)
        server = RpcServer(services, wanted, self._identity)
        work.append(tasks.create_task(server.run(), name="host.rpc"))
        self._rpc_port = server.port
        self._keep_rules()
        return wanted.named(server.port)

    async def _infer(self, inference: Inference, conference: Conference, children: Children) -> None:
        if self._options.captions:
            await inference.run(conference, children)
        else:
            inference.settled.set()
            conference.inference(CaptionsHealth().health())

    async def _forwards(self, media: MediaPlane, conference: Conference) -> None:
        """Nobody is let in before there is a forwarder: their offers could not be answered.  Raises UserError."""
        with _patience():
            async with asyncio.timeout(START_DEADLINE):
                await _either(media.ready, conference.finished)
        if conference.finished.is_set():
            raise _cannot_start()

    async def _begun(self, inference: Inference, conference: Conference) -> None:
        """Returns when people can join.  Raises UserError when they never will."""
        with _patience():
            async with asyncio.timeout(START_DEADLINE):
                await inference.settled.wait()
        if conference.finished.is_set():
            raise _cannot_start()

    def _facts(self, children: dict[str, int]) -> dict[str, Any]:
        about = self._meeting.about
        here = codes.origin(str(self._addresses[0]), self._port.number)
        pin = self._certificates.pin
        links = [codes.link(str(address), self._port.number, about.code, pin) for address in self._addresses]
        return {
            "link": links[0],
            "links": links,
            "code": about.code,
            "title": about.title,
            "words": spoken(pin),
            "feeds": {
                **{way.value: f"https://{here}/{way}/{about.code}" for way in Way}, "token": self._feeds.token
            },
            "trust": f"http://{here}{trust.PATH}",
            "authority": self._certificates.authority.fingerprint,
            "port": self._port.number,
            "pid": self._estate.keeper,
            "children": {CONTROL: os.getpid(), **children} if os.getpid() != self._estate.keeper else dict(children),
            "host_token": self._estate.host_token,
            "began": self._meeting.began,
        }

    def _issued(self) -> Identity:
        return self._certificates.issue(self._addresses, addresses.local_names(self._certificates.pin))

    def _names(self) -> frozenset[str]:
        """What a browser may call us, besides our addresses."""
        local = addresses.local_names(self._certificates.pin)
        return frozenset({"localhost", addresses.host_name().lower(), *local})

    async def _check_firewall(self) -> None:
        """Reading its rules may take seconds, so people can join meanwhile."""
        report = await asyncio.to_thread(firewall.judge, self._arrival, self._port.number)
        self._announcer.firewall(report.open, report.sentence(self._port.number), report.rules)

    async def _follow_addresses(self, beacon: Beacon) -> None:
        """Announcement, certificate and answers name the addresses of now; links already given keep their pin."""
        try:
            await self._announce(beacon)
            while True:
                await asyncio.sleep(ADDRESSES_EVERY)
                await self._look_around(beacon)
        finally:
            await beacon.close()

    async def _announce(self, beacon: Beacon) -> None:
        if self._options.listed:
            await beacon.move(self._addresses)

    async def _look_around(self, beacon: Beacon) -> None:
        self._named = self._names()
        now = addresses.reachable(self._options.binds)
        if now == self._addresses:
            return
        log.info("addresses changed", extra={"count": len(now)})
        self._addresses = now
        self._issued().load_into(self._tls)
        self._meeting.host = self._host_side()
        await self._announce(beacon)


def _exported(archive: Archive) -> Path | None:
    """What a full disk keeps from being written now is written at the next start."""
    try:
        return archive.end()
    except (OSError, UserError) as error:
        log.error("transcript not exported", extra={"why": str(error)})
        return None


async def _finish(conference: Conference, inference: Inference) -> None:
    """People are told first; then those who were speaking get their last words captioned."""
    conference.end("The host ended the meeting.")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS):
            await inference.drained()
    await conference.settled()


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        waiting = {tasks.create_task(event.wait(), name="host.wait") for event in (one, other)}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise _cannot_start() from None


def _cannot_start() -> UserError:
    return UserError(
        ErrorCode.UNSUPPORTED,
        "The program that forwards sound and picture did not start. Run `parley doctor` to see what is missing.",
    )
