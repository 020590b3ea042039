"""Checks of cameras as a client knows them: what it is asked, what it is shown, and what it asked for."""

from __future__ import annotations

from app.session.checks import NO_CHECKS, Checks, after, answered, closed
from sfu.wire.messages import Check, CheckAsked, CheckResult, CheckStep, Stage

ME, BEN = "p1", "p2"
QUESTION = CheckAsked(check="c1", by=BEN, name="Ben", seconds=13.5, until=40)


def mine(stage: Stage) -> Check:
    return Check(check="c1", participant=ME, by=BEN, stage=stage)


def theirs(stage: Stage) -> Check:
    return Check(check="c2", participant=BEN, by=ME, stage=stage)


def told(*messages: Check | CheckAsked | CheckStep | CheckResult, before: Checks = NO_CHECKS) -> Checks:
    for message in messages:
        before = after(before, message, ME)
    return before


def test_a_question_stands_until_it_is_answered_here_or_by_the_host() -> None:
    asked = told(QUESTION, mine("asking"))

    assert asked.asked == QUESTION
    assert answered(asked).asked is None
    assert told(mine("running"), before=asked).asked is None
    assert told(mine("over"), before=asked).asked is None


def test_what_is_to_be_done_goes_with_the_check() -> None:
    step = CheckStep(check="c1", act="nod", until=5)
    running = told(mine("running"), step)

    assert (running.mine, running.step) == (mine("running"), step)
    assert told(mine("over"), before=running) == NO_CHECKS


def test_a_result_stands_until_it_is_put_away_or_another_check_begins() -> None:
    result = CheckResult(check="c2", participant=BEN, verdict="inconclusive", reason="refused")
    over = told(theirs("asking"), theirs("over"), result)

    assert (over.theirs, over.result) == (theirs("over"), result)
    assert closed(over) == NO_CHECKS
    assert told(theirs("asking"), before=over).result is None


def test_a_check_between_others_is_nobodys_business_here() -> None:
    other = Check(check="c9", participant="p8", by="p9", stage="running")

    assert told(other) == NO_CHECKS
