"""Whose face is read, and who sees what is guessed of it: only those who asked, and nobody more than they chose.

A face is read exactly while the host allows it in this meeting, the person has turned it on for themselves, their
camera is on and a worker can be had.  Each of them can stop it, and stopping closes the tap: no picture is handed
out any more, and a guess that was on its way is thrown away.  The installation has a last word (`limit`): at work
and at school guesses go to the person alone, because inferring other people's emotions there is forbidden in the EU
(AI Act, Art. 5(1)(f)).  Nothing of a guess is kept; what is kept is who agreed to what, and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sfu.core import permissions
from sfu.core.effects import CloseStream, Effect, Instruct, Keep, OpenSight, Tell, TellAll
from sfu.core.person import Person
from sfu.core.records import Consented
from sfu.core.room import Room, changed
from sfu.link import messages as link
from sfu.wire import messages as wire
from sfu.wire.messages import Audience, SourceKind

LABELS, WHY_UNCLEAR = frozenset(get_args(wire.Label)), frozenset(get_args(wire.Unclear))
_ORDER = (Audience.OFF, Audience.ME, Audience.EVERYONE)
_REFUSED = {
    Audience.OFF: "The host has not allowed guesses about faces in this meeting.",
    Audience.ME: "In this meeting only you yourself may see guesses about your face.",
}
_AT_WORK = "At work and at school guesses about faces are for the person alone. This host is set up for that."


@dataclass(frozen=True, slots=True)
class Seen:
    """One result of an emotion worker.  The box in parts of the picture; times on the host's monotonic clock."""

    stream: str
    present: bool
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    label: str = ""
    confidence: float = 0.0
    unclear: str = ""
    captured_s: float = 0.0


class Emotions:
    """`state` is what everybody is told about it."""

    def __init__(self, room: Room, limit: Audience) -> None:
        self.state = wire.EmotionsState(limit=limit)
        self._room = room
        self._opened = 0
        self._up = False
        self._owners: dict[str, Person] = {}

    # -- what people say -------------------------------------------------------------------------------------

    def share(self, person: Person, wanted: wire.ShareEmotions, at: float) -> list[Effect]:
        allowed = self._room.policy.emotions
        if _more(wanted.audience, allowed):
            raise permissions.refused(_REFUSED[allowed])
        return [*self._set(person, wanted.audience, at), *self.match()]

    def check(self, wanted: wire.SetPolicy) -> None:
        """Raises UserError when more is to be allowed than this installation does."""
        if wanted.emotions is not None and _more(wanted.emotions, self.state.limit):
            raise permissions.refused(_AT_WORK)

    def policy_changed(self, at: float) -> list[Effect]:
        """Who had chosen more than is allowed now has chosen that; allowing more again brings nothing back."""
        allowed = self._room.policy.emotions
        effects: list[Effect] = []
        for person in self._room.people.values():
            if _more(person.emotions, allowed):
                effects += self._set(person, allowed, at)
        return [*effects, *self.match()]

    # -- what inference says ---------------------------------------------------------------------------------

    def inference(self, up: bool) -> list[Effect]:
        """Whether a broker takes streams."""
        restarted = self._up and not up
        self._up = up
        return [*(e for p in self._room.people.values() if restarted for e in self.close(p)), *self.match()]

    def available(self, available: bool, sentence: str, workers: Sequence[wire.CaptionsWorker]) -> list[Effect]:
        """Whether a worker is ready, what people should know, and where faces are read."""
        news = {"available": available, "sentence": sentence, "workers": list(workers[: wire.MAX_WORKERS])}
        state = self.state.model_copy(update=news)
        if state == self.state:
            return []
        self.state = state
        return [TellAll(wire.EmotionsChanged(emotions=state))]

    def seen(self, seen: Seen) -> list[Effect]:
        """A guess; nothing when its person has stopped it meanwhile."""
        person = self._owners.get(seen.stream)
        if person is None or person.sight != seen.stream:
            return []
        x, y, width, height = seen.box
        face = wire.Face(
            participant=person.id, present=seen.present, x=_within(x, -1, 2), y=_within(y, -1, 2),
            width=_within(width, 0, 3), height=_within(height, 0, 3), label=_known(seen.label, LABELS),
            confidence=_within(seen.confidence, 0, 1), unclear=_known(seen.unclear, WHY_UNCLEAR),
            at=self._room.time(seen.captured_s),
        )  # fmt: skip
        return [self._show(person, face)]

    def wants_keyframe(self, stream: str) -> list[Effect]:
        """Nothing of this stream can be decoded before a key frame comes."""
        person = self._owners.get(stream)
        if person is None or person.sight != stream:
            return []
        return [Instruct(link.OpenTap(source=person.source(SourceKind.CAMERA), stream=stream))]

    def worker_began(self) -> list[Effect]:
        """A new worker has seen nothing yet."""
        return [effect for stream in self._owners for effect in self.wants_keyframe(stream)]

    # -- streams ---------------------------------------------------------------------------------------------

    def match(self) -> Iterator[Effect]:
        """Opens and closes taps until they agree with what was agreed to."""
        for person in self._room.people.values():
            allowed = self._may_read(person)
            if allowed and person.sight is None:
                yield from self._open(person)
            elif not allowed:
                yield from self.close(person)

    def close(self, person: Person) -> list[Effect]:
        """Their tap, if it is open; whoever saw a guess sees it no more."""
        if person.sight is None:
            return []
        stream, person.sight = person.sight, None
        self._owners.pop(stream, None)
        gone = wire.Face(participant=person.id, present=False, at=0)
        tap = link.CloseTap(source=person.source(SourceKind.CAMERA), stream=stream)
        return [Instruct(tap), CloseStream(stream), TellAll(gone), changed(person)]

    def _open(self, person: Person) -> list[Effect]:
        self._opened += 1
        person.sight = f"{person.id}-face-{self._opened}"
        self._owners[person.sight] = person
        tap = link.OpenTap(source=person.source(SourceKind.CAMERA), stream=person.sight)
        return [OpenSight(person.sight), Instruct(tap), changed(person)]

    def _may_read(self, person: Person) -> bool:
        return (
            self._up
            and person.emotions is not Audience.OFF
            and not _more(person.emotions, self._room.policy.emotions)
            and person.has_media
            and person.switches.get(SourceKind.CAMERA, False)
            and SourceKind.CAMERA in person.lines
        )

    def _set(self, person: Person, audience: Audience, at: float) -> list[Effect]:
        if person.emotions is audience:
            return []
        before, person.emotions = person.emotions, audience
        # What follows a record waits until it is on the disk; stopping waits for nothing.
        stopped = self.close(person) if audience is Audience.OFF else []
        about = f"emotions.{before if audience is Audience.OFF else audience}"
        ledger = Keep(Consented(person.id, person.name, about, audience is not Audience.OFF, at))
        effects: list[Effect] = [*stopped, ledger, changed(person)]
        if before is Audience.EVERYONE:     # others have seen the last guess; they are not to keep it
            effects.append(TellAll(wire.Face(participant=person.id, present=False, at=at), but=person.id))
        return effects

    def _show(self, person: Person, face: wire.Face) -> Effect:
        return TellAll(face) if person.emotions is Audience.EVERYONE else Tell(person.id, face)


def _more(one: Audience, other: Audience) -> bool:
    return _ORDER.index(one) > _ORDER.index(other)


def _within(number: float, least: float, most: float) -> float:
    """A worker gone mad must not stop the meeting with a validation error."""
    return min(most, max(least, number)) if number == number else least


def _known(word: str, words: frozenset[str]) -> Any:
    return word if word in words else ""
