"""Who has the floor: hands, reactions, who is shown large, muting somebody, asking them to speak.

Nobody is ever unmuted by others.  Who was muted stays so, whatever their client says, until it has said that it saw
that and the person turns the microphone on again.
"""

from __future__ import annotations

from sfu.core import permissions
from sfu.core.effects import Effect, Keep, Tell, TellAll
from sfu.core.person import Person
from sfu.core.records import Deed
from sfu.core.room import Room, changed, sending
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import SourceKind

_MUTED = "The host has muted everybody. Raise your hand, so that you are asked to speak."


class Floor:
    def __init__(self, room: Room) -> None:
        self._room = room

    def hand(self, person: Person, wanted: wire.Hand, at: float) -> list[Effect]:
        other = person if wanted.participant is None else self._room.person(wanted.participant)
        permissions.require_own(person, other.id, "Only the host and co-hosts can lower somebody else's hand.")
        if other is not person and wanted.up:
            raise permissions.refused("Nobody can raise somebody else's hand.")
        if (other.hand is not None) == wanted.up:
            return []
        other.hand = at if wanted.up else None
        return [changed(other)]

    def lower_hands(self, _person: Person, _wanted: wire.LowerHands, _at: float) -> list[Effect]:
        raised = [person for person in self._room.people.values() if person.hand is not None]
        for person in raised:
            person.hand = None
        return [changed(person) for person in raised]

    def spotlight(self, _person: Person, wanted: wire.SetSpotlight, _at: float) -> list[Effect]:
        chosen = None if wanted.participant is None else self._room.person(wanted.participant)
        moved = [person for person in self._room.people.values() if person.spotlight != (person is chosen)]
        for person in moved:
            person.spotlight = person is chosen
        return [changed(person) for person in moved]

    def react(self, person: Person, reaction: wire.React, _at: float) -> list[Effect]:
        return [TellAll(wire.Reacted(participant=person.id, reaction=reaction.reaction))]

    def set_media(self, person: Person, media: wire.SetMedia) -> list[Effect]:
        before = person.switches
        person.switches = {
            SourceKind.MICROPHONE: self._may(person, SourceKind.MICROPHONE, media.microphone, before),
            SourceKind.CAMERA: self._may(person, SourceKind.CAMERA, media.camera, before),
            SourceKind.SCREEN: self._may(person, SourceKind.SCREEN, media.screen, before),
            SourceKind.SCREEN_AUDIO: self._may(person, SourceKind.SCREEN_AUDIO, media.screen_audio, before),
        }
        effects = [changed(person), *sending(person)]
        if media.microphone and not person.switches[SourceKind.MICROPHONE] and not self._may_speak(person):
            effects.append(Tell(person.id, wire.Error(code=ErrorCode.NOT_ALLOWED, sentence=_MUTED)))
        return effects

    def mute(self, person: Person, wanted: wire.Mute, at: float) -> list[Effect]:
        if wanted.participant is None:
            others = [other for other in self._room.people.values() if not other.moderates]
        else:
            others = [self._room.person(wanted.participant)]
        effects = [effect for other in others for effect in self._mute(other, wanted.kind, person.name)]
        about = f"{wanted.participant or 'everybody'}/{wanted.kind}"
        return [*effects, Keep(Deed(person.id, person.name, "mute", about, at))] if effects else []

    def ask_unmute(self, person: Person, wanted: wire.AskUnmute, _at: float) -> list[Effect]:
        other = self._room.person(wanted.participant)
        if other is person:
            raise UserError(ErrorCode.BAD_FRAME, "That is you. Turn it on yourself.")
        other.asked.add(wanted.kind)
        return [Tell(other.id, wire.UnmuteAsked(kind=wanted.kind, by=person.name))]

    def _may(self, person: Person, kind: SourceKind, on: bool, before: dict[SourceKind, bool]) -> bool:
        """Whether this source is on after its client said `on`."""
        if not on:
            person.muted.discard(kind)  # they have seen it
            return False
        if kind in person.muted and kind not in person.asked:
            return False
        if kind is SourceKind.MICROPHONE and not before.get(kind) and not self._may_speak(person):
            return False
        person.muted.discard(kind)
        person.asked.discard(kind)
        return True

    def _may_speak(self, person: Person) -> bool:
        return self._room.policy.unmute or person.moderates or SourceKind.MICROPHONE in person.asked

    def _mute(self, other: Person, kind: SourceKind, by: str) -> list[Effect]:
        other.asked.discard(kind)
        if not other.switches.get(kind):
            return []
        other.switches[kind] = False
        other.muted.add(kind)
        return [changed(other), *sending(other), Tell(other.id, wire.Muted(kind=kind, by=by))]
