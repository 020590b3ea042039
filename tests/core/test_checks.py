"""Checks of a camera: examples, then whatever people, hosts and workers do in any order."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sfu.core import check_results, check_script
from sfu.core.check_results import Said, Weighed
from sfu.core.check_script import LENGTH_S
from sfu.core.checks import ANSWER_S, AT_ONCE, LEFT_ALONE_S, START_S, WEIGH_S
from sfu.core.effects import (
    CloseStream,
    Effect,
    Evidence,
    Instruct,
    Keep,
    OpenCheck,
    PrepareCheck,
    Tell,
    Wake,
    WeighCheck,
)
from sfu.core.meeting import Meeting
from sfu.core.records import Consented
from sfu.core.rules import Rules
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Askers, Role, SourceKind, StandingAnswer
from tests.core.people import FINGERPRINT, HOST, Counting, admit, offer, told

ON = wire.SetMedia(microphone=True, camera=True)
WORKER = wire.CaptionsWorker(name="checks-1", device="cpu")
T0 = 110.0


def meeting() -> Meeting:
    about = wire.Meeting(id="m1", title="Weekly", code="ABCDEFGH")
    opened = Meeting(about, Rules(20, True, "whisper-base"), HOST, Counting(), began=100.0)
    opened.forwarder_ready()
    opened.checks.available(True, "", [WORKER], 100.0)
    return opened


def camera(to: Meeting, name: str, role: Role = Role.MEMBER) -> str:
    person = admit(to, name, role)
    to.handle(person, offer(), now=101.0)
    to.handle(person, ON, now=101.0)
    return person


class Room:
    """Hana (host), Ana and Ben have their cameras on; Ana asks about Ben."""

    def __init__(self) -> None:
        self.meeting = meeting()
        self.hana, self.ana, self.ben = camera(self.meeting, "Hana", Role.HOST), *self.two()
        self.effects: list[Effect] = []

    def two(self) -> tuple[str, str]:
        return camera(self.meeting, "Ana"), camera(self.meeting, "Ben")

    def say(self, person: str, message: wire.ClientMessage, now: float = T0) -> list[Effect]:
        self.effects = self.meeting.handle(person, message, now)
        return self.effects

    def ask(self, now: float = T0) -> list[Effect]:
        return self.say(self.ana, wire.AskCheck(participant=self.ben), now)

    def agree(self, now: float = T0) -> list[Effect]:
        self.ask(now)
        return self.say(self.ben, wire.AnswerCheck(check="c1", accept=True), now)

    def play(self, effects: Sequence[Effect]) -> list[Effect]:
        """Wakes the meeting whenever it wants that; everything it wanted until it wants nothing more."""
        everything, woken = list(effects), list(effects)
        while wakes := [effect.at for effect in woken if isinstance(effect, Wake)]:
            woken = self.meeting.checks.wake(wakes[-1])
            everything += woken
            if any(isinstance(effect, WeighCheck) for effect in woken):
                break
        return everything


def results(effects: Sequence[Effect]) -> list[tuple[str, str, str]]:
    """(to whom, verdict, reason)."""
    return [
        (effect.to, effect.message.verdict, effect.message.reason) for effect in effects
        if isinstance(effect, Tell) and isinstance(effect.message, wire.CheckResult)
    ]  # fmt: skip


def questions(effects: Sequence[Effect]) -> list[tuple[str, wire.CheckAsked]]:
    tells = [effect for effect in effects if isinstance(effect, Tell)]
    return [(tell.to, tell.message) for tell in tells if isinstance(tell.message, wire.CheckAsked)]


def steps(effects: Sequence[Effect]) -> list[wire.CheckStep]:
    return [message for message in told(effects) if isinstance(message, wire.CheckStep)]


def ledger(effects: Sequence[Effect]) -> list[tuple[str, str, bool]]:
    records = [effect.record for effect in effects if isinstance(effect, Keep)]
    return [(one.name, one.about, one.yes) for one in records if isinstance(one, Consented)]


def opened(effects: Sequence[Effect]) -> list[link.OpenTap]:
    orders = [effect.order for effect in effects if isinstance(effect, Instruct)]
    return [order for order in orders if isinstance(order, link.OpenTap)]


def test_the_person_is_told_who_asks_and_nothing_is_opened_before_they_answer() -> None:
    room = Room()
    effects = room.ask()

    assert [(to, question.by, question.name) for to, question in questions(effects)] == [(room.ben, room.ana, "Ana")]
    assert opened(effects) == []
    assert not room.meeting.roster()[2].analysed


def test_a_yes_is_in_the_ledger_before_camera_and_voice_are_opened_in_the_middle_layer() -> None:
    room = Room()
    effects = room.agree()

    assert isinstance(effects[0], Keep)
    assert ledger(effects) == [("Ben", f"check.{room.ana}", True)]
    stream = f"{room.ben}-check-c1"
    assert [effect.stream for effect in effects if isinstance(effect, OpenCheck)] == [stream]
    assert opened(effects) == [
        link.OpenTap(source=f"{room.ben}/camera", stream=stream, middle=True),
        link.OpenTap(source=f"{room.ben}/microphone", stream=stream),
    ]
    assert room.meeting.roster()[2].analysed


def test_a_no_is_inconclusive_and_is_not_asked_again_for_a_minute() -> None:
    room = Room()
    room.ask()

    refused = room.say(room.ben, wire.AnswerCheck(check="c1", accept=False))
    again = room.ask(T0 + LEFT_ALONE_S / 2)
    later = room.ask(T0 + LEFT_ALONE_S + 1)

    assert results(refused) == results(again) == [(room.ana, "inconclusive", "refused")]
    assert ledger(refused) == [("Ben", f"check.{room.ana}", False)]
    assert not questions(again)
    assert questions(later)


def test_no_answer_is_inconclusive() -> None:
    room = Room()
    room.ask()

    assert room.meeting.checks.wake(T0 + ANSWER_S - 1) == []
    assert results(room.meeting.checks.wake(T0 + ANSWER_S)) == [(room.ana, "inconclusive", "no_answer")]


def test_what_is_asked_is_drawn_by_lot_and_told_when_it_is_due_to_the_person_alone() -> None:
    room = Room()
    effects = room.play(room.agree())

    shown = steps(effects)
    acts = [step.act for step in shown if step.act]
    hues = [step.colour for step in shown if step.colour]
    assert len(set(acts)) == len(acts) == check_script.ACTS
    assert len(hues) == check_script.HUES
    assert all(one != other for one, other in itertools.pairwise(hues))
    assert all(len(step.code) == check_script.DIGITS for step in shown if step.colour)
    tells = [effect for effect in effects if isinstance(effect, Tell)]
    assert {tell.to for tell in tells if isinstance(tell.message, wire.CheckStep)} == {room.ben}
    assert steps(room.effects) == shown[:1]
    assert LENGTH_S < 14


def test_a_timer_that_rings_a_tick_early_is_not_the_last_one() -> None:
    room = Room()
    (wake,) = [effect for effect in room.agree() if isinstance(effect, Wake)]

    assert steps(room.meeting.checks.wake(wake.at - 1e-6))


def test_the_evidence_says_what_was_shown_when_on_the_hosts_clock() -> None:
    room = Room()
    (weigh,) = [effect for effect in room.play(room.agree()) if isinstance(effect, WeighCheck)]

    evidence = weigh.evidence
    assert evidence.asked[0][1] == pytest.approx(T0 + check_script.LEAD_S)
    assert evidence.shown[-1][1] == pytest.approx(T0 + LENGTH_S - check_script.HUE_S)
    assert evidence.same_certificate
    assert evidence.voice
    assert evidence.heard is None


def test_the_result_goes_to_who_asked_and_to_nobody_else() -> None:
    room = Room()
    effects = room.play(room.agree())
    stream = f"{room.ben}-check-c1"
    assert effects.index(WeighCheck(stream, _evidence(effects))) < effects.index(CloseStream(stream))
    assert not room.meeting.roster()[2].analysed

    answer = room.meeting.checks.weighed(Weighed(stream, "consistent", "", (Said("lips", 0.8),)))

    assert results(answer) == [(room.ana, "consistent", "")]
    assert room.meeting.checks.weighed(Weighed(stream, "consistent")) == []


def _evidence(effects: Sequence[Effect]) -> Evidence:
    return next(effect.evidence for effect in effects if isinstance(effect, WeighCheck))


def test_a_new_certificate_and_a_code_that_was_read_are_told_to_the_witnesses() -> None:
    room = Room()
    room.meeting.media_lost(room.ben, "gone")
    room.say(room.ben, wire.Offer(sdp=offer().sdp.replace(FINGERPRINT, ":".join(["EF"] * 32)), lines=offer().lines))
    room.say(room.ben, wire.AnswerConsent(captions=True))
    room.meeting.inference(True, True, "")
    effects = room.agree()
    for who, committed, tail in ((room.ben, "four", " two"), (room.ana, "nine", "")):
        caption = wire.Caption(segment=who, speaker=who, name="A", committed=committed, tail=tail, start=1, end=2)
        room.meeting.checks.heard(caption)

    (weigh,) = [effect for effect in room.play(effects) if isinstance(effect, WeighCheck)]

    assert not weigh.evidence.same_certificate
    assert weigh.evidence.heard == "four two"


@pytest.mark.parametrize(("who", "reason"), [("ana", "cancelled"), ("ben", "stopped")])
def test_either_side_stops_it_at_once(who: str, reason: str) -> None:
    room = Room()
    room.agree()

    effects = room.say(getattr(room, who), wire.CancelCheck(check="c1"))

    stream = f"{room.ben}-check-c1"
    assert Instruct(link.CloseTap(source=f"{room.ben}/camera", stream=stream)) in effects
    assert CloseStream(stream) in effects
    assert results(effects) == [(room.ana, "inconclusive", reason)]
    assert room.say(room.ana, wire.CancelCheck(check="c1")) == []


def test_nobody_else_stops_it_or_answers_for_somebody() -> None:
    room = Room()
    room.ask()

    for message in (wire.CancelCheck(check="c1"), wire.AnswerCheck(check="c1", accept=True)):
        with pytest.raises(UserError) as refused:
            room.say(room.hana, message)
        assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_a_camera_that_is_turned_off_mid_check_is_inconclusive() -> None:
    room = Room()
    room.agree()

    off = wire.SetMedia(microphone=True, camera=False)
    assert results(room.say(room.ben, off)) == [(room.ana, "inconclusive", "camera_off")]


def test_a_camera_that_the_host_turns_off_mid_check_is_inconclusive() -> None:
    room = Room()
    room.agree()

    off = wire.Mute(participant=room.ben, kind=SourceKind.CAMERA)
    assert results(room.say(room.hana, off)) == [(room.ana, "inconclusive", "camera_off")]


def test_a_network_that_is_lost_and_a_person_who_leaves_are_inconclusive() -> None:
    room, other = Room(), Room()
    room.agree()
    other.agree()

    assert results(room.meeting.media_lost(room.ben, "gone")) == [(room.ana, "inconclusive", "network")]
    assert results(other.meeting.left(other.ben, "", T0)) == [(other.ana, "inconclusive", "left")]


def test_who_asked_and_leaves_stops_it() -> None:
    room = Room()
    room.agree()

    assert CloseStream(f"{room.ben}-check-c1") in room.meeting.left(room.ana, "", T0 + 1)


def test_a_worker_that_dies_is_inconclusive_and_so_is_one_that_never_answers() -> None:
    room, other = Room(), Room()
    room.agree()
    other.play(other.agree())

    died = room.meeting.checks.available(True, "", [], T0 + 3)
    silent = other.meeting.checks.wake(T0 + LENGTH_S + WEIGH_S + 1)

    assert results(died) == [(room.ana, "inconclusive", "worker_died")]
    assert results(silent) == [(other.ana, "inconclusive", "worker_died")]


def test_a_worker_is_started_when_somebody_asks_and_waited_for() -> None:
    room = Room()
    room.meeting.checks.available(True, "", [], T0)

    asked = room.ask()
    agreed = room.say(room.ben, wire.AnswerCheck(check="c1", accept=True))
    ready = room.meeting.checks.available(True, "", [WORKER], T0 + 2)

    assert PrepareCheck() in asked
    assert opened(agreed) == []
    assert len(opened(ready)) == 2


def test_a_worker_that_does_not_come_is_inconclusive() -> None:
    room = Room()
    room.meeting.checks.available(True, "", [], T0)
    room.agree()

    assert results(room.meeting.checks.wake(T0 + START_S)) == [(room.ana, "inconclusive", "no_worker")]


def test_a_second_check_of_the_same_person_is_inconclusive() -> None:
    room = Room()
    room.agree()

    assert results(room.say(room.hana, wire.AskCheck(participant=room.ben))) == [(room.hana, "inconclusive", "busy")]


def test_only_so_many_at_once() -> None:
    room = Room()
    others = [camera(room.meeting, f"P{number}") for number in range(AT_ONCE + 1)]
    effects = [room.say(room.hana, wire.AskCheck(participant=other)) for other in others]

    assert [bool(results(each)) for each in effects] == [False] * AT_ONCE + [True]


def test_the_host_says_who_may_ask() -> None:
    room = Room()
    room.agree()

    stopped = room.say(room.hana, wire.SetPolicy(checks=Askers.HOST))
    with pytest.raises(UserError, match="only the host"):
        room.ask()
    room.say(room.hana, wire.AskCheck(participant=room.ben))
    room.say(room.hana, wire.SetPolicy(checks=Askers.OFF))

    assert results(stopped) == [(room.ana, "inconclusive", "cancelled")]
    with pytest.raises(UserError, match="not allowed checks"):
        room.say(room.hana, wire.AskCheck(participant=room.ben))


def test_a_remembered_yes_begins_at_once_and_taken_back_it_stops() -> None:
    room = Room()
    said = room.say(room.ben, wire.AllowChecks(answer=StandingAnswer.ALWAYS))
    begun = room.ask()
    back = room.say(room.ben, wire.AllowChecks(answer=StandingAnswer.ASK))

    assert ledger(said) == [("Ben", "checks.anyone", True)]
    assert ledger(begun) == [("Ben", f"check.{room.ana}", True)]
    assert len(opened(begun)) == 2
    assert results(back) == [(room.ana, "inconclusive", "stopped")]
    assert ledger(back) == [("Ben", "checks.anyone", False)]


def test_a_remembered_no_is_answered_without_asking() -> None:
    room = Room()
    room.say(room.ben, wire.AllowChecks(answer=StandingAnswer.NEVER))
    effects = room.ask()

    assert results(effects) == [(room.ana, "inconclusive", "refused")]
    assert not questions(effects)


def test_a_camera_that_is_off_oneself_and_nobody_cannot_be_checked() -> None:
    room = Room()
    room.say(room.ben, wire.SetMedia(microphone=True, camera=False))

    for whom in (room.ben, room.ana, "p99"):
        with pytest.raises(UserError):
            room.say(room.ana, wire.AskCheck(participant=whom))


def test_without_what_it_needs_nobody_can_ask_and_the_sentence_says_why() -> None:
    room = Room()
    room.meeting.checks.available(False, "Run parley models fetch.", [], T0)

    with pytest.raises(UserError, match="parley models fetch"):
        room.ask()


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
SERIES = st.lists(NUMBERS, max_size=200).map(tuple)
NAMES = st.sampled_from(["lips", "detector", "oracle"])
SAID = st.builds(Said, NAMES, NUMBERS, NUMBERS, NUMBERS, st.text(max_size=9), SERIES, SERIES, SERIES)


@given(st.text(max_size=9), st.text(max_size=9), st.lists(SAID, max_size=30).map(tuple))
def test_a_worker_gone_mad_is_told_as_far_as_it_may(verdict: str, reason: str, said: tuple[Said, ...]) -> None:
    result = check_results.result("c1", "p1", Weighed("s", verdict, reason, said))

    assert wire.HOST.validate_json(result.model_dump_json()) == result
    assert all(len(one.seconds) <= wire.MAX_PLOT for one in result.witnesses)


class Promises(RuleBasedStateMachine):
    """Beside the meeting: what each has said, and what a forwarder and a worker that obey would do."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.meeting = meeting()
        self.now = 110.0
        self.taps: dict[tuple[str, str], str] = {}
        self.streams: set[str] = set()
        self.agreed: set[str] = set()
        """Who has said yes to a check, or to all."""
        self.cameras: set[str] = set()
        self.asked = 0
        self.answers: list[str] = []
        self.host = camera(self.meeting, "Hana", Role.HOST)
        self.cameras.add(self.host)

    @rule(target=people)
    def joins(self) -> str:
        if len(self.meeting.roster()) == 8:
            return "p0"
        person = camera(self.meeting, "Ana")
        self.cameras.add(person)
        return person

    @rule(one=people, other=people)
    def asks(self, one: str, other: str) -> None:
        if self.say(one, wire.AskCheck(participant=other)):
            self.asked += 1

    @rule(person=people, number=st.integers(1, 9), yes=st.booleans())
    def answers_it(self, person: str, number: int, yes: bool) -> None:
        self.agreed |= {person} if yes else set()
        self.say(person, wire.AnswerCheck(check=f"c{number}", accept=yes))

    @rule(person=people, answer=st.sampled_from(StandingAnswer))
    def allows(self, person: str, answer: StandingAnswer) -> None:
        self.agreed |= {person} if answer is StandingAnswer.ALWAYS else set()
        self.say(person, wire.AllowChecks(answer=answer))

    @rule(person=people, number=st.integers(1, 9))
    def cancels(self, person: str, number: int) -> None:
        self.say(person, wire.CancelCheck(check=f"c{number}"))

    @rule(person=people, on=st.booleans())
    def turns_camera(self, person: str, on: bool) -> None:
        if self.say(person, wire.SetMedia(microphone=True, camera=on)):
            (self.cameras.add if on else self.cameras.discard)(person)

    @rule(checks=st.sampled_from(Askers))
    def host_allows(self, checks: Askers) -> None:
        self.say(self.host, wire.SetPolicy(checks=checks))

    @rule(seconds=st.floats(0.1, 20))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.obey(self.meeting.checks.wake(self.now))

    @rule(up=st.booleans())
    def worker_comes_or_dies(self, up: bool) -> None:
        self.obey(self.meeting.checks.available(True, "", [WORKER] if up else [], self.now))

    @rule(person=st.integers(1, 9), number=st.integers(1, 9))
    def something_is_weighed(self, person: int, number: int) -> None:
        self.obey(self.meeting.checks.weighed(Weighed(f"p{person}-check-c{number}", "inconsistent")))

    @rule(person=people)
    def loses_media(self, person: str) -> None:
        self.cameras.discard(person)
        self.obey(self.meeting.media_lost(person, "gone"))

    @rule(person=consumes(people))
    def leaves(self, person: str) -> None:
        self.obey(self.meeting.left(person, "", self.now))

    @invariant()
    def only_cameras_of_people_who_agreed_are_tapped(self) -> None:
        for source, _ in self.taps:
            person = source.partition("/")[0]
            assert person in self.agreed
            assert person in self.cameras

    @invariant()
    def whoever_is_checked_has_a_badge_and_nobody_else(self) -> None:
        analysed = {person.id for person in self.meeting.roster() if person.analysed}
        assert analysed == {source.partition("/")[0] for source, _ in self.taps}

    @invariant()
    def no_more_than_allowed_go_on_and_each_is_answered_once(self) -> None:
        assert len(self.streams) <= AT_ONCE
        assert len(set(self.answers)) == len(self.answers)
        assert self.asked - AT_ONCE <= len(self.answers) <= self.asked

    def teardown(self) -> None:
        self.now += 1000
        for _ in range(40):
            self.obey(self.meeting.checks.wake(self.now))
            self.now += 100
        assert len(self.answers) == self.asked
        assert not self.taps
        assert not self.streams

    def say(self, person: str, message: wire.ClientMessage) -> bool:
        self.now += 0.1
        with contextlib.suppress(ParleyError):
            here = person in {one.id for one in self.meeting.roster()}
            self.obey(self.meeting.handle(person, message, self.now))
            return here
        return False

    def obey(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case OpenCheck(stream):
                    self.streams.add(stream)
                case CloseStream(stream):
                    self.streams.remove(stream)
                case WeighCheck(stream):
                    assert stream in self.streams
                case Instruct(link.OpenTap(source=source, stream=stream)):
                    assert stream in self.streams
                    self.taps[source, stream] = stream
                case Instruct(link.CloseTap(source=source, stream=stream)):
                    self.taps.pop((source, stream))
                case Tell(_, wire.CheckResult(check=check)):
                    self.answers.append(check)


Promises.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestPromises = Promises.TestCase
