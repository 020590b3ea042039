"""Whose face is read, and who sees it: examples, then whatever people, hosts and workers do in any order."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sfu.core.effects import CloseStream, Effect, Instruct, Keep, OpenSight, Tell, TellAll
from sfu.core.emotions import Seen
from sfu.core.meeting import Meeting
from sfu.core.records import Consented
from sfu.core.rules import Rules
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Audience, Role, SourceKind
from tests.core.people import HOST, Counting, admit, offer, told

OFF, ME, EVERYONE = Audience.OFF, Audience.ME, Audience.EVERYONE
ORDER = [OFF, ME, EVERYONE]
ON = wire.SetMedia(microphone=True, camera=True)


def meeting(limit: Audience = EVERYONE) -> Meeting:
    about = wire.Meeting(id="m1", title="Weekly", code="ABCDEFGH")
    opened = Meeting(about, Rules(10, True, "whisper-base", emotions=limit), HOST, Counting(), began=100.0)
    opened.forwarder_ready()
    opened.emotions.inference(True)
    return opened


def camera(to: Meeting, name: str, role: Role = Role.MEMBER) -> str:
    """Somebody whose camera is on."""
    person = admit(to, name, role)
    to.handle(person, offer(), now=101.0)
    to.handle(person, ON, now=101.0)
    return person


def allow(to: Meeting, host: str, audience: Audience, now: float = 102.0) -> list[Effect]:
    return to.handle(host, wire.SetPolicy(emotions=audience), now)


def share(to: Meeting, person: str, audience: Audience, now: float = 103.0) -> list[Effect]:
    return to.handle(person, wire.ShareEmotions(audience=audience), now)


def opened(effects: Sequence[Effect]) -> list[str]:
    return [effect.stream for effect in effects if isinstance(effect, OpenSight)]


def ledger(effects: Sequence[Effect]) -> list[Consented]:
    return [effect.record for effect in effects if isinstance(effect, Keep) and isinstance(effect.record, Consented)]


def smile(stream: str, now: float = 104.0) -> Seen:
    return Seen(stream, True, (0.2, 0.1, 0.3, 0.5), "happy", 0.9, "", now)


def shared(audience: Audience) -> tuple[Meeting, str, str, str]:
    """A meeting, its host, Ana who shares, and the stream of her face."""
    room = meeting()
    host, ana = camera(room, "Hana", Role.HOST), camera(room, "Ana")
    allow(room, host, EVERYONE)
    (stream,) = opened(share(room, ana, audience))
    return room, host, ana, stream


def test_nothing_is_read_until_the_host_allows_it() -> None:
    room = meeting()
    ana = camera(room, "Ana")

    with pytest.raises(UserError, match="not allowed") as refused:
        share(room, ana, ME)

    assert refused.value.code is ErrorCode.NOT_ALLOWED


def test_nothing_is_read_until_the_person_turns_it_on_for_themselves() -> None:
    room = meeting()
    host, ana = camera(room, "Hana", Role.HOST), camera(room, "Ana")

    assert opened(allow(room, host, EVERYONE)) == []
    effects = share(room, ana, ME)

    assert opened(effects) == [f"{ana}-face-1"]
    assert Instruct(link.OpenTap(source=f"{ana}/camera", stream=f"{ana}-face-1")) in effects
    assert room.roster()[1].analysed
    assert not room.roster()[0].analysed


def test_a_guess_for_oneself_is_told_to_nobody_else() -> None:
    room, _host, ana, stream = shared(ME)

    (effect,) = room.emotions.seen(smile(stream))

    assert isinstance(effect, Tell)
    assert effect.to == ana
    assert isinstance(effect.message, wire.Face)
    assert (effect.message.label, effect.message.x, effect.message.at) == ("happy", 0.2, 4.0)


def test_a_guess_for_everyone_is_told_to_all() -> None:
    room, _host, _ana, stream = shared(EVERYONE)

    assert isinstance(room.emotions.seen(smile(stream))[0], TellAll)


def test_one_tap_closes_the_tap_and_a_guess_on_its_way_is_thrown_away() -> None:
    room, _host, ana, stream = shared(EVERYONE)

    effects = share(room, ana, OFF)

    assert Instruct(link.CloseTap(source=f"{ana}/camera", stream=stream)) in effects
    assert CloseStream(stream) in effects
    assert any(isinstance(message, wire.Face) and not message.present for message in told(effects))
    assert room.emotions.seen(smile(stream)) == []
    assert not room.roster()[1].analysed


def test_going_back_to_oneself_takes_the_last_guess_from_the_others() -> None:
    room, _host, ana, _stream = shared(EVERYONE)

    effects = share(room, ana, ME)

    gone = [effect for effect in effects if isinstance(effect, TellAll) and isinstance(effect.message, wire.Face)]
    assert [(effect.but, effect.message.present) for effect in gone] == [(ana, False)]  # type: ignore[union-attr]


def test_the_ledger_says_who_agreed_to_what_and_when() -> None:
    room = meeting()
    host, ana = camera(room, "Hana", Role.HOST), camera(room, "Ana")
    allow(room, host, EVERYONE)

    entries = [ledger(share(room, ana, audience, 110.0 + at)) for at, audience in enumerate([ME, EVERYONE, OFF])]

    assert [(entry.about, entry.yes, entry.at) for (entry,) in entries] == [
        ("emotions.me", True, 10.0), ("emotions.everyone", True, 11.0), ("emotions.everyone", False, 12.0),
    ]  # fmt: skip
    assert {entry.name for (entry,) in entries} == {"Ana"}


def test_a_host_who_allows_less_stops_it_and_allowing_it_again_brings_nothing_back() -> None:
    room, host, _ana, stream = shared(EVERYONE)

    stopped = allow(room, host, OFF, 110.0)
    again = allow(room, host, EVERYONE, 120.0)

    assert CloseStream(stream) in stopped
    assert [(entry.about, entry.yes) for entry in ledger(stopped)] == [("emotions.everyone", False)]
    assert opened(again) == []


def test_at_work_and_at_school_only_oneself_may_see_it() -> None:
    room = meeting(limit=ME)
    host, ana = camera(room, "Hana", Role.HOST), camera(room, "Ana")

    with pytest.raises(UserError, match="At work and at school"):
        allow(room, host, EVERYONE)
    allow(room, host, ME)

    with pytest.raises(UserError, match="only you yourself"):
        share(room, ana, EVERYONE)
    assert opened(share(room, ana, ME))


def test_a_host_cannot_turn_it_on_for_somebody_and_members_cannot_allow_it() -> None:
    room = meeting()
    camera(room, "Hana", Role.HOST)
    ana = camera(room, "Ana")

    with pytest.raises(UserError):
        allow(room, ana, EVERYONE)


def test_a_camera_that_is_turned_off_is_not_read_and_is_again_when_it_comes_back() -> None:
    room, _host, ana, stream = shared(ME)

    off = room.handle(ana, wire.SetMedia(microphone=True, camera=False), now=105.0)
    on = room.handle(ana, ON, now=106.0)

    assert CloseStream(stream) in off
    assert opened(on) == [f"{ana}-face-2"]


def test_a_camera_turned_off_by_the_host_is_not_read() -> None:
    room, host, ana, stream = shared(ME)

    assert CloseStream(stream) in room.handle(host, wire.Mute(participant=ana, kind=SourceKind.CAMERA), now=105.0)


def test_who_leaves_is_not_read_any_more() -> None:
    room, _host, ana, stream = shared(EVERYONE)

    effects = room.left(ana, "", 105.0)

    assert CloseStream(stream) in effects
    assert room.emotions.seen(smile(stream)) == []


def test_a_new_worker_is_given_key_frames() -> None:
    room, _host, ana, stream = shared(ME)

    assert room.emotions.worker_began() == [Instruct(link.OpenTap(source=f"{ana}/camera", stream=stream))]
    assert room.emotions.wants_keyframe(stream) == room.emotions.worker_began()
    assert room.emotions.wants_keyframe("p9-face-1") == []


def test_a_worker_gone_mad_stops_nobody() -> None:
    room, _host, _ana, stream = shared(ME)

    (effect,) = room.emotions.seen(Seen(stream, True, (9e9, float("nan"), -5, 9), "enraged", 7.0, "because", 1.0))

    assert isinstance(effect, Tell)
    assert isinstance(effect.message, wire.Face)
    assert (effect.message.label, effect.message.unclear, effect.message.confidence) == ("", "", 1.0)


def test_where_faces_are_read_is_told_when_it_changes() -> None:
    room = meeting()
    worker = wire.CaptionsWorker(name="emotion-1", device="cpu")

    assert [type(message) for message in told(room.emotions.available(True, "", [worker]))] == [wire.EmotionsChanged]
    assert room.emotions.available(True, "", [worker]) == []


class Promises(RuleBasedStateMachine):
    """Beside the meeting: what each person and the host have said, and what a forwarder that obeys would do."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.meeting = meeting(limit=EVERYONE)
        self.now = 100.0
        self.chosen: dict[str, Audience] = {}
        self.allowed = OFF
        self.cameras: set[str] = set()
        self.taps: dict[str, str] = {}
        self.streams: set[str] = set()
        self.host = camera(self.meeting, "Hana", Role.HOST)
        self.cameras.add(self.host)

    @rule(target=people)
    def joins(self) -> str:
        if len(self.meeting.roster()) == 10:
            return "p0"
        person = camera(self.meeting, "Ana")
        self.cameras.add(person)
        return person

    @rule(person=people, audience=st.sampled_from(ORDER))
    def shares(self, person: str, audience: Audience) -> None:
        if self.say(person, wire.ShareEmotions(audience=audience)):
            self.chosen[person] = audience

    @rule(audience=st.sampled_from(ORDER))
    def host_allows(self, audience: Audience) -> None:
        if self.say(self.host, wire.SetPolicy(emotions=audience)):
            self.allowed = audience
            self.chosen = {who: min(one, audience, key=ORDER.index) for who, one in self.chosen.items()}

    @rule(person=people, on=st.booleans())
    def turns_camera(self, person: str, on: bool) -> None:
        if self.say(person, wire.SetMedia(microphone=True, camera=on)):
            (self.cameras.add if on else self.cameras.discard)(person)

    @rule(person=people)
    def loses_media(self, person: str) -> None:
        self.cameras.discard(person)
        self.obey(self.meeting.media_lost(person, "gone"))

    @rule(up=st.booleans())
    def broker_changes(self, up: bool) -> None:
        self.obey(self.meeting.emotions.inference(up))

    @rule(person=consumes(people))
    def leaves(self, person: str) -> None:
        self.chosen.pop(person, None)
        self.obey(self.meeting.left(person, "", self.now))

    @rule(number=st.integers(1, 6), person=st.integers(1, 12))
    def something_is_seen(self, number: int, person: int) -> None:
        owner, stream = f"p{person}", f"p{person}-face-{number}"
        for effect in self.meeting.emotions.seen(smile(stream, self.now)):
            assert stream in self.streams
            assert effect == Tell(owner, effect.message) or self.chosen[owner] is EVERYONE  # type: ignore[union-attr]

    @invariant()
    def only_faces_that_were_agreed_to_are_tapped(self) -> None:
        for source in self.taps:
            person, _, kind = source.partition("/")
            assert kind == "camera"
            assert self.chosen.get(person, OFF) is not OFF
            assert ORDER.index(self.chosen[person]) <= ORDER.index(self.allowed)
            assert person in self.cameras

    @invariant()
    def whoever_is_read_has_a_badge_and_nobody_else(self) -> None:
        analysed = {person.id for person in self.meeting.roster() if person.analysed}
        assert analysed == {source.partition("/")[0] for source in self.taps}

    @invariant()
    def taps_and_streams_agree(self) -> None:
        assert sorted(self.taps.values()) == sorted(self.streams)

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
                case OpenSight(stream):
                    self.streams.add(stream)
                case CloseStream(stream):
                    self.streams.remove(stream)
                case Instruct(link.OpenTap(source=source, stream=stream)):
                    assert stream in self.streams
                    self.taps[source] = stream
                case Instruct(link.CloseTap(source=source)):
                    self.taps.pop(source)


Promises.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestPromises = Promises.TestCase
