"""Keys alone run a meeting; the space bar talks and presses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.session import commands
from app.session.events import LocalMedia
from app.ui.talk_key import TalkKey
from sfu.wire.messages import Changed
from tests.ui import looking
from tests.ui.fake_engine import LINK, PEOPLE, conversation, live
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT, NONE = Mod.ControlModifier, Mod.ShiftModifier, Mod.NoModifier


def meeting(stage: MakeStage, *, hosting: bool = False, muted: bool = False) -> Stage:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")
    shown.engine.say(*live(*PEOPLE, you="p0" if hosting else "p2"))
    if muted:
        shown.engine.say(LocalMedia(False, True))
    shown.window.requestActivate()
    settle()
    shown.engine.sent.clear()
    return shown


def press(stage: Stage, key: Key, modifiers: Mod = NONE) -> None:
    QTest.keyClick(stage.window, key, modifiers)
    settle()


@pytest.mark.parametrize(("key", "command"), [
    (Key.Key_D, commands.SetMicrophone(False)),
    (Key.Key_E, commands.SetCamera(False)),
])
def test_a_shortcut_sends_its_command(stage: MakeStage, key: Key, command: commands.Command) -> None:
    shown = meeting(stage)

    press(shown, key, CTRL)

    assert shown.engine.sent == [command]


def test_captions_are_hidden_and_shown_for_this_reader_only(stage: MakeStage) -> None:
    shown = meeting(stage)
    assert shown.desk.meeting
    assert shown.desk.meeting.captions_shown

    press(shown, Key.Key_C, CTRL | SHIFT)

    assert not shown.desk.meeting.captions_shown
    assert not any(isinstance(command, commands.SetCaptions) for command in shown.engine.sent)


def test_panes_open_and_escape_closes_them_without_leaving(stage: MakeStage) -> None:
    shown = meeting(stage)
    press(shown, Key.Key_P, CTRL | SHIFT)
    assert has(shown, "Invite people")

    press(shown, Key.Key_Escape)

    assert not has(shown, "Invite people")
    assert shown.desk.parley.screen == "meeting"
    assert commands.Leave() not in shown.engine.sent


def test_leaving_asks_first_and_enter_on_leave_leaves(stage: MakeStage) -> None:
    shown = meeting(stage)

    press(shown, Key.Key_Q, CTRL | SHIFT)
    assert shown.engine.sent == []
    press(shown, Key.Key_Backtab, SHIFT)
    assert focused(shown) == "Leave"
    press(shown, Key.Key_Return)

    assert shown.engine.sent == [commands.Leave()]


def test_escape_in_the_leave_dialog_stays(stage: MakeStage) -> None:
    shown = meeting(stage)
    press(shown, Key.Key_Q, CTRL | SHIFT)

    press(shown, Key.Key_Escape)

    assert shown.engine.sent == []
    assert not shown.window.property("asking")


def test_closing_the_window_during_a_meeting_asks_too(stage: MakeStage) -> None:
    shown = meeting(stage)

    shown.window.close()
    settle()

    assert shown.window.isVisible()
    assert shown.window.property("asking")


def talk_key(shown: Stage) -> TalkKey:
    usable = lambda: shown.desk.meets and not shown.window.property("asking")  # noqa: E731
    return TalkKey(shown.window, lambda: shown.desk.parley.talk_keys, usable, shown.desk.talk)


def test_the_space_bar_talks_while_it_is_held_and_presses_no_button(stage: MakeStage) -> None:
    shown = meeting(stage, muted=True)
    key = talk_key(shown)
    press(shown, Key.Key_Tab)
    shown.engine.sent.clear()

    QTest.keyPress(shown.window, Key.Key_Space)
    settle()
    assert shown.engine.sent == [commands.SetMicrophone(True)]

    QTest.keyRelease(shown.window, Key.Key_Space)
    settle()
    assert shown.engine.sent == [commands.SetMicrophone(True), commands.SetMicrophone(False)]
    key.deleteLater()


def test_another_key_can_be_held_to_talk_and_is_typed_in_a_text_field(stage: MakeStage) -> None:
    shown = meeting(stage, muted=True)
    key = talk_key(shown)
    assert shown.desk.parley.actions.bind("talk", "T") == {}
    shown.engine.sent.clear()

    press(shown, Key.Key_Space)
    press(shown, Key.Key_T)
    assert shown.engine.sent == [commands.SetMicrophone(True), commands.SetMicrophone(False)]

    looking.act(shown, "chat")
    press(shown, Key.Key_T)
    assert shown.engine.sent[2:] == []
    item = shown.window.activeFocusItem()
    assert item is not None
    assert item.property("text") == "t"
    key.deleteLater()


def test_at_home_space_is_a_space(stage: MakeStage) -> None:
    shown = stage()
    key = talk_key(shown)
    shown.window.requestActivate()
    settle()

    press(shown, Key.Key_X)
    press(shown, Key.Key_Space)
    press(shown, Key.Key_Y)

    item = shown.window.activeFocusItem()
    assert item is not None
    assert item.property("text") == "x y"
    key.deleteLater()


def test_text_grows_and_shrinks_by_keys_and_is_remembered(stage: MakeStage) -> None:
    shown = stage()
    shown.window.requestActivate()
    settle()

    press(shown, Key.Key_Plus, CTRL)
    press(shown, Key.Key_Plus, CTRL)
    press(shown, Key.Key_Minus, CTRL)

    assert shown.kept[-1].text_scale == 1.1


def test_f6_goes_from_region_to_region(stage: MakeStage) -> None:
    shown = meeting(stage)
    visited = []
    for _ in range(4):
        press(shown, Key.Key_F6)
        visited.append(focused(shown))

    assert len(set(visited)) == 4


def test_every_control_of_a_meeting_can_be_reached_with_tab(stage: MakeStage) -> None:
    shown = meeting(stage)
    reached = set()
    for _ in range(30):
        press(shown, Key.Key_Tab)
        reached.add(focused(shown))

    assert {"Invite", "Mute", "Stop video", "Captions", "Transcript", "People", "Leave", "Close the pane"} <= reached


def test_a_hand_goes_up_and_down_by_key(stage: MakeStage) -> None:
    shown = meeting(stage)

    press(shown, Key.Key_H, CTRL | SHIFT)
    shown.engine.say(Changed(participant=PEOPLE[2].model_copy(update={"hand": 1460.0})))
    settle()
    assert has(shown, "Lower hand")
    press(shown, Key.Key_H, CTRL | SHIFT)

    assert shown.engine.sent == [commands.RaiseHand(True), commands.RaiseHand(False)]


def test_a_message_is_written_and_sent_by_keys_alone(stage: MakeStage) -> None:
    shown = meeting(stage)
    press(shown, Key.Key_M, CTRL | SHIFT)
    for letter in "<b>hi":
        QTest.keyClick(shown.window, letter)
    settle()

    press(shown, Key.Key_Return)
    press(shown, Key.Key_Return)

    assert [c for c in shown.engine.sent if isinstance(c, commands.Chat)] == [commands.Chat("<b>hi")]


def test_own_keys_replace_the_usual_ones(stage: MakeStage) -> None:
    shown = meeting(stage)
    shown.desk.parley.actions.bind("microphone", "Ctrl+M")
    settle()

    press(shown, Key.Key_D, CTRL)
    assert shown.engine.sent == []

    press(shown, Key.Key_M, CTRL)
    assert shown.engine.sent == [commands.SetMicrophone(False)]


def test_keys_are_changed_by_pressing_them(stage: MakeStage) -> None:
    shown = stage()
    shown.window.requestActivate()
    shown.open_settings("keyboard")
    button = next(i for i in shown.items() if i.property("text") == shown.desk.parley.actions.shown["microphone"])
    button.forceActiveFocus(Qt.FocusReason.TabFocusReason)

    press(shown, Key.Key_Return)
    press(shown, Key.Key_E, CTRL)
    assert has(shown, "“Start or stop video” has these keys. Change those first.")

    press(shown, Key.Key_Return)
    press(shown, Key.Key_M, CTRL)
    assert shown.kept[-1].keys == {"microphone": "Ctrl+M"}


def test_settings_open_by_key_and_escape_goes_back_to_the_meeting(stage: MakeStage) -> None:
    shown = meeting(stage)
    press(shown, Key.Key_Comma, CTRL)
    assert has(shown, "Settings")
    press(shown, Key.Key_D, CTRL)
    assert shown.engine.sent == []

    press(shown, Key.Key_Escape)
    press(shown, Key.Key_D, CTRL)

    assert shown.engine.sent == [commands.SetMicrophone(False)]


def test_the_palette_does_what_is_typed(stage: MakeStage) -> None:
    shown = meeting(stage)
    press(shown, Key.Key_K, CTRL)
    for letter in (Key.Key_V, Key.Key_I, Key.Key_D, Key.Key_E, Key.Key_O):
        press(shown, letter)

    press(shown, Key.Key_Return)

    assert shown.engine.sent == [commands.SetCamera(False)]
    assert not shown.window.property("asking")


def test_the_palette_at_home_offers_nothing_of_a_meeting(stage: MakeStage) -> None:
    shown = stage()
    shown.window.requestActivate()
    press(shown, Key.Key_K, CTRL)

    assert has(shown, "Settings")
    assert not has(shown, "Leave the meeting")


def test_searching_the_transcript_shows_what_was_found_and_escape_shows_all(stage: MakeStage) -> None:
    shown = meeting(stage)
    shown.engine.say(*conversation())
    press(shown, Key.Key_F, CTRL)
    for letter in "fixed":
        QTest.keyClick(shown.window, letter)
    settle()
    assert shown.desk.meeting
    assert len(shown.desk.meeting.transcript.items()) == 1
    assert has(shown, "Yes. The bar has a fixed height, so nothing above it moves.")
    assert has(shown, "1 found")

    press(shown, Key.Key_Escape)

    assert len(shown.desk.meeting.transcript.items()) > 1
    assert shown.desk.meeting.transcript.query == ""


def focused(stage: Stage) -> str:
    item = stage.window.activeFocusItem()
    return str(item.property("text") or item.property("name") or item) if item else ""


def has(stage: Stage, text: str) -> bool:
    return any(item.property("text") == text for item in stage.items())
