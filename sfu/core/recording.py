"""Whether the meeting is recorded, and who is in the recording: those who were asked and said yes, and nobody else.

A tap of the recorder is open exactly while the recording runs, its person has agreed and their media is here.  Starting
asks everybody anew; whoever starts it has agreed by that.  Who comes later is asked before anything of them is taken.
Nobody sits at a feed who could answer, so who runs the meeting does.  Pausing closes the taps and asks nobody.  Every
step and every answer is in the ledger.  Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator

from sfu.core import permissions
from sfu.core.effects import BeginRecording, Effect, EndRecording, Instruct, Keep, TellAll
from sfu.core.person import Person
from sfu.core.records import Consented, Deed, RecordingBegan, RecordingEnded
from sfu.core.room import Room, changed
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Consent, Phase

ABOUT = "recording"
"""What the answers are about, in the consent ledger."""
START, PAUSE, RESUME, STOP = "record.start", "record.pause", "record.resume", "record.stop"
"""What the audit calls its steps; each is about the recording's name."""
ANSWER = "record.answer"
"""Somebody answered for a feed, which this is about; what they said is in the consent ledger."""
_STEPS = {
    (Phase.OFF, Phase.ON): START,
    (Phase.ON, Phase.PAUSED): PAUSE,
    (Phase.PAUSED, Phase.ON): RESUME,
    (Phase.ON, Phase.OFF): STOP,
    (Phase.PAUSED, Phase.OFF): STOP,
}
_NOTHING_TO_PAUSE = "The meeting is not being recorded. Start the recording first."
_NO_ROOM = "The recording could not begin: there is no room to write it down. Ask the host to free some space."


class Recording:
    """`state` is what everybody is told about it."""

    def __init__(self, room: Room) -> None:
        self.state = wire.RecordingState()
        self.name = ""
        """Of the one that runs, or that ran last."""
        self._room = room
        self._broken_off = False
        self._opened = 0
        self._owners: dict[str, Person] = {}

    # -- what people say -------------------------------------------------------------------------------------

    def turn(self, person: Person, wanted: wire.Record, at: float) -> list[Effect]:
        if wanted.phase is self.state.phase:
            return []
        step = _STEPS.get((self.state.phase, wanted.phase))
        if step is None:
            raise UserError(ErrorCode.BAD_SEQUENCE, _NOTHING_TO_PAUSE)
        if step == START:
            return self._start(person, at)
        deed = Keep(Deed(person.id, person.name, step, self.name, at))
        if step == STOP:
            return [*self._stop(at), deed]
        return [*self._changed({"phase": wanted.phase}), deed]

    def answer(self, person: Person, answer: wire.AnswerRecording, at: float) -> list[Effect]:
        if self.state.phase is Phase.OFF:
            return []  # it crossed the end
        if answer.participant is None:
            return self._settled(person, answer.yes, at)
        feed = self._feed(person, answer.participant)
        deed = Keep(Deed(person.id, person.name, ANSWER, feed.id, at))
        return [*self._settled(feed, answer.yes, at), deed]

    def _feed(self, person: Person, participant: str) -> Person:
        """Raises UserError."""
        feed = self._room.people.get(participant)
        if feed is None:
            raise UserError(ErrorCode.NOT_FOUND, "They are not in the meeting any more.")
        if feed.client is not wire.ClientKind.STREAM or not person.moderates:
            raise permissions.refused("Only they themselves can say whether they are recorded; for a feed, the host.")
        return feed

    def _settled(self, person: Person, yes: bool, at: float) -> list[Effect]:
        closed = [] if yes else self.close(person)
        return [*closed, *self._answered(person, yes, at), *self.match()]

    # -- what the recorder says ------------------------------------------------------------------------------

    def stopped(self, sentence: str, now: float) -> list[Effect]:
        """It cannot go on."""
        if self.state.phase is Phase.OFF:
            return []
        at = self._room.time(now)
        deed = Keep(Deed("", "", STOP, self.name, at))
        notice = TellAll(wire.Notice(code=ErrorCode.DISK_FULL, sentence=sentence))
        return [*self._stop(at, sentence), notice, deed]

    def wants_keyframe(self, stream: str) -> list[Effect]:
        """Nothing of this stream can be written before a key frame comes."""
        person = self._owners.get(stream)
        kinds = [kind for kind, name in person.tapes.items() if name == stream] if person is not None else []
        return [
            Instruct(link.OpenTap(source=person.source(kind), stream=stream, taker="recorder"))
            for kind in kinds if person is not None
        ]  # fmt: skip

    # -- from life to life -----------------------------------------------------------------------------------

    def take_up(self, state: wire.RecordingState, name: str) -> None:
        """How it stood when the control process died; `go_on` follows when there is a recorder again."""
        self._broken_off = state.phase is not Phase.OFF
        if self._broken_off:
            self.state, self.name = state, name

    def go_on(self, now: float) -> list[Effect]:
        """What was being recorded when the control process died is recorded on, as another part."""
        if not self._broken_off:
            return []
        self._broken_off = False
        at, before = self._room.time(now), self.name
        self.name = _named(at)
        self.state = self.state.model_copy(update={"since": at})
        return [
            Keep(RecordingEnded(before, at)),
            Keep(RecordingBegan(self.name, at), needed=True),
            Keep(Deed("", "", START, self.name, at)),
            BeginRecording(self.name, at),
        ]

    def inherit(self, person: Person, answered: Consent, at: float) -> list[Effect]:
        """Who had answered before the control process died is not asked again."""
        if self.state.phase is Phase.OFF or answered is Consent.UNASKED:
            return []
        person.recording = answered
        return [Keep(Consented(person.id, person.name, ABOUT, answered is Consent.YES, at))]

    # -- its life --------------------------------------------------------------------------------------------

    def over(self, at: float) -> list[Effect]:
        """The meeting ends, and the recording with it."""
        if self.state.phase is Phase.OFF:
            return []
        deed = Keep(Deed("", "", STOP, self.name, at))
        return [*self._stop(at), deed]

    def not_begun(self) -> list[Effect]:
        """That it began could not be written down, so it has not."""
        self.state = wire.RecordingState(sentence=_NO_ROOM)
        closed = [effect for person in self._room.people.values() for effect in self.close(person)]
        notice = TellAll(wire.Notice(code=ErrorCode.DISK_FULL, sentence=_NO_ROOM))
        return [*closed, TellAll(wire.RecordingChanged(recording=self.state)), notice]

    def match(self) -> Iterator[Effect]:
        """Opens and closes taps until they agree with what was answered."""
        for person in self._room.people.values():
            if self.state.phase is Phase.ON and person.recording is Consent.YES and person.has_media:
                yield from self._open(person)
            else:
                yield from self.close(person)

    def close(self, person: Person) -> list[Effect]:
        """Nothing more of them is taken."""
        effects: list[Effect] = []
        for kind, stream in person.tapes.items():
            self._owners.pop(stream, None)
            effects.append(Instruct(link.CloseTap(source=person.source(kind), stream=stream)))
        if effects:
            person.tapes = {}
            effects.append(changed(person))
        return effects

    def _open(self, person: Person) -> list[Effect]:
        effects: list[Effect] = []
        for kind in sorted(person.lines - person.tapes.keys()):
            self._opened += 1
            stream = person.tapes[kind] = f"{person.id}-{kind}-{self._opened}"
            self._owners[stream] = person
            effects.append(Instruct(link.OpenTap(source=person.source(kind), stream=stream, taker="recorder")))
        return [*effects, changed(person)] if effects else []

    def _start(self, person: Person, at: float) -> list[Effect]:
        self.name = _named(at)
        self.state = wire.RecordingState(phase=Phase.ON, by=person.name, since=at)
        asked = [other for other in self._room.people.values() if other.recording is not Consent.UNASKED]
        for other in asked:
            other.recording = Consent.UNASKED
        here = person.id in self._room.people  # the host's own computer may start it, too
        return [
            Keep(RecordingBegan(self.name, at), needed=True),
            Keep(Deed(person.id, person.name, START, self.name, at)),
            BeginRecording(self.name, at),
            *[changed(other) for other in asked if other is not person],
            *(self._answered(person, True, at) if here else []),
            TellAll(wire.RecordingChanged(recording=self.state)),
            *self.match(),
        ]

    def _stop(self, at: float, sentence: str = "") -> list[Effect]:
        """Taking ends at once; that it ended is written down after that."""
        changed_state = self._changed({"phase": Phase.OFF, "sentence": sentence})
        return [*changed_state, EndRecording(), Keep(RecordingEnded(self.name, at))]

    def _changed(self, news: dict[str, object]) -> list[Effect]:
        self.state = self.state.model_copy(update=news)
        return [*self.match(), TellAll(wire.RecordingChanged(recording=self.state))]

    def _answered(self, person: Person, yes: bool, at: float) -> list[Effect]:
        person.recording = Consent.YES if yes else Consent.NO
        return [Keep(Consented(person.id, person.name, ABOUT, yes, at)), changed(person)]


def _named(at: float) -> str:
    """Unlike any other's, whichever life of the host began that."""
    return f"r{round(at * 1000)}"
