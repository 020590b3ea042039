"""Whether a meeting is recorded, and who is in it: examples, then whatever people do in any order."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sfu.core.effects import BeginRecording, Effect, EndRecording, Instruct, Keep, TellAll
from sfu.core.meeting import Meeting
from sfu.core.records import Consented, Deed, RecordingBegan, RecordingEnded
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Consent, Phase, Role
from tests.core.people import admit, meeting, offer, ticket, told

KINDS = ("camera", "microphone")


def seated(to: Meeting, name: str, role: Role = Role.MEMBER) -> str:
    person = admit(to, name, role)
    to.handle(person, offer(), now=101.0)
    return person


def room() -> tuple[Meeting, str, str]:
    """A meeting, its host and Ana."""
    held = meeting()
    return held, seated(held, "Hana", Role.HOST), seated(held, "Ana")


def record(to: Meeting, who: str, phase: Phase, now: float = 110.0) -> list[Effect]:
    return to.handle(who, wire.Record(phase=phase), now)


def answer(to: Meeting, who: str, yes: bool, now: float = 112.0) -> list[Effect]:
    return to.handle(who, wire.AnswerRecording(yes=yes), now)


def taps(effects: Sequence[Effect]) -> tuple[list[str], list[str]]:
    """Sources whose taps are opened and closed, the recorder's alone."""
    orders = [effect.order for effect in effects if isinstance(effect, Instruct)]
    opened = [order.source for order in orders if isinstance(order, link.OpenTap) and order.taker == "recorder"]
    closed = [order.source for order in orders if isinstance(order, link.CloseTap) and is_tape(order)]
    return opened, closed


def is_tape(order: link.CloseTap) -> bool:
    """By its stream's name: those of captions and faces are made otherwise."""
    return order.stream.startswith(order.source.replace("/", "-"))


def kept(effects: Sequence[Effect]) -> list[object]:
    return [effect.record for effect in effects if isinstance(effect, Keep)]


def sources(who: str) -> list[str]:
    return [f"{who}/{kind}" for kind in KINDS]


def shown(to: Meeting, who: str) -> wire.Participant:
    return next(person for person in to.roster() if person.id == who)


def test_starting_records_nobody_but_who_started_it() -> None:
    held, host, ana = room()

    effects = record(held, host, Phase.ON)

    assert taps(effects) == (sources(host), [])
    assert BeginRecording("r10000", 10.0) in effects
    assert shown(held, host).recorded
    assert not shown(held, ana).recorded
    assert wire.RecordingChanged(recording=wire.RecordingState(phase=Phase.ON, by="Hana", since=10.0)) in told(effects)


def test_that_it_began_is_on_the_disk_before_anything_is_taken() -> None:
    held, host, _ana = room()

    effects = record(held, host, Phase.ON)

    first = [type(effect) for effect in effects].index(Instruct)
    assert kept(effects[:first]) == [
        RecordingBegan("r10000", 10.0), Deed(host, "Hana", "record.start", "r10000", 10.0),
        Consented(host, "Hana", "recording", True, 10.0),
    ]  # fmt: skip


def test_who_agrees_is_recorded_and_it_is_in_the_ledger() -> None:
    held, host, ana = room()
    record(held, host, Phase.ON)

    effects = answer(held, ana, True)

    assert taps(effects) == (sources(ana), [])
    assert kept(effects) == [Consented(ana, "Ana", "recording", True, 12.0)]
    assert shown(held, ana).recorded


def test_who_refuses_is_left_out_and_may_take_back_a_yes_at_once() -> None:
    held, host, ana = room()
    record(held, host, Phase.ON)
    assert taps(answer(held, ana, False)) == ([], [])
    answer(held, ana, True)

    effects = answer(held, ana, False)

    assert taps(effects) == ([], sources(ana))
    assert not any(isinstance(effect, Keep) for effect in effects[:2]), "stopping waits for no disk"
    assert shown(held, ana).recording is Consent.NO


def test_who_comes_late_is_told_before_anything_of_them_is_taken() -> None:
    held, host, _ana = room()
    record(held, host, Phase.ON)

    participant, effects = held.admit(ticket("Ben"), wire.ClientKind.BROWSER, now=120.0, wall=0.0)

    welcome = next(message for message in told(effects) if isinstance(message, wire.Welcome))
    assert welcome.recording.phase is Phase.ON
    assert taps(held.handle(participant, offer(), now=121.0)) == ([], [])
    assert taps(answer(held, participant, True)) == (sources(participant), [])


def feed(held: Meeting) -> str:
    name = admit(held, "Stage", Role.MEMBER, client=wire.ClientKind.STREAM)
    held.handle(name, offer(), now=101.0)
    return name


def test_for_a_feed_who_runs_the_meeting_answers_and_both_are_in_the_ledger() -> None:
    held, host, _ = room()
    stage = feed(held)
    record(held, host, Phase.ON)
    before = shown(held, stage)

    effects = held.handle(host, wire.AnswerRecording(yes=True, participant=stage), now=112.0)

    assert (before.recording, before.recorded) == (Consent.UNASKED, False)
    assert taps(effects) == (sources(stage), [])
    assert Consented(stage, "Stage", "recording", True, 12.0) in kept(effects)
    assert Deed(host, "Hana", "record.answer", stage, 12.0) in kept(effects)
    taken_back = held.handle(host, wire.AnswerRecording(yes=False, participant=stage), now=113.0)
    assert taps(taken_back) == ([], sources(stage))


def test_nobody_answers_for_a_person_and_no_member_for_a_feed() -> None:
    held, host, ana = room()
    stage = feed(held)
    record(held, host, Phase.ON)

    for who, about, code in (
        (host, ana, ErrorCode.NOT_ALLOWED), (ana, stage, ErrorCode.NOT_ALLOWED), (host, "p99", ErrorCode.NOT_FOUND)
    ):
        with pytest.raises(UserError) as refused:
            held.handle(who, wire.AnswerRecording(yes=True, participant=about), now=112.0)
        assert refused.value.code is code
    assert not shown(held, ana).recorded
    assert not shown(held, stage).recorded


def test_who_leaves_is_out_at_once_and_asked_anew_when_they_come_back() -> None:
    held, host, ana = room()
    record(held, host, Phase.ON)
    answer(held, ana, yes=True)

    closed = taps(held.left(ana, "left", now=113.0))[1]
    again = admit(held, "Ana", Role.MEMBER)
    opened = taps(held.handle(again, offer(), now=115.0))[0]

    assert closed == sources(ana)
    assert opened == []
    assert shown(held, again).recording is Consent.UNASKED
    assert taps(answer(held, again, yes=True, now=116.0))[0] == sources(again)


def test_a_pause_takes_nothing_and_going_on_asks_nobody() -> None:
    held, host, ana = room()
    record(held, host, Phase.ON)
    answer(held, ana, True)

    paused = record(held, host, Phase.PAUSED, now=120.0)
    resumed = record(held, host, Phase.ON, now=130.0)

    assert taps(paused) == ([], [*sources(host), *sources(ana)])
    assert taps(resumed) == ([*sources(host), *sources(ana)], [])
    assert [deed.what for deed in kept([*paused, *resumed]) if isinstance(deed, Deed)] == [
        "record.pause", "record.resume"
    ]  # fmt: skip


def test_stopping_ends_the_files_and_starting_again_asks_everybody_anew() -> None:
    held, host, ana = room()
    record(held, host, Phase.ON)
    answer(held, ana, True)

    stopped = record(held, host, Phase.OFF, now=120.0)
    again = record(held, host, Phase.ON, now=130.0)

    assert EndRecording() in stopped
    assert RecordingEnded("r10000", 20.0) in kept(stopped)
    assert BeginRecording("r30000", 30.0) in again
    assert taps(again)[0] == sources(host)
    assert shown(held, ana).recording is Consent.UNASKED


def test_what_is_not_running_cannot_be_paused() -> None:
    held, host, _ana = room()

    with pytest.raises(UserError, match="not being recorded"):
        record(held, host, Phase.PAUSED)


def test_a_guest_cannot_start_it() -> None:
    held, _host, ana = room()

    with pytest.raises(UserError) as refused:
        record(held, ana, Phase.ON)

    assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_a_disk_without_room_for_the_first_line_begins_no_recording() -> None:
    held, host, _ana = room()
    record(held, host, Phase.ON)

    effects = held.not_kept(RecordingBegan("r10000", 10.0))

    assert taps(effects) == ([], sources(host))
    assert held.recording.state.phase is Phase.OFF
    assert any(isinstance(message, wire.Notice) for message in told(effects))


def test_a_recorder_without_room_stops_it_for_everybody_with_a_sentence() -> None:
    held, host, _ana = room()
    record(held, host, Phase.ON)

    effects = held.recording.stopped("The disk is full.", now=150.0)

    assert taps(effects) == ([], sources(host))
    assert held.recording.state.phase is Phase.OFF
    assert held.recording.state.sentence == "The disk is full."
    assert RecordingEnded("r10000", 50.0) in kept(effects)


def test_the_meetings_end_ends_it() -> None:
    held, host, _ana = room()
    record(held, host, Phase.ON)

    effects = held.end("over", now=200.0)

    assert RecordingEnded("r10000", 100.0) in kept(effects)
    assert [type(effect) for effect in effects].index(EndRecording) < [
        isinstance(effect, TellAll) and isinstance(effect.message, wire.Ended) for effect in effects
    ].index(True)


def test_a_key_frame_is_asked_for_by_the_streams_name() -> None:
    held, host, _ana = room()
    effects = record(held, host, Phase.ON)
    order = next(e.order for e in effects if isinstance(e, Instruct) and e.order.source.endswith("camera"))  # type: ignore[union-attr]

    assert held.recording.wants_keyframe(order.stream) == [Instruct(order)]  # type: ignore[union-attr]
    assert held.recording.wants_keyframe("p9-camera-9") == []


class Promises(RuleBasedStateMachine):
    """Beside the meeting: what was said, and what a forwarder that obeys would hand to the recorder."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.meeting = meeting()
        self.now = 100.0
        self.phase = Phase.OFF
        self.yes: set[str] = set()
        self.ledger: dict[str, bool] = {}
        self.taps: dict[str, str] = {}
        self.names: set[str] = set()
        self.recording = False
        self.host = seated(self.meeting, "Hana", Role.HOST)

    @rule(target=people)
    def joins(self) -> str:
        return "p0" if len(self.meeting.roster()) == 10 else seated(self.meeting, "Ana")

    @rule(phase=st.sampled_from(list(Phase)))
    def host_turns(self, phase: Phase) -> None:
        before = self.phase
        if self.say(self.host, wire.Record(phase=phase)):
            if before is Phase.OFF and phase is Phase.ON:
                self.yes = {self.host}
            self.phase = phase

    @rule(person=people, yes=st.booleans())
    def answers(self, person: str, yes: bool) -> None:
        if self.say(person, wire.AnswerRecording(yes=yes)) and self.phase is not Phase.OFF:
            (self.yes.add if yes else self.yes.discard)(person)

    @rule(person=people)
    def loses_media(self, person: str) -> None:
        self.obey(self.meeting.media_lost(person, "gone"))

    @rule(person=people)
    def offers_again(self, person: str) -> None:
        self.say(person, offer())

    @rule(person=consumes(people))
    def leaves(self, person: str) -> None:
        self.yes.discard(person)
        self.obey(self.meeting.left(person, "", self.now))

    @rule()
    def disk_fills(self) -> None:
        self.obey(self.meeting.recording.stopped("full", self.now))
        self.phase = Phase.OFF

    @invariant()
    def only_who_said_yes_is_recorded_and_only_while_it_runs(self) -> None:
        for source in self.taps:
            assert self.phase is Phase.ON
            assert source.partition("/")[0] in self.yes

    @invariant()
    def whoever_is_recorded_has_a_badge_and_a_yes_in_the_ledger(self) -> None:
        recorded = {person.id for person in self.meeting.roster() if person.recorded}
        assert recorded == {source.partition("/")[0] for source in self.taps}
        assert all(self.ledger[person] for person in recorded)

    @invariant()
    def everybody_is_told_what_is_true(self) -> None:
        assert self.meeting.recording.state.phase is self.phase
        assert self.recording == (self.phase is not Phase.OFF)

    def say(self, person: str, message: wire.ClientMessage) -> bool:
        self.now += 1
        with contextlib.suppress(ParleyError):
            here = person in {one.id for one in self.meeting.roster()}
            self.obey(self.meeting.handle(person, message, self.now))
            return here
        return False

    def obey(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Instruct(link.OpenTap(source=source, stream=stream, taker="recorder")):
                    assert stream not in self.names, "a stream's name is a file's"
                    assert self.recording
                    self.names.add(stream)
                    self.taps[source] = stream
                case Instruct(link.CloseTap(source=source) as order) if is_tape(order):
                    self.taps.pop(source)
                case BeginRecording():
                    assert not self.recording
                    self.recording = True
                case EndRecording():
                    assert not self.taps
                    self.recording = False
                case Keep(Consented(participant=person, about="recording", yes=yes)):
                    self.ledger[person] = yes


Promises.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestPromises = Promises.TestCase
