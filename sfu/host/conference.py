"""A `Meeting` and the hands that do what it decides.

Sockets, the forwarder and inference report here; every report is one call of the pure core, and its effects are
done at once, in order, without waiting.  Only DTLS handshakes take time; each has a task.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from sfu.core.captions import Heard
from sfu.core.captions_health import Health
from sfu.core.effects import (
    CloseMedia,
    CloseStream,
    Dismiss,
    Effect,
    Finish,
    Instruct,
    Keep,
    KeepGlossary,
    KeepPasscode,
    OpenMedia,
    OpenStream,
    Tell,
    TellAll,
    TuneStream,
    Tuning,
)
from sfu.core.meeting import Meeting
from sfu.core.records import Record
from sfu.core.tickets import Ticket
from sfu.host.dtls import DtlsCertificate, Handshake
from sfu.host.journal import Journal
from sfu.host.mailbox import Mailbox
from sfu.link import messages as link
from sfu.rtp.errors import PeerFault
from sfu.wire import messages as wire

log = logging.getLogger("sfu.host.conference")


class Forwarder(Protocol):
    def order(self, order: link.Order) -> None: ...


class Streams(Protocol):
    """Where consented speech is captioned."""

    def open(self, stream: str, tuning: Tuning) -> None: ...

    def tune(self, stream: str, tuning: Tuning) -> None: ...

    def close(self, stream: str) -> None: ...


class Conference:
    """`finished` is set when the meeting is over for everybody."""

    def __init__(
        self, meeting: Meeting, certificate: DtlsCertificate, forwarder: Forwarder, streams: Streams, journal: Journal
    ) -> None:
        self.meeting = meeting
        self.finished = asyncio.Event()
        self.snapshot: link.Snapshot | None = None
        """What the forwarder last told about itself."""
        self._certificate = certificate
        self._forwarder = forwarder
        self._streams = streams
        self._journal = journal
        self.set_passcode: Callable[[str], None] = lambda passcode: None
        """What keeps the meeting's passcode; the door is told of it here."""
        self.keep_glossary: Callable[[Sequence[str]], None] = lambda terms: None
        """Where the glossary outlives the meeting."""
        self._disk_full = False
        self._mailboxes: dict[str, Mailbox] = {}
        self._handshakes: dict[str, Handshake] = {}
        self._agreed: asyncio.Queue[Handshake] = asyncio.Queue()

    async def run(self) -> None:
        """Does the handshakes, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                handshake = await self._agreed.get()
                tasks.create_task(self._secure(handshake), name=f"dtls.{handshake.peer}")

    # -- clients ---------------------------------------------------------------------------------------------

    def admit(self, ticket: Ticket, client: wire.ClientKind, mailbox: Mailbox) -> str:
        """The participant's id; raises UserError when the meeting does not let them in."""
        participant, effects = self.meeting.admit(ticket, client, time.monotonic(), time.time())
        self._mailboxes[participant] = mailbox
        self._perform(effects)
        log.info("participant joined", extra={"participant": participant, "client": client})
        return participant

    def said(self, participant: str, message: wire.ClientMessage) -> None:
        """Raises UserError or PeerFault, for this client alone."""
        self._perform(self.meeting.handle(participant, message, time.monotonic()))

    def left(self, participant: str, reason: str) -> None:
        """The socket is gone, whoever closed it."""
        self._mailboxes.pop(participant, None)
        self._perform(self.meeting.left(participant, reason))
        log.info("participant left", extra={"participant": participant})

    def end(self, reason: str) -> None:
        if not self.finished.is_set():
            self._perform(self.meeting.end(reason))

    # -- the forwarder ---------------------------------------------------------------------------------------

    def forwarded(self, event: link.Event) -> None:
        match event:
            case link.Dtls():
                if handshake := self._handshakes.get(event.peer):
                    handshake.arrived(event.datagram)
            case link.SlotsChanged():
                self._perform(self.meeting.slots_changed(event))
            case link.LayersWanted():
                self._perform(self.meeting.layers_wanted(event))
            case link.Speaking():
                self._perform(self.meeting.speaking(event))
            case link.PeerLost():
                log.info("media lost", extra={"participant": event.peer, "code": event.code})
                self._perform(self.meeting.media_lost(event.peer, event.sentence))
            case link.Ready():
                self.meeting.forwarder_ready()
            case link.Snapshot():
                self.snapshot = event
            case link.PeerValidated():
                log.debug("forwarder reports", extra={"event": event.type})

    def forwarder_paused(self) -> None:
        self._perform(self.meeting.forwarder_paused())

    def forwarder_lost(self, sentence: str) -> None:
        self._perform(self.meeting.forwarder_lost(sentence))

    async def _secure(self, handshake: Handshake) -> None:
        """One handshake to its end.  One that was replaced or given up meanwhile is nobody's news."""
        try:
            keys = await handshake.keys()
        except PeerFault as fault:
            if self._handshakes.get(handshake.peer) is handshake:
                log.info("handshake failed", extra={"participant": handshake.peer})
                self._perform(self.meeting.media_lost(handshake.peer, fault.sentence))
        else:
            if self._handshakes.get(handshake.peer) is handshake:
                self._perform(self.meeting.secured(keys))

    # -- inference -------------------------------------------------------------------------------------------

    def inference(self, health: Health) -> None:
        self._perform(self.meeting.inference(health.up, health.available, health.sentence, health.pace))

    def workers(self, workers: Sequence[wire.CaptionsWorker]) -> None:
        self._perform(self.meeting.workers(workers))

    def heard(self, heard: Heard) -> None:
        self._perform(self.meeting.heard(heard))

    def interrupted(self, streams: Sequence[str]) -> None:
        self._perform(self.meeting.interrupted(streams))

    def notice(self, code: str, sentence: str) -> None:
        self._perform(self.meeting.notice(code, sentence))

    # -- doing -----------------------------------------------------------------------------------------------

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Tell(to, message):
                    self._tell(to, message)
                case TellAll(message, but):
                    for participant in self._mailboxes:
                        if participant != but and not self.meeting.waits(participant):
                            self._tell(participant, message)
                case Instruct(order):
                    self._forwarder.order(order)
                case OpenMedia():
                    self._open_media(effect)
                case CloseMedia(peer):
                    self._close_media(peer)
                case OpenStream(stream, tuning):
                    self._streams.open(stream, tuning)
                case TuneStream(stream, tuning):
                    self._streams.tune(stream, tuning)
                case CloseStream(stream):
                    self._streams.close(stream)
                case Keep(record, needed):
                    if not self._keep(record) and needed:
                        self._perform(self.meeting.not_kept(record))
                        return
                case KeepPasscode(passcode):
                    self.set_passcode(passcode)
                case KeepGlossary(terms):
                    self.keep_glossary(terms)
                case Dismiss(participant):
                    if mailbox := self._mailboxes.pop(participant, None):
                        mailbox.close()
                case Finish():
                    self.finished.set()

    def _tell(self, participant: str, message: wire.HostMessage) -> None:
        if mailbox := self._mailboxes.get(participant):
            mailbox.post(message)

    def _open_media(self, agreed: OpenMedia) -> None:
        peer = agreed.peer.peer
        self._forwarder.order(agreed.peer)

        def send(datagram: bytes) -> None:
            if self._handshakes.get(peer) is handshake:
                self._forwarder.order(link.Dtls(peer=peer, datagram=datagram))

        handshake = Handshake(peer, self._certificate, agreed.fingerprints, send)
        self._handshakes[peer] = handshake
        self._agreed.put_nowait(handshake)

    def _close_media(self, peer: str) -> None:
        self._forwarder.order(link.RemovePeer(peer=peer))
        if handshake := self._handshakes.pop(peer, None):
            handshake.close()

    def _keep(self, record: Record) -> bool:
        """Whether it is safe now.  A full disk must not stop the meeting; people are told once."""
        try:
            self._journal.keep(record)
            self._disk_full = False
            return True
        except OSError as error:
            if not self._disk_full:
                self._disk_full = True
                log.error("transcript line not kept", extra={"why": error.strerror})
                self.notice("disk_full", "There is no room to save the transcript. Free some space on the host's disk.")
            return False
