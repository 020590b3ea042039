"""One model, several speakers: finals first, then whoever waited longest."""

from __future__ import annotations

from models.core.hearing import Ask, Kind
from models.core.turns import LATE, ON_TIME, TELL_EVERY, Lateness, Turns

PARTIAL = Ask(Kind.PARTIAL, 0.0, 2.0, (), "en", 10)
FINAL = Ask(Kind.FINAL, 0.0, 2.0, (), "en", 10)


def test_a_final_goes_before_every_update() -> None:
    turns = Turns()

    assert turns.choose({"ana": PARTIAL, "ben": FINAL, "max": PARTIAL}, now=1.0) == "ben"


def test_speakers_who_all_want_updates_take_turns() -> None:
    turns = Turns()
    wishes = {"ana": PARTIAL, "ben": PARTIAL, "max": PARTIAL}

    served = [turns.choose(wishes, now=float(second)) for second in range(1, 7)]

    assert served == ["ana", "ben", "max", "ana", "ben", "max"]


def test_of_two_finals_the_one_that_waited_longer_goes_first() -> None:
    turns = Turns()
    turns.choose({"ana": FINAL, "ben": FINAL}, now=1.0)

    assert turns.choose({"ana": FINAL, "ben": FINAL}, now=2.0) == "ben"


def test_nothing_wanted_is_nobodys_turn() -> None:
    assert Turns().choose({}, now=1.0) is None


def test_lateness_is_told_once_in_a_while_and_its_end_once() -> None:
    lateness = Lateness()

    assert not lateness.measure(LATE - 0.1, now=0.0)
    assert lateness.measure(LATE, now=1.0)
    assert "busy" in lateness.sentence
    assert not lateness.measure(LATE, now=1.5)
    assert lateness.measure(LATE, now=1.0 + TELL_EVERY)
    assert not lateness.measure(ON_TIME + 0.1, now=3.5)
    assert lateness.measure(ON_TIME, now=4.0)
    assert lateness.sentence == ""
