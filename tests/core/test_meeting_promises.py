"""Whatever people, forwarder and workers do, in any order: nobody is tapped who did not say yes."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sfu.core.captions import Heard
from sfu.core.effects import CloseMedia, CloseStream, Effect, Instruct, OpenMedia, OpenStream
from sfu.link import messages as link
from sfu.rtp.errors import ParleyError
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, Role
from tests.core.people import meeting, offer, ticket

CAPACITY = 4


class MeetingPromises(RuleBasedStateMachine):
    """Keeps, beside the meeting, what a forwarder and a broker that obey its effects would know."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.meeting = meeting(capacity=CAPACITY)
        self.now = 100.0
        self.here: set[str] = set()
        self.said_yes: set[str] = set()
        self.peers: set[str] = set()
        self.taps: dict[str, str] = {}
        self.streams: set[str] = set()

    @rule(target=people, role=st.sampled_from(Role))
    def somebody_joins(self, role: Role) -> str:
        try:
            person, effects = self.meeting.admit(ticket("Ana", role), ClientKind.DESKTOP, self.now, wall=0.0)
        except ParleyError:
            assert len(self.here) == CAPACITY
            return "p0"
        self.here.add(person)
        self.obey(effects)
        return person

    @rule(person=people)
    def offers(self, person: str) -> None:
        self.say(person, offer())

    @rule(person=people)
    def offers_nonsense(self, person: str) -> None:
        self.say(person, wire.Offer(sdp="v=0\r\nnonsense"))

    @rule(person=people, yes=st.booleans())
    def answers(self, person: str, yes: bool) -> None:
        if person in self.here:
            (self.said_yes.add if yes else self.said_yes.discard)(person)
        self.say(person, wire.AnswerConsent(captions=yes))

    @rule(person=people, on=st.booleans())
    def sets_captions(self, person: str, on: bool) -> None:
        self.say(person, wire.SetCaptions(on=on))

    @rule(person=people, microphone=st.booleans())
    def mutes(self, person: str, microphone: bool) -> None:
        self.say(person, wire.SetMedia(microphone=microphone, camera=False))

    @rule(person=consumes(people))
    def leaves(self, person: str) -> None:
        self.here.discard(person)
        self.said_yes.discard(person)
        self.obey(self.meeting.left(person, "", now=105.0))

    @rule(person=people)
    def is_secured(self, person: str) -> None:
        keys = link.SetKeys(peer=person, profile="AEAD_AES_128_GCM", send_key=b"s", receive_key=b"r")
        self.obey(self.meeting.secured(keys))

    @rule(person=people)
    def loses_media(self, person: str) -> None:
        self.obey(self.meeting.media_lost(person, "gone"))

    @rule()
    def forwarder_dies_and_comes_back(self) -> None:
        self.obey(self.meeting.forwarder_lost("gone"))
        assert not self.peers
        self.meeting.forwarder_ready()

    @rule(up=st.booleans(), available=st.booleans())
    def worker_changes(self, up: bool, available: bool) -> None:
        self.obey(self.meeting.inference(up, available, ""))

    @rule(number=st.integers(1, 9), person=st.integers(1, 9), final=st.booleans(), words=st.text(max_size=5))
    def something_is_heard(self, number: int, person: int, final: bool, words: str) -> None:
        heard = Heard(f"p{person}-{number}", 1, words, "", final, "en", self.now, self.now, 0.5)
        self.obey(self.meeting.heard(heard))

    @invariant()
    def only_consented_microphones_are_tapped(self) -> None:
        for source in self.taps:
            assert source.split("/")[1] == "microphone"
            assert source.split("/")[0] in self.said_yes & self.peers

    @invariant()
    def taps_and_streams_agree(self) -> None:
        assert sorted(self.taps.values()) == sorted(self.streams)

    @invariant()
    def the_forwarder_knows_nobody_who_left(self) -> None:
        assert self.peers <= self.here

    def say(self, person: str, message: wire.ClientMessage) -> None:
        self.now += 1
        with contextlib.suppress(ParleyError):
            self.obey(self.meeting.handle(person, message, self.now))

    def obey(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case OpenMedia(peer):
                    assert peer.peer not in self.peers
                    self.peers.add(peer.peer)
                case CloseMedia(peer):
                    self.peers.remove(peer)
                case OpenStream(stream):
                    assert stream not in self.streams
                    self.streams.add(stream)
                case CloseStream(stream):
                    self.streams.remove(stream)
                case Instruct(order):
                    self.order(order)
                case _:
                    pass

    def order(self, order: Any) -> None:
        match order:
            case link.OpenTap():
                assert order.source.split("/")[0] in self.peers, "a tap of somebody the forwarder does not know"
                assert order.stream in self.streams, "a tap into a stream that is not open"
                self.taps[order.source] = order.stream
            case link.CloseTap():
                assert self.taps.pop(order.source) == order.stream
            case _:
                assert order.peer in self.peers, "an order about somebody the forwarder does not know"


MeetingPromises.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMeetingPromises = MeetingPromises.TestCase
