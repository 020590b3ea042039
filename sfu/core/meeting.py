"""A meeting's judgement: who is here, who may do what, whose speech may be captioned.

Clients, the forwarder, the handshakes and the captions workers report what happened; a `Meeting` answers with
effects, in order.  It never sends, never waits and reads no clock.  A message that may not be acted on raises
`UserError` or `PeerFault` and changes nothing, so one bad client costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sfu.core import names, permissions
from sfu.core.captions import CaptionBook, Heard
from sfu.core.effects import (
    CloseMedia,
    CloseStream,
    Dismiss,
    Effect,
    Finish,
    Instruct,
    Keep,
    OpenMedia,
    OpenStream,
    Tell,
    TellAll,
)
from sfu.core.negotiation import HostSide, Identities, negotiate
from sfu.core.person import Input, Person, State
from sfu.core.tickets import Ticket, UsedTickets
from sfu.core.transcript import line_of, not_captioned
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Consent, SourceKind

# As many names as a captions worker takes as hints (inference.proto).
MAX_HINTS = 64
_PICTURES = (SourceKind.CAMERA, SourceKind.SCREEN)
# Tells clients, one by error or all by notice, that they have to offer again.
MEDIA_LOST = "media_lost"


@dataclass(frozen=True, slots=True)
class Rules:
    capacity: int
    captions: bool
    """Whether captions are on when the meeting begins."""
    model: str


class Meeting:
    """Instants are seconds on the host's monotonic clock; meeting time 0 is `began`."""

    def __init__(self, about: wire.Meeting, rules: Rules, host: HostSide, identities: Identities, began: float) -> None:
        self.about = about
        self.host = host
        """How clients reach us; replaced when the computer's addresses change."""
        self._rules = rules
        self._identities = identities
        self.began = began
        self._people: dict[str, Person] = {}
        self._count = 0
        self._tickets = UsedTickets(about.id)
        self._book = CaptionBook(began)
        self._streams = 0
        self._forwarder_up = False
        self._inference_up = False
        self._captions = wire.CaptionsState(on=rules.captions, available=False, model=rules.model)

    # -- coming and going ------------------------------------------------------------------------------------

    def require_room(self) -> None:
        """Raises UserError(MEETING_FULL)."""
        if len(self._people) >= self._rules.capacity:
            most = self._rules.capacity
            sentence = f"This meeting is full ({most} people). Ask the host for more room, or try again later."
            raise UserError(ErrorCode.MEETING_FULL, sentence)

    def admit(self, ticket: Ticket, client: wire.ClientKind, now: float, wall: float) -> tuple[str, list[Effect]]:
        """A client showed a genuine ticket; `wall` is wall-clock time.  Raises UserError when it is not let in."""
        self.require_room()
        self._tickets.use(ticket, wall)
        person = Person(
            id=f"p{self._count + 1}",
            name=names.distinct(ticket.name, (other.name for other in self._people.values())),
            role=self._role(ticket.role),
            client=client,
            order=self._count,
        )
        self._count += 1
        self._people[person.id] = person
        welcome = wire.Welcome(
            protocol=wire.PROTOCOL,
            you=person.id,
            meeting=self.about,
            roster=self.roster(),
            captions=self._captions,
            now=self._time(now),
        )
        return person.id, [Tell(person.id, welcome), TellAll(wire.Joined(participant=person.shown()), but=person.id)]

    def roster(self) -> list[wire.Participant]:
        return [person.shown() for person in self._people.values()]

    def left(self, participant: str, reason: str) -> list[Effect]:
        """Their socket is gone, or they said so.  Nothing if they are not here."""
        person = self._people.pop(participant, None)
        if person is None:
            return []
        effects: list[Effect] = [*self._close_stream(person)]
        if person.has_media:
            effects.append(CloseMedia(person.id))
        person.handle(Input.LEFT)
        return [*effects, TellAll(wire.Left(participant=person.id, reason=reason))]

    def end(self, reason: str) -> list[Effect]:
        """For everybody, whoever decided it."""
        goodbyes = [effect for participant in list(self._people) for effect in self._goodbye(participant)]
        return [TellAll(wire.Ended(reason=reason)), *goodbyes, Finish()]

    def _goodbye(self, participant: str) -> list[Effect]:
        silent = [effect for effect in self.left(participant, "") if not isinstance(effect, TellAll)]
        return [*silent, Dismiss(participant)]

    def _role(self, claimed: wire.Role) -> wire.Role:
        """One host at a time: the first to show the host's ticket."""
        if claimed is wire.Role.HOST and any(p.role is wire.Role.HOST for p in self._people.values()):
            return wire.Role.MEMBER
        return claimed

    # -- what clients say ------------------------------------------------------------------------------------

    def handle(self, participant: str, message: wire.ClientMessage, now: float) -> list[Effect]:
        """Raises UserError or PeerFault, and then nothing has changed."""
        person = self._people.get(participant)
        if person is None:
            return []  # what they sent crossed our goodbye
        match message:
            case wire.Offer():
                return self._offer(person, message)
            case wire.SetMedia():
                return self._set_media(person, message)
            case wire.Watch():
                return self._watch(person, message)
            case wire.AnswerConsent():
                return self._consent(person, message, now)
            case wire.SetCaptions():
                return self._set_captions(person, message)
            case wire.Leave():
                return [*self.left(person.id, ""), Dismiss(person.id)]
            case wire.End():
                permissions.require(person.role, permissions.Action.END_MEETING)
                return self.end(f"{person.name} ended the meeting.")
            case wire.Ping():
                return [Tell(person.id, wire.Pong(n=message.n, now=self._time(now)))]
            case wire.Join():
                raise UserError(ErrorCode.BAD_SEQUENCE, "You have already joined this meeting.")

    def _offer(self, person: Person, offer: wire.Offer) -> list[Effect]:
        if not self._forwarder_up:
            sentence = "Sound and picture are being started on the host's computer. Try again in a moment."
            raise UserError(ErrorCode.HOST_UNREACHABLE, sentence)
        others = [other for other in self._people.values() if other.has_media and other is not person]
        everybody = bool(others) and all(other.decodes_h264 for other in others)
        agreed = negotiate(person.id, offer, replace(self.host, h264=everybody), self._identities)
        person.handle(Input.OFFERED)
        person.lines, person.decodes_h264 = frozenset(offer.lines.values()), agreed.decodes_h264
        return [
            OpenMedia(agreed.peer, agreed.fingerprints),
            Tell(person.id, agreed.answer),
            Instruct(link.SetSending(peer=person.id, sources=person.sending())),
            Instruct(self._set_views(person)),
            *self._match_streams(),
        ]

    def _set_media(self, person: Person, media: wire.SetMedia) -> list[Effect]:
        person.switches = {
            SourceKind.MICROPHONE: media.microphone,
            SourceKind.CAMERA: media.camera,
            SourceKind.SCREEN: media.screen,
            SourceKind.SCREEN_AUDIO: media.screen_audio,
        }
        effects: list[Effect] = [self._changed(person)]
        if person.has_media:
            effects.append(Instruct(link.SetSending(peer=person.id, sources=person.sending())))
        return effects

    def _watch(self, person: Person, watch: wire.Watch) -> list[Effect]:
        person.views = watch.views
        return [Instruct(self._set_views(person))] if person.has_media else []

    def _set_views(self, person: Person) -> link.SetViews:
        """Only what is here and somebody else's; a source that left meanwhile is no fault of the client."""
        best = {view.source: view for view in reversed(person.views)}
        wanted = [view for view in person.views if best[view.source] is view and self._visible(view.source, person)]
        return link.SetViews(peer=person.id, views=[link.View(**view.model_dump()) for view in wanted])

    def _visible(self, source: str, viewer: Person) -> bool:
        owner, _, kind = source.partition("/")
        return owner in self._people and owner != viewer.id and kind in _PICTURES

    def _consent(self, person: Person, answer: wire.AnswerConsent, now: float) -> list[Effect]:
        person.consent = Consent.YES if answer.captions else Consent.NO
        effects: list[Effect] = [self._changed(person)]
        if not answer.captions:
            effects += self._close_stream(person)
            effects += [TellAll(taken_back) for taken_back in self._book.withdraw(person.id)]
            if self._captions.on:
                effects.append(Keep(not_captioned(person.id, person.name, self._time(now))))
        return [*effects, *self._match_streams()]

    def _set_captions(self, person: Person, wanted: wire.SetCaptions) -> list[Effect]:
        permissions.require(person.role, permissions.Action.SET_CAPTIONS)
        if wanted.on == self._captions.on:
            return []
        return self._captions_are(self._captions.model_copy(update={"on": wanted.on}))

    # -- what the media plane says ---------------------------------------------------------------------------

    def secured(self, keys: link.SetKeys) -> list[Effect]:
        """The peer's handshake succeeded and its certificate is the one it promised."""
        person = self._people.get(keys.peer)
        if person is None or person.state is not State.NEGOTIATED:
            return []
        person.handle(Input.SECURED)
        return [Instruct(keys), self._changed(person)]

    def media_lost(self, peer: str, sentence: str) -> list[Effect]:
        """This peer's packets stopped, or its handshake failed; it may offer again."""
        person = self._people.get(peer)
        if person is None or not person.has_media:
            return []
        lost = wire.Error(code=MEDIA_LOST, sentence=sentence)
        return [*self._close_stream(person), CloseMedia(peer), *self._without_media(person), Tell(peer, lost)]

    def forwarder_ready(self) -> None:
        """From now on offers can be answered."""
        self._forwarder_up = True

    def forwarder_paused(self) -> list[Effect]:
        """It died and is started again at once, with everybody's keys: nobody has to do anything."""
        self._forwarder_up = False
        return [TellAll(wire.Speaking(participants=[]))]

    def forwarder_lost(self, sentence: str) -> list[Effect]:
        """It died again, perhaps of what it was given: everybody's media begins anew."""
        self._forwarder_up = False
        effects: list[Effect] = []
        for person in self._people.values():
            if person.has_media:
                effects += [*self._close_stream(person), CloseMedia(person.id), *self._without_media(person)]
        return [*effects, TellAll(wire.Speaking(participants=[])), *self.notice(MEDIA_LOST, sentence)]

    def _without_media(self, person: Person) -> list[Effect]:
        person.handle(Input.MEDIA_LOST)
        person.lines = frozenset()
        return [self._changed(person)]

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

    # -- captions --------------------------------------------------------------------------------------------

    def inference(self, up: bool, available: bool, sentence: str) -> list[Effect]:
        """`up`: a broker takes streams; `available`: a worker is ready; `sentence`: what people should know."""
        restarted = self._inference_up and not up
        self._inference_up = up
        effects = [e for p in self._people.values() for e in self._close_stream(p)] if restarted else []
        state = self._captions.model_copy(update={"available": available, "sentence": sentence})
        if state == self._captions:
            return [*effects, *self._match_streams()]
        return [*effects, *self._captions_are(state)]

    def heard(self, heard: Heard) -> list[Effect]:
        """What was final is kept before it is shown: what people have seen is never lost."""
        caption = self._book.hear(heard)
        if caption is None:
            return []
        line = line_of(caption)
        return [*([Keep(line)] if line is not None else []), TellAll(caption)]

    def interrupted(self, streams: Iterable[str]) -> list[Effect]:
        """Inference lost what was being said in these streams: the transcript says so."""
        effects: list[Effect] = []
        for gap in self._book.interrupted(streams):
            line = line_of(gap)
            effects += [*([Keep(line)] if line is not None else []), TellAll(gap)]
        return effects

    def notice(self, code: str, sentence: str) -> list[Effect]:
        return [TellAll(wire.Notice(code=code, sentence=sentence))]

    def _captions_are(self, state: wire.CaptionsState) -> list[Effect]:
        self._captions = state
        return [TellAll(wire.CaptionsChanged(captions=state)), *self._match_streams()]

    def _match_streams(self) -> Iterator[Effect]:
        """Opens and closes taps until they agree with what was consented to."""
        for person in self._people.values():
            allowed = self._may_caption(person)
            if allowed and person.stream is None:
                yield from self._open_stream(person)
            elif not allowed:
                yield from self._close_stream(person)

    def _may_caption(self, person: Person) -> bool:
        return (
            self._captions.on
            and self._inference_up
            and person.consent is Consent.YES
            and person.has_media
            and SourceKind.MICROPHONE in person.lines
        )

    def _open_stream(self, person: Person) -> list[Effect]:
        self._streams += 1
        person.stream = f"{person.id}-{self._streams}"
        self._book.open(person.stream, person.id, person.name)
        hints = tuple(other.name for other in self._people.values())[:MAX_HINTS]
        tap = link.OpenTap(source=person.source(SourceKind.MICROPHONE), stream=person.stream)
        return [OpenStream(person.stream, hints), Instruct(tap)]

    def _close_stream(self, person: Person) -> list[Effect]:
        if person.stream is None:
            return []
        stream, person.stream = person.stream, None
        self._book.drain(stream)
        tap = link.CloseTap(source=person.source(SourceKind.MICROPHONE))
        return [Instruct(tap), CloseStream(stream)]

    # -- small things ----------------------------------------------------------------------------------------

    def _changed(self, person: Person) -> Effect:
        return TellAll(wire.Changed(participant=person.shown()))

    def _time(self, now: float) -> float:
        return max(0.0, now - self.began)
