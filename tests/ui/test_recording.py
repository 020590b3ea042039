"""Recording in the window: the notice before anything is recorded, the badge, the buttons of who runs the meeting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from sfu.wire import messages as wire
from sfu.wire.messages import Consent, Phase
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, press, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
ANA = PEOPLE[2]
RUNS = wire.RecordingState(phase=Phase.ON, by="Mei Lin", since=10)


def meet(stage: MakeStage, role: wire.Role = wire.Role.MEMBER) -> Stage:
    shown = stage()
    shown.desk.join(LINK, ANA.name)
    shown.engine.say(*live(*PEOPLE), wire.Changed(participant=ANA.model_copy(update={"role": role})))
    settle()
    return shown


def recorded(shown: Stage, state: wire.RecordingState = RUNS) -> None:
    shown.engine.say(wire.RecordingChanged(recording=state))
    settle()


def test_the_notice_comes_with_the_recording_and_a_yes_is_sent(stage: MakeStage) -> None:
    shown = meet(stage)

    recorded(shown)
    assert shows(shown, "Mei Lin records this meeting. If you agree, your voice, your camera and what you share are in "
                        "the recording.")
    click(shown, "Record me")

    assert shown.engine.sent[-1] == wire.AnswerRecording(yes=True)


def test_escape_is_a_no(stage: MakeStage) -> None:
    shown = meet(stage)
    recorded(shown)

    press(shown, Qt.Key.Key_Escape)

    assert shown.engine.sent[-1] == wire.AnswerRecording(yes=False)


def test_everybody_has_the_badge_and_changes_their_mind_there(stage: MakeStage) -> None:
    shown = meet(stage)
    recorded(shown)
    click(shown, "Leave me out")
    assert shows(shown, "Recording without you")
    shown.engine.say(wire.Changed(participant=ANA.model_copy(update={"recording": Consent.NO})))
    settle()

    click(shown, "Recording without you")
    click(shown, "Record me")

    assert shown.engine.sent[-1] == wire.AnswerRecording(yes=True)


def test_looking_again_at_the_notice_changes_nothing(stage: MakeStage) -> None:
    shown = meet(stage)
    recorded(shown)
    click(shown, "Record me")
    shown.engine.say(wire.Changed(participant=ANA.model_copy(update={"recording": Consent.YES})))
    settle()
    before = len(shown.engine.sent)

    click(shown, "Recording")
    press(shown, Qt.Key.Key_Escape)

    assert shown.engine.sent[before:] == []


def test_the_host_starts_pauses_and_stops_it(stage: MakeStage) -> None:
    shown = meet(stage, wire.Role.HOST)

    act(shown, "record")
    click(shown, "Start recording")
    started = shown.engine.sent[-1]
    shown.engine.say(wire.Changed(participant=ANA.model_copy(
        update={"role": wire.Role.HOST, "recording": Consent.YES, "recorded": True}
    )))  # fmt: skip
    recorded(shown)
    assert not shows(shown, "Record me"), "who starts it has agreed and is not asked"
    act(shown, "record")
    click(shown, "Pause")
    paused = shown.engine.sent[-1]
    recorded(shown, RUNS.model_copy(update={"phase": Phase.PAUSED}))
    assert shows(shown, "Recording paused")
    act(shown, "record")
    click(shown, "Stop recording")

    assert [started, paused, shown.engine.sent[-1]] == [
        wire.Record(phase=Phase.ON), wire.Record(phase=Phase.PAUSED), wire.Record(phase=Phase.OFF)
    ]  # fmt: skip


STAGE = PEOPLE[3].model_copy(update={"id": "p77", "name": "Stage", "client": wire.ClientKind.STREAM, "order": 77})
RUNNING = ANA.model_copy(update={"role": wire.Role.HOST, "recording": Consent.YES, "recorded": True})


def test_who_runs_the_meeting_answers_for_each_feed_once_and_members_are_not_asked(stage: MakeStage) -> None:
    shown = meet(stage, wire.Role.HOST)
    shown.engine.say(wire.Changed(participant=RUNNING))
    recorded(shown)
    shown.engine.say(wire.Joined(participant=STAGE))
    settle()
    assert shows(shown, "Record “Stage”, too?")
    click(shown, "Record it")
    settle()

    assert shown.engine.sent[-1] == wire.AnswerRecording(yes=True, participant="p77")
    assert not shows(shown, "Record it")

    shown.engine.say(wire.Joined(participant=STAGE.model_copy(update={"id": "p78", "name": "Door", "order": 78})))
    settle()
    press(shown, Qt.Key.Key_Escape)
    assert shown.engine.sent[-1] == wire.AnswerRecording(yes=False, participant="p78")


def test_another_co_hosts_answer_takes_the_question_away_and_a_member_never_sees_it(stage: MakeStage) -> None:
    shown = meet(stage)
    shown.engine.say(wire.Changed(participant=ANA.model_copy(update={"recording": Consent.YES})))
    recorded(shown)
    shown.engine.say(wire.Joined(participant=STAGE))
    settle()
    assert not shows(shown, "Record it")

    shown.engine.say(wire.Changed(participant=RUNNING))
    settle()
    assert shows(shown, "Record it")
    before = len(shown.engine.sent)
    shown.engine.say(wire.Changed(participant=STAGE.model_copy(update={"recording": Consent.NO})))
    settle()
    assert not shows(shown, "Record it")
    assert shown.engine.sent[before:] == []


def test_the_end_of_the_recording_takes_the_question_away_without_an_answer(stage: MakeStage) -> None:
    shown = meet(stage)
    recorded(shown)
    before = len(shown.engine.sent)

    recorded(shown, wire.RecordingState())

    assert not shows(shown, "Record me")
    assert shown.engine.sent[before:] == []


def test_each_start_asks_anew(stage: MakeStage) -> None:
    shown = meet(stage)
    recorded(shown)
    click(shown, "Leave me out")
    recorded(shown, wire.RecordingState())

    recorded(shown, RUNS.model_copy(update={"since": 99}))

    assert shows(shown, "Record me")
