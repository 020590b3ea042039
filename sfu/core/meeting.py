"""A meeting's judgement: who is here, who may do what, whose speech may be captioned.

Clients, the forwarder, the handshakes and the captions workers report what happened; a `Meeting` answers with
effects, in order.  It never sends, never waits and reads no clock.  A message that may not be acted on raises
`UserError` or `PeerFault` and changes nothing, so one bad client costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sfu.core import permissions
from sfu.core.cameras import Cameras
from sfu.core.captioning import Captioning
from sfu.core.captions import Heard
from sfu.core.captions_health import ON_TIME, Pace
from sfu.core.chat import Chat
from sfu.core.checks import Checks
from sfu.core.connections import Connections
from sfu.core.effects import CloseMedia, Dismiss, Effect, Finish, Keep, Tell, TellAll, TuneStream
from sfu.core.emotions import Emotions
from sfu.core.floor import Floor
from sfu.core.heirs import heir
from sfu.core.histories import histories
from sfu.core.inheritance import Inheritance
from sfu.core.lobby import Lobby
from sfu.core.negotiation import HostSide, Identities
from sfu.core.paths import Paths
from sfu.core.person import Input, Person
from sfu.core.recording import Recording
from sfu.core.records import Came, Deed, FileIs, Record, RecordingBegan, Said, Went, WordsCorrected
from sfu.core.roles import Roles
from sfu.core.room import Decided, Room
from sfu.core.rules import Rules
from sfu.core.shared_files import SharedFiles
from sfu.core.takers import Takers
from sfu.core.tickets import Ticket, UsedTickets
from sfu.core.words import Words
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

_OWNER = Person("host", "The host", wire.Role.HOST, wire.ClientKind.HEADLESS, order=0, owner=True)


class Meeting:
    """Instants are seconds on the host's monotonic clock; meeting time 0 is `began`."""

    def __init__(self, about: wire.Meeting, rules: Rules, host: HostSide, identities: Identities, began: float) -> None:
        self.about = about
        self.host = host
        """How clients reach us; replaced when the computer's addresses change."""
        self.began = began
        self._room = Room(began, wire.Policy(accounts_only=rules.accounts_only))
        self._people = self._room.people
        self._chat = Chat(self._room, rules.first)
        self.files = SharedFiles(self._room, identities)
        self._floor = Floor(self._room)
        self._lobby = Lobby(self._room, rules.capacity, rules.first)
        self._roles = Roles(self._room)
        self._words = Words(self._room)
        self.emotions = Emotions(self._room, rules.emotions)
        """What inference sees is reported here."""
        self.paths = Paths(self._room)
        """What the forwarder counts is reported here."""
        self.checks = Checks(self._room, identities)
        """What workers make of checks is reported here."""
        self.recording = Recording(self._room)
        """What the recorder says is reported here."""
        self.inheritance = Inheritance(self._chat, self._words, self.files, self.recording)
        """What is known of an earlier life is reported here."""
        self._tickets = UsedTickets()
        captions = wire.CaptionsState(
            on=rules.captions, available=False, model=rules.model, glossary=list(rules.glossary),
            translates=rules.translates,
        )
        self._captioning = Captioning(self._room, self._words, captions)
        self._takers = Takers(self._captioning, self.emotions, self.checks, self.recording)
        self._connections = Connections(self._room, identities, self._takers)
        self._cameras = Cameras(self._room)
        self._table = self._every_rule()

    @property
    def decided(self) -> Decided:
        return Decided(
            self._room.policy, tuple(sorted(self._room.barred)), self._captioning.state.on,
            tuple(heir(person) for person in self._people.values()), self.recording.state, self.recording.name,
        )  # fmt: skip

    def take_up(self, decided: Decided) -> None:
        """Before anybody has joined: how the last life of this meeting was run."""
        self._room.policy = decided.policy
        self._room.barred = set(decided.barred)
        self._room.returning = {heir.address for heir in decided.present}
        self.inheritance.take_up(decided.present)
        self._captioning.turn(decided.captions, at=0.0)
        self.recording.take_up(decided.recording, decided.recorded_as)

    def all_returned(self) -> None:
        """From now on everybody who comes is new."""
        self._room.returning.clear()
        self.inheritance.forget()

    # -- coming and going ------------------------------------------------------------------------------------

    def require_entry(self, address: str, role: wire.Role, account: str | None = None) -> None:
        """Raises UserError when nobody, or not somebody from there, may join now."""
        self._lobby.require_place()
        if role is not wire.Role.HOST:
            self._lobby.require_open(address, account)

    def admit(self, ticket: Ticket, client: wire.ClientKind, now: float, wall: float) -> tuple[str, list[Effect]]:
        """A client showed a genuine ticket; `wall` is wall-clock time.  Raises UserError when it is not let in.

        They are in the meeting then, or in the lobby (`waiting`).
        """
        self.require_entry(ticket.address, ticket.role, ticket.account)
        self._tickets.use(ticket, self.about.id, wall)
        replaced = self._replaced(ticket, self._time(now))
        person = self._lobby.newcomer(ticket, client, self._roles.on_joining(ticket.role, ticket.account))
        replaced += self.inheritance.come(person, ticket, self._time(now))
        if self._lobby.holds(person):
            return person.id, [*replaced, *self._lobby.wait(person, self.about, self._time(now))]
        return person.id, [*replaced, *self._enter(person, self._time(now))]

    def _replaced(self, ticket: Ticket, at: float) -> list[Effect]:
        """Whoever lost their socket and comes in anew does not meet themselves."""
        before = self._lobby.lost(ticket)
        return [*self._gone(before, "", at), Dismiss(before.id)] if before is not None else []

    def with_key(self, key: str) -> str | None:
        """Who in the meeting has this secret."""
        return next((person.id for person in self._people.values() if person.key and person.key == key), None)

    @property
    def policy(self) -> wire.Policy:
        return self._room.policy

    def waits(self, participant: str) -> bool:
        return participant in self._room.waiting

    def _enter(self, person: Person, at: float) -> list[Effect]:
        self._people[person.id] = person
        welcome = wire.Welcome(
            protocol=wire.PROTOCOL,
            you=person.id,
            meeting=self.about,
            roster=self.roster(),
            captions=self._captioning.state,
            policy=self._room.policy,
            key=person.key or None,
            emotions=self.emotions.state,
            checks=self.checks.state,
            recording=self.recording.state,
            now=at,
        )
        past = histories(self._chat.seen_by(person), self.files.seen_by(person), self._words.for_late())
        effects: list[Effect] = [Tell(person.id, welcome), *(Tell(person.id, part) for part in past)]
        if person.moderates and self._room.waiting:
            effects.append(Tell(person.id, self._room.lobby()))
        came = Came(person.id, person.name, person.role, person.client, at, person.account)
        joined = TellAll(wire.Joined(participant=person.shown()), but=person.id)
        return [*effects, joined, Keep(came), *self._captioning.match()]

    def _let_in(self, by: Person, message: wire.Admit, at: float) -> list[Effect]:
        effects: list[Effect] = []
        for person in self._lobby.called(message):
            effects += [*self._enter(person, at), Keep(Deed(by.id, by.name, "admit", person.id, at))]
        return [*effects, *self._lobby.told()] if effects else []

    @property
    def crowd(self) -> int:
        """How many people are in it."""
        return len(self._people)

    def roster(self) -> list[wire.Participant]:
        return [person.shown() for person in self._people.values()]

    def lost(self, participant: str) -> bool:
        """Their socket is gone; whether they are in the meeting, and so may come back."""
        person = self._people.get(participant)
        if person is not None:
            person.lost = True
        return person is not None

    def resume(self, back: wire.Resume, heard: int, now: float) -> tuple[wire.Resumed, list[Effect]]:
        """Who came back on another socket, or was dismissed meanwhile and will be told so."""
        person, effects = self._people.get(back.participant), list[Effect]()
        if person is not None:
            person.lost = False
            if person.has_media and not back.media:
                effects = self._connections.drop(person)
        flows = person is not None and person.has_media
        return wire.Resumed(you=back.participant, media=flows, heard=heard, now=self._time(now)), effects

    def left(self, participant: str, reason: str, now: float) -> list[Effect]:
        """Their socket is gone for good, or they said so.  Nothing if they are not here."""
        if (waiter := self._room.waiting.get(participant)) is not None:
            return self._lobby.gone(waiter)
        person = self._people.get(participant)
        gone = self._gone(person, reason, self._time(now)) if person is not None else []
        return [*gone, *self._cameras.match()]

    def _gone(self, person: Person, reason: str, at: float) -> list[Effect]:
        del self._people[person.id]
        effects = self._takers.close(person, "left")
        if person.has_media:
            effects.append(CloseMedia(person.id))
        person.handle(Input.LEFT)
        told = TellAll(wire.Left(participant=person.id, reason=reason))
        return [*effects, told, *self._captioning.match(), Keep(Went(person.id, at))]

    def end(self, reason: str, now: float) -> list[Effect]:
        """For everybody, whoever decided it."""
        everybody = [*self._people, *self._room.waiting]
        goodbyes = [effect for participant in everybody for effect in self._goodbye(participant, now)]
        recorded = self.recording.over(self._time(now))
        return [*recorded, TellAll(wire.Ended(reason=reason)), *goodbyes, Finish()]

    def _goodbye(self, participant: str, now: float) -> list[Effect]:
        silent = [effect for effect in self.left(participant, "", now) if not isinstance(effect, TellAll | TuneStream)]
        return [*silent, Dismiss(participant)]

    def _remove(self, by: Person, message: wire.Remove, at: float) -> list[Effect]:
        person = self._roles.removable(by, message)
        goodbye = wire.Error(code=ErrorCode.REMOVED, sentence=f"{by.name} removed you from the meeting.", fatal=True)
        deed = Keep(Deed(by.id, by.name, "bar" if message.bar else "remove", person.id, at))
        gone = self._gone(person, "Removed from the meeting.", at)
        return [Tell(person.id, goodbye), *gone, Dismiss(person.id), deed]

    # -- what clients say ------------------------------------------------------------------------------------

    def handle(self, participant: str, message: wire.ClientMessage, now: float) -> list[Effect]:
        """Raises UserError or PeerFault, and then nothing has changed."""
        person = self._people.get(participant)
        if person is None:
            return self._lobby.answer(participant, message, self._time(now))
        return [*self._obey(person, message, now), *self._cameras.match()]

    def command(self, message: wire.ClientMessage, now: float) -> list[Effect]:
        """As `handle`, from whoever sits at the host's computer, who need not be in the meeting."""
        return self._obey(_OWNER, message, now)

    def _obey(self, person: Person, message: wire.ClientMessage, now: float) -> list[Effect]:
        permissions.check(person, message, self._room.policy)
        match message:
            case wire.Offer():
                return self._connections.offer(person, message, self.host)
            case wire.SetMedia():
                return [*self._floor.set_media(person, message), *self._takers.match_faces()]
            case wire.Watch():
                return self._connections.watch(person, message)
            case wire.SetCaptions():
                return self._captioning.turn(message.on, self._time(now))
            case wire.Leave():
                return [*self.left(person.id, "", now), Dismiss(person.id)]
            case wire.End():
                return self.end(f"{person.name} ended the meeting.", now)
            case wire.Ping():
                return [Tell(person.id, wire.Pong(n=message.n, now=self._time(now)))]
            case wire.Join() | wire.Resume():
                raise UserError(ErrorCode.BAD_SEQUENCE, "You have already joined this meeting.")
            case _:
                return self._table[type(message)](person, message, self._time(now))

    def _every_rule(self) -> dict[type[wire.Message], Callable[[Person, Any, float], list[Effect]]]:
        """What is said about the meeting itself and the people in it; each rule gets the meeting time."""
        return {
            wire.Say: self._chat.say,
            wire.DeleteChat: self._chat.delete,
            wire.OfferFile: self.files.offer,
            wire.GetFile: self.files.get,
            wire.WithdrawFile: self.files.withdraw,
            wire.Hand: self._floor.hand,
            wire.LowerHands: self._floor.lower_hands,
            wire.SetSpotlight: self._floor.spotlight,
            wire.React: self._floor.react,
            wire.Mute: self._mute,
            wire.AskUnmute: self._floor.ask_unmute,
            wire.Correct: self._words.correct,
            wire.AnswerConsent: self._captioning.consent,
            wire.SetGlossary: self._captioning.glossary,
            wire.SetSpoken: self._captioning.spoken,
            wire.SetTranslation: self._captioning.translation,
            wire.SetPolicy: self._set_policy,
            wire.ShareEmotions: self.emotions.share,
            wire.AskCheck: self.checks.ask,
            wire.AnswerCheck: self.checks.answer,
            wire.AllowChecks: self.checks.allow,
            wire.CancelCheck: self.checks.cancel,
            wire.Record: self.recording.turn,
            wire.AnswerRecording: self.recording.answer,
            wire.SetPasscode: self._lobby.set_passcode,
            wire.Admit: self._let_in,
            wire.Deny: self._lobby.deny,
            wire.SetRole: self._roles.set_role,
            wire.Remove: self._remove,
        }

    def _mute(self, by: Person, message: wire.Mute, at: float) -> list[Effect]:
        return [*self._floor.mute(by, message, at), *self._takers.match_faces()]

    def _set_policy(self, by: Person, message: wire.SetPolicy, at: float) -> list[Effect]:
        self.emotions.check(message)
        return [
            *self._lobby.set_policy(by, message, at), *self.emotions.policy_changed(at), *self.checks.policy_changed()
        ]

    def not_kept(self, record: Record) -> list[Effect]:
        """Something needed could not be written down: it did not happen, and who did it is told."""
        sentence = "There is no room to save that. Ask the host to free some space on the disk."
        error = wire.Error(code=ErrorCode.DISK_FULL, sentence=sentence)
        match record:
            case Said(message):
                self._chat.forget(message)
                return [Tell(message.sender, error)]
            case FileIs(file):
                self.files.forget(file)
                return [Tell(file.owner, error)]
            case WordsCorrected():
                self._words.undo(record)
                return [Tell(record.by, error)]
            case RecordingBegan():
                return self.recording.not_begun()
        return []

    # -- what the media plane says (see `connections`) --------------------------------------------------------

    def secured(self, keys: link.SetKeys) -> list[Effect]:
        return self._connections.secured(keys)

    def media_lost(self, peer: str, sentence: str) -> list[Effect]:
        return [*self._connections.lost(peer, sentence), *self._cameras.match()]

    def forwarder_ready(self) -> None:
        self._connections.forwarder_ready()

    def forwarder_paused(self) -> list[Effect]:
        return self._connections.forwarder_paused()

    def forwarder_lost(self, sentence: str) -> list[Effect]:
        return self._connections.forwarder_lost(sentence)

    def slots_changed(self, event: link.SlotsChanged) -> list[Effect]:
        if event.peer not in self._people:
            return []
        shows = [wire.SlotShows(mid=slot.mid, source=slot.source) for slot in event.shows]
        return [Tell(event.peer, wire.Slots(shows=shows))]

    def layers_wanted(self, event: link.LayersWanted) -> list[Effect]:
        if event.peer not in self._people:
            return []
        return [Tell(event.peer, wire.Layers(source=event.source, wanted=event.wanted))]

    def speaking(self, event: link.Speaking) -> list[Effect]:
        speakers = [source.partition("/")[0] for source in event.sources]
        return [TellAll(wire.Speaking(participants=[s for s in speakers if s in self._people]))]

    # -- what inference says (see `captioning`) ---------------------------------------------------------------

    def inference(self, up: bool, available: bool, sentence: str, pace: Pace = ON_TIME) -> list[Effect]:
        return self._captioning.inference(up, available, sentence, pace)

    def workers(self, workers: Sequence[wire.CaptionsWorker]) -> list[Effect]:
        return self._captioning.workers(workers)

    def heard(self, heard: Heard) -> list[Effect]:
        effects = self._captioning.heard(heard)
        for caption in effects:
            if isinstance(caption, TellAll) and isinstance(caption.message, wire.Caption):
                self.checks.heard(caption.message)
        return effects

    def translated(self, stream: str, segment: int, text: str) -> list[Effect]:
        return self._captioning.translated(stream, segment, text)

    def interrupted(self, streams: Iterable[str]) -> list[Effect]:
        return self._captioning.interrupted(streams)

    def notice(self, code: str, sentence: str) -> list[Effect]:
        return [TellAll(wire.Notice(code=code, sentence=sentence))]

    def work(self, task: wire.Task) -> list[Effect]:
        """Something that is done for this meeting in the background got on."""
        return self._room.tell_moderators(wire.TaskChanged(task=task))

    def moderates(self, participant: str | None) -> bool:
        return participant in self._people and self._people[participant].moderates

    # -- small things ----------------------------------------------------------------------------------------

    def _time(self, now: float) -> float:
        return self._room.time(now)
