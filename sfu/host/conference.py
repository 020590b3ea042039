"""A `Meeting` and the hands that do what it decides.

Sockets, the forwarder and inference report here; every report is one call of the pure core, and its effects are
done in order (`ordering`): here, or where sound and picture are carried and read (`machinery`).  Only the store and
DTLS handshakes take time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from sfu.core.captions import Heard
from sfu.core.captions_health import Health
from sfu.core.check_results import Weighed
from sfu.core.effects import (
    BeginRecording,
    Dismiss,
    DropFile,
    Effect,
    EndRecording,
    Finish,
    Keep,
    KeepGlossary,
    KeepPasscode,
    LinkFile,
    Tell,
    TellAll,
    Wake,
)
from sfu.core.emotions import Seen
from sfu.core.meeting import Meeting
from sfu.core.records import Record
from sfu.core.tickets import Ticket
from sfu.host.clock import steady
from sfu.host.dtls import DtlsCertificate
from sfu.host.handshakes import Handshakes
from sfu.host.machinery import Forwarder, Machinery, Streams
from sfu.host.mailbox import Mailbox
from sfu.host.ordering import Ordering
from sfu.host.owed import Owed, Records
from sfu.host.places import Places
from sfu.host.watching import Watch, Watchers
from sfu.link import messages as link
from sfu.rtp.errors import UserError
from sfu.wire import messages as wire

log = logging.getLogger("sfu.host.conference")

_FULL = "There is no room to save the transcript. Free some space on the host's disk."


class Writes(Protocol):
    """Where those who agreed are recorded."""

    def begin(self, recording: str, zero: float) -> None: ...

    def finish(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Connect:
    """From here on this mailbox is that participant's."""

    participant: str
    mailbox: Mailbox


@dataclass(frozen=True, slots=True)
class _Disconnect:
    participant: str


_Deed = Effect | _Connect | _Disconnect | Watch


class Conference:
    """`finished` is set when the meeting is over for everybody."""

    def __init__(
        self, meeting: Meeting, certificate: DtlsCertificate, forwarder: Forwarder, streams: Streams, records: Records
    ) -> None:
        self.meeting = meeting
        self.finished = asyncio.Event()
        self.snapshot: link.Snapshot | None = None
        """What the forwarder last told about itself."""
        self._handshakes = Handshakes(certificate, forwarder.order)
        self._machinery = Machinery(forwarder, self._handshakes, streams)
        self._owed = Owed(records)
        self._ordering: Ordering[_Deed] = Ordering(self._keep, self._do, self._not_kept)
        self.set_passcode: Callable[[str], None] = lambda passcode: None
        """What keeps the meeting's passcode; the door is told of it here."""
        self.keep_glossary: Callable[[Sequence[str]], None] = lambda terms: None
        """Where the glossary outlives the meeting."""
        self.link_file: Callable[[str], str] = lambda file: ""
        """Where a file can be had for a while."""
        self.drop_file: Callable[[str], None] = lambda file: None
        self.changed: Callable[[], None] = lambda: None
        """Called when something about the meeting may have changed, after what followed from it was done."""
        self.recorder: Writes | None = None
        """Without one nothing is recorded, whatever people are told."""
        self._disk_full = False
        self._mailboxes: dict[str, Mailbox] = {}
        self._places = Places()
        self._inside: set[str] = set()
        """Who has been welcomed, and hears what all are told."""
        self.watchers = Watchers()

    async def run(self) -> None:
        """Does the handshakes, until cancelled."""
        await self._handshakes.run(self)

    # -- clients ---------------------------------------------------------------------------------------------

    def admit(self, ticket: Ticket, client: wire.ClientKind, mailbox: Mailbox) -> str:
        """The participant's id; raises UserError when the meeting does not let them in."""
        participant, effects = self.meeting.admit(ticket, client, time.monotonic(), steady())
        self._places.take(participant, ticket.key, mailbox)
        self._perform([_Connect(participant, mailbox), *effects])
        self.changed()
        log.info("participant joined", extra={"participant": participant, "client": client})
        return participant

    def said(self, participant: str, message: wire.ClientMessage) -> None:
        """Raises UserError or PeerFault, for this client alone."""
        self._perform(self.meeting.handle(participant, message, time.monotonic()))
        self.changed()

    def command(self, message: wire.ClientMessage) -> None:
        """From whoever sits at this computer, by HTTP.  Raises UserError."""
        self._perform(self.meeting.command(message, time.monotonic()))
        self.changed()

    def file_arrived(self, file: str, received: int) -> None:
        """So many bytes of it are on the disk."""
        self._perform(self.meeting.files.received(file, received))

    def file_complete(self, file: str, intact: bool) -> None:
        """All of it is here; `intact`: it is what its hash promised."""
        self._perform(self.meeting.files.complete(file, intact))

    def lost(self, participant: str, reason: str) -> None:
        """The socket is gone, and nobody meant it: they may come back to their place for a while."""
        here = self.meeting.lost(participant)
        if not here or not self._places.lost(participant, lambda: self.left(participant, reason)):
            self.left(participant, reason)
            return
        log.info("socket lost", extra={"participant": participant})

    def resume(self, back: wire.Resume) -> tuple[Mailbox, wire.Resumed]:
        """Whose socket was lost, with another.  Raises UserError(GONE) or PeerFault."""
        try:
            mailbox = self._places.resume(back)
        except UserError:
            self.meeting.inheritance.show(back.participant, back.key)
            raise
        resumed, effects = self.meeting.resume(back, mailbox.heard, time.monotonic())
        self._perform(effects)
        log.info("socket resumed", extra={"participant": back.participant})
        return mailbox, resumed

    def left(self, participant: str, reason: str) -> None:
        """They hung up, or did not come back."""
        self._places.free(participant)
        effects = self.meeting.left(participant, reason, time.monotonic())
        self._perform([_Disconnect(participant), *effects])
        self.changed()
        log.info("participant left", extra={"participant": participant})

    def end(self, reason: str) -> None:
        if not self.finished.is_set():
            self._perform(self.meeting.end(reason, time.monotonic()))

    def go_on(self) -> None:
        """With what the last control process was doing when it died."""
        self._perform(self.meeting.recording.go_on(time.monotonic()))

    def hold(self, about: wire.Meeting) -> None:
        """A planned meeting is held in the place of the one that nobody is in."""
        self.watchers.end_all()
        self.meeting.about = about
        self.changed()

    def watch(self, places: set[str] | None) -> Watch:
        """From what is decided now on, until its end (see `watching`)."""
        watch = Watch(self.meeting.roster(), places)
        self._perform([watch])
        return watch

    async def settled(self) -> None:
        """Returns when everything that was decided is stored and told."""
        await self._ordering.settled()

    # -- the forwarder ---------------------------------------------------------------------------------------

    def forwarded(self, event: link.Event) -> None:
        match event:
            case link.Dtls():
                self._handshakes.arrived(event)
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
                self.snapshot = event.completed(self.snapshot)
                self._perform(self.meeting.paths.told(event))
            case link.PeerValidated():
                log.debug("forwarder reports", extra={"event": event.type})

    def forwarder_paused(self) -> None:
        self._perform(self.meeting.forwarder_paused())

    def forwarder_lost(self, sentence: str) -> None:
        self._perform(self.meeting.forwarder_lost(sentence))

    def secured(self, keys: link.SetKeys) -> None:
        self._perform(self.meeting.secured(keys))

    def not_secured(self, peer: str, sentence: str) -> None:
        """Their handshake failed."""
        self._perform(self.meeting.media_lost(peer, sentence))

    # -- inference -------------------------------------------------------------------------------------------

    def inference(self, health: Health) -> None:
        self._perform(self.meeting.inference(health.up, health.available, health.sentence, health.pace))

    def workers(self, workers: Sequence[wire.CaptionsWorker]) -> None:
        self._perform(self.meeting.workers(workers))

    def heard(self, heard: Heard) -> None:
        self._perform(self.meeting.heard(heard))

    def translated(self, stream: str, segment: int, text: str) -> None:
        self._perform(self.meeting.translated(stream, segment, text))

    def interrupted(self, streams: Sequence[str]) -> None:
        self._perform(self.meeting.interrupted(streams))

    def sight(self, up: bool) -> None:
        self._perform(self.meeting.emotions.inference(up))

    def sight_available(self, available: bool, sentence: str, workers: Sequence[wire.CaptionsWorker]) -> None:
        self._perform(self.meeting.emotions.available(available, sentence, workers))

    def sight_began(self) -> None:
        self._perform(self.meeting.emotions.worker_began())

    def saw(self, seen: Seen) -> None:
        self._perform(self.meeting.emotions.seen(seen))

    def blind(self, stream: str) -> None:
        self._perform([*self.meeting.emotions.wants_keyframe(stream), *self.meeting.checks.wants_keyframe(stream)])

    def checks_available(self, possible: bool, sentence: str, workers: Sequence[wire.CaptionsWorker]) -> None:
        self._perform(self.meeting.checks.available(possible, sentence, workers, time.monotonic()))

    def weighed(self, weighed: Weighed) -> None:
        self._perform(self.meeting.checks.weighed(weighed))

    def _wake(self) -> None:
        self._perform(self.meeting.checks.wake(time.monotonic()))

    def recording_needs_keyframe(self, stream: str) -> None:
        self._perform(self.meeting.recording.wants_keyframe(stream))

    def recording_stopped(self, sentence: str) -> None:
        log.error("recording stopped")
        self._perform(self.meeting.recording.stopped(sentence, time.monotonic()))

    def notice(self, code: str, sentence: str) -> None:
        self._perform(self.meeting.notice(code, sentence))

    def work(self, task: wire.Task) -> None:
        self._perform(self.meeting.work(task))

    # -- doing -----------------------------------------------------------------------------------------------

    def _perform(self, effects: Iterable[_Deed]) -> None:
        self._ordering.perform(effects)

    def _do(self, effect: _Deed) -> None:
        match effect:
            case Tell(to, message):
                self._tell(to, message)
            case TellAll(message, but):
                for participant in self._inside - {but}:
                    self._tell(participant, message)
                self.watchers.tell(message)
            case Wake(at):
                asyncio.get_running_loop().call_later(max(0.0, at - time.monotonic()), self._wake)
            case BeginRecording(recording, at):
                if self.recorder is not None:
                    self.recorder.begin(recording, self.meeting.began + at)
            case EndRecording():
                if self.recorder is not None:
                    self.recorder.finish()
            case KeepPasscode(passcode):
                self.set_passcode(passcode)
            case LinkFile(to, file):
                self._tell(to, wire.FileLink(file=file, path=self.link_file(file)))
            case DropFile(file):
                self.drop_file(file)
            case KeepGlossary(terms):
                self.keep_glossary(terms)
            case _Connect(participant, mailbox):
                self._mailboxes[participant] = mailbox
            case _Disconnect(participant):
                self._disconnect(participant)
            case Watch():
                self.watchers.begin(effect)
            case Dismiss(participant):
                self._dismiss(participant)
            case Finish():
                self.watchers.end_all()
                self.finished.set()
            case _:
                self._machinery.do(effect)

    def _tell(self, participant: str, message: wire.HostMessage) -> None:
        if mailbox := self._mailboxes.get(participant):
            if isinstance(message, wire.Welcome):
                self._inside.add(participant)
            mailbox.post(message)

    def _disconnect(self, participant: str) -> Mailbox | None:
        self._inside.discard(participant)
        self.watchers.left(participant)
        return self._mailboxes.pop(participant, None)

    def _dismiss(self, participant: str) -> None:
        """Whose socket is lost just now is told why when they come back."""
        if (dismissed := self._disconnect(participant)) is not None:
            dismissed.close()
        if not self._places.is_lost(participant):
            self._places.free(participant)

    def _keep(self, kept: Sequence[Record]) -> Future[None]:
        stored = self._owed.keep(kept)
        stored.add_done_callback(self._stored)
        return stored

    def _stored(self, stored: Future[None]) -> None:
        if stored.exception() is None:
            self._disk_full = False

    def _not_kept(self, keeps: list[Keep], error: Exception) -> list[Effect]:
        """What is done instead.  A full disk must not stop the meeting; people are told once."""
        if not isinstance(error, UserError):
            raise error
        if not any(keep.needed for keep in keeps):
            self._owed.owe([keep.record for keep in keeps])
        effects: list[Effect] = [
            effect for keep in keeps if keep.needed for effect in self.meeting.not_kept(keep.record)
        ]
        if not self._disk_full:
            self._disk_full = True
            log.error("records not kept", extra={"code": error.code})
            effects += self.meeting.notice("disk_full", _FULL)
        return effects
