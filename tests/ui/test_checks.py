"""Checks of cameras in the window: asked for by name, agreed to first, done by what is shown, and read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from sfu.wire import messages as wire
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, made, press, shows
from tests.ui.scenes import witnesses
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
MEI, ANA = PEOPLE[0], PEOPLE[2]


def meet(stage: MakeStage) -> Stage:
    """Ana's window; Mei's camera is on, and cameras can be checked."""
    shown = stage()
    shown.desk.join(LINK, ANA.name)
    people = [person.model_copy(update={"camera": True}) for person in PEOPLE]
    shown.engine.say(*live(*people), wire.ChecksChanged(checks=wire.ChecksState(possible=True)))
    settle()
    return shown


def asked(stage: MakeStage) -> Stage:
    shown = meet(stage)
    shown.engine.say(wire.CheckAsked(check="c1", by=MEI.id, name=MEI.name, seconds=13.5, until=99))
    shown.engine.say(wire.Check(check="c1", participant=ANA.id, by=MEI.id, stage="asking"))
    settle()
    return shown


def said(shown: Stage) -> list[object]:
    kinds = (wire.AskCheck, wire.AnswerCheck, wire.AllowChecks, wire.CancelCheck)
    return [message for message in shown.engine.sent if isinstance(message, kinds)]


def mine(stage: wire.Stage) -> wire.Check:
    return wire.Check(check="c1", participant=ANA.id, by=MEI.id, stage=stage)


def theirs(stage: wire.Stage) -> wire.Check:
    return wire.Check(check="c2", participant=MEI.id, by=ANA.id, stage=stage)


def test_who_is_asked_reads_who_asks_and_escape_says_no(stage: MakeStage) -> None:
    shown = asked(stage)

    assert made(shown, "checkAskedCard").property("heading") == f"{MEI.name} asks to check your camera"
    press(shown, Qt.Key.Key_Escape)

    assert said(shown) == [wire.AnswerCheck(check="c1", accept=False)]


def test_the_focus_starts_on_no_and_enter_there_is_a_no(stage: MakeStage) -> None:
    shown = asked(stage)

    press(shown, Qt.Key.Key_Space)

    assert said(shown) == [wire.AnswerCheck(check="c1", accept=False)]


def test_a_yes_may_be_remembered_for_the_meeting(stage: MakeStage) -> None:
    shown = asked(stage)

    click(shown, "Answer so to everybody in this meeting")
    click(shown, "Check my camera")

    always = wire.AllowChecks(answer=wire.StandingAnswer.ALWAYS)
    assert said(shown) == [always, wire.AnswerCheck(check="c1", accept=True)]


def test_a_question_that_is_over_is_not_asked_any_more(stage: MakeStage) -> None:
    shown = asked(stage)

    shown.engine.say(mine("over"))
    settle()

    assert not made(shown, "checkAskedCard").property("opened")
    assert said(shown) == []


def test_who_is_checked_sees_what_to_do_and_stops_it_with_escape(stage: MakeStage) -> None:
    shown = meet(stage)
    shown.engine.say(mine("running"), wire.CheckStep(check="c1", act="nod", until=9))
    settle()
    assert shows(shown, "Nod")

    shown.engine.say(wire.CheckStep(check="c1", colour="#3cff3c", code="4729", until=9))
    settle()
    assert shows(shown, "4729")
    press(shown, Qt.Key.Key_Escape)

    assert said(shown) == [wire.CancelCheck(check="c1")]


def test_whose_camera_it_is_can_be_chosen_from_the_palettes_action(stage: MakeStage) -> None:
    shown = meet(stage)

    act(shown, "check")
    click(shown, MEI.name)

    assert said(shown) == [wire.AskCheck(participant=MEI.id)]


def test_who_asked_reads_the_verdict_its_sentence_and_what_each_witness_says(stage: MakeStage) -> None:
    shown = meet(stage)
    act(shown, "check")
    shown.engine.say(theirs("running"))
    settle()
    assert shows(shown, f"{MEI.name} is doing what is asked of them. Watch, too.")

    verdict: wire.Verdict = "inconsistent"
    result = wire.CheckResult(check="c2", participant=MEI.id, verdict=verdict, witnesses=witnesses(verdict))
    shown.engine.say(theirs("over"), result)
    settle()

    assert shows(shown, "Check: inconsistent")
    assert shows(shown, f"Something does not fit together. Ask {MEI.name} something only they would know.")
    assert shows(shown, "Do the lips move to the voice?")
    assert shows(shown, "Cannot tell. This was not asked.")
    press(shown, Qt.Key.Key_Escape)
    assert said(shown) == []


def test_closing_the_card_stops_a_check_that_goes_on(stage: MakeStage) -> None:
    shown = meet(stage)
    act(shown, "check")
    shown.engine.say(theirs("running"))
    settle()

    click(shown, "Stop the check")

    assert said(shown) == [wire.CancelCheck(check="c2")]


def test_where_checks_are_not_allowed_nobody_can_be_chosen(stage: MakeStage) -> None:
    shown = meet(stage)
    shown.engine.say(wire.PolicyChanged(policy=wire.Policy(checks=wire.Askers.OFF), by=MEI.name))
    settle()

    act(shown, "check")

    assert shows(shown, "The host has not allowed checks of cameras in this meeting.")
