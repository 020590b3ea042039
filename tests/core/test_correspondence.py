"""What one client is told, over as many sockets as it takes: in order, each once, whatever is lost and when."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sfu.core import frames
from sfu.core.connections import MEDIA_LOST
from sfu.core.correspondence import Correspondence, Letter
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.wire import messages as wire


def notice(text: str) -> wire.Notice:
    return wire.Notice(code="test", sentence=text)


def speaking(*who: str) -> wire.Speaking:
    return wire.Speaking(participants=list(who))


def drained(letters: Correspondence) -> list[Letter]:
    taken = []
    while (letter := letters.take()) is not None:
        taken.append(letter)
    return taken


def posted(*messages: wire.HostMessage, remembered: int = 10) -> Correspondence:
    letters = Correspondence(remembered=remembered)
    for message in messages:
        letters.put(message)
    return letters


def test_what_was_sent_and_not_seen_comes_again_before_what_waits() -> None:
    letters = posted(notice("a"), notice("b"))
    drained(letters)
    letters.put(notice("c"))

    letters.resume(seen=1, media=True)

    assert drained(letters) == [Letter(notice("b"), 2), Letter(notice("c"), 3)]


def test_of_who_speaks_only_the_newest_comes_again() -> None:
    letters = Correspondence()
    for who in ("p1", "p2"):
        letters.put(speaking(who))
        drained(letters)

    letters.resume(seen=0, media=True)

    assert drained(letters) == [Letter(speaking("p2"), 2)]


def test_an_answer_to_a_ping_has_no_number_and_does_not_come_again() -> None:
    letters = posted(wire.Pong(n=1, now=0), notice("a"))

    assert [letter.number for letter in drained(letters)] == [None, 1]
    letters.resume(seen=0, media=True)
    assert drained(letters) == [Letter(notice("a"), 1)]


def test_who_was_away_too_long_is_told_to_join_again() -> None:
    letters = posted(*[notice(str(n)) for n in range(5)], remembered=3)
    drained(letters)

    with pytest.raises(UserError) as gone:
        letters.resume(seen=1, media=True)
    letters.resume(seen=2, media=True)

    assert gone.value.code is ErrorCode.GONE
    assert [letter.number for letter in drained(letters)] == [3, 4, 5]


def test_nobody_has_seen_what_was_never_sent() -> None:
    with pytest.raises(PeerFault):
        posted(notice("a")).resume(seen=1, media=True)


def test_without_media_nothing_of_the_old_negotiation_comes() -> None:
    over = [
        wire.Answer(sdp="v=0", slots=[]), wire.Slots(shows=[]), wire.Layers(source="p1/camera", wanted=["l"]),
        wire.Error(code=MEDIA_LOST, sentence="It stopped."),
    ]  # fmt: skip
    letters = posted(*over, notice("a"))
    drained(letters)
    letters.put(over[1])

    letters.resume(seen=0, media=False)

    assert [letter.message for letter in drained(letters)] == [notice("a")]


@given(st.text(max_size=20), st.integers(1, 2**53))
def test_a_numbered_frame_is_the_message_and_its_number(text: str, number: int) -> None:
    frame = frames.written(Letter(notice(text), number))

    assert wire.HOST.validate_json(frame) == notice(text).model_copy(update={"seq": number})
    assert "seq" not in json.loads(frames.written(Letter(notice(text), None)))


class Stay(RuleBasedStateMachine):
    """A client over sockets that are cut anywhere: what it saw is what was said, in order, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = Correspondence(capacity=1000, remembered=8)
        self.said: list[str] = []
        self.seen: list[str] = []
        self.wire: list[Letter] = []
        self.highest = 0
        self.refused = False

    @rule(count=st.integers(1, 4))
    def the_host_says_something(self, count: int) -> None:
        for _ in range(count):
            self.said.append(f"{len(self.said)}")
            self.letters.put(notice(self.said[-1]))

    @rule(who=st.sampled_from(["p1", "p2"]))
    def somebody_speaks(self, who: str) -> None:
        self.letters.put(speaking(who))

    @rule(count=st.integers(1, 5))
    def some_is_sent(self, count: int) -> None:
        self.wire += [letter for _ in range(count) if (letter := self.letters.take()) is not None]

    @precondition(lambda self: self.wire)
    @rule(count=st.integers(1, 5))
    def some_arrives(self, count: int) -> None:
        for letter in self.wire[:count]:
            assert letter.number is not None
            assert letter.number > self.highest
            self.highest = letter.number
            if isinstance(letter.message, wire.Notice):
                self.seen.append(letter.message.sentence)
        del self.wire[:count]

    @rule()
    def the_socket_is_cut_and_resumed(self) -> None:
        lost = len(self.wire)
        self.wire.clear()
        try:
            self.letters.resume(self.highest, media=True)
        except UserError:
            assert lost > 8 - 1
            self.__init__()  # type: ignore[misc]  # joins anew

    @invariant()
    def nothing_is_doubled_or_out_of_order(self) -> None:
        assert self.seen == self.said[: len(self.seen)]

    def teardown(self) -> None:
        """Nothing is lost either: on a socket that lasts the rest comes."""
        self.some_is_sent(10_000)
        self.some_arrives(10_000)
        assert self.seen == self.said


TestStay = Stay.TestCase
