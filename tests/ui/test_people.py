"""Running a meeting in the window: the lobby, one person's menu, the rules, what runs where, private messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from app.session import commands
from app.viewmodels.load import ProgramRow
from sfu.wire import messages as wire
from sfu.wire.messages import CaptionsState, CaptionsWorker, ClientKind, Lobby, Reaction, Role, Waiter, Waiting
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, cut, item_with, made, names, press, shows, type_in
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]
Key = Qt.Key
WAITERS = [
    Waiter(id="w1", name="<b>Li</b> " * 6, client=ClientKind.BROWSER, since=1400.0),
    Waiter(id="w2", name="Noa", client=ClientKind.DESKTOP, since=1430.0),
]


def host(stage: Stage, pane: str = "") -> None:
    """Mei Lin, who is host, has joined; the captions run on another computer."""
    stage.desk.join(LINK, "Mei Lin")
    stage.engine.say(*live(*PEOPLE, you="p0"))
    worker = CaptionsWorker(name="w", machine="studio-pc", device="cuda:0", compute="float16", model="whisper-base")
    captions = CaptionsState(on=True, available=True, model="whisper-base", workers=[worker])
    stage.engine.say(wire.CaptionsChanged(captions=captions))
    settle()
    if pane:
        act(stage, pane)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_everything_a_host_sees_fits(
    stage: MakeStage, language: str, theme: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, theme=theme, text_scale=scale)
    shown.resize(width, height)
    host(shown)
    shown.engine.say(Lobby(waiting=WAITERS), wire.Reacted(participant="p1", reaction=Reaction.SLOWER))
    settle()
    assert cut(shown) == []

    shown.desk.parley.room_load.show([ProgramRow("forwarder", 12, 80), ProgramRow("broker", 0, 0, "died")], 40, 2)
    act(shown, "people")
    assert cut(shown) == []
    for card in ("rules", "machines", "glossary"):
        act(shown, card)
        shown.window.grabWindow()
        assert cut(shown) == []
        press(shown, Key.Key_Escape)


def test_the_lobby_is_opened_and_closed_by_keyboard(stage: MakeStage) -> None:
    shown = stage()
    host(shown)
    shown.engine.say(Lobby(waiting=WAITERS[1:]))
    settle()

    assert {"Let Noa in", "Send Noa away"} <= names(shown, QAccessible.Role.Button)
    item_with(shown, "Let in").forceActiveFocus()
    press(shown, Key.Key_Return)

    assert shown.engine.sent[-1] == wire.Admit(who="w2")


def test_who_waits_is_told_at_home_and_can_stop(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")

    shown.engine.say(Waiting(you="p9", title="Review", sentence="Wait."))
    settle()

    sentence = "You are in front of “Review”. Somebody inside will let you in; keep this window open."
    assert shows(shown, sentence)
    click(shown, "Stop")
    settle()
    assert not shown.engine.running


def test_a_passcode_is_asked_for_where_one_is_needed(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.home.refuse("bad_passcode", "This meeting needs a passcode.")
    settle()

    assert "Passcode of the meeting" in names(shown, QAccessible.Role.EditableText)
    type_in(shown, "tulip")
    shown.desk.home.prefill(LINK)
    item_with(shown, "Join").forceActiveFocus()
    press(shown, Key.Key_Return)

    assert commands.Join(LINK, "Ana Costa", passcode="tulip") in shown.engine.sent


def test_a_line_of_the_list_opens_what_can_be_done_with_that_person(stage: MakeStage) -> None:
    shown = stage()
    host(shown, "people")
    people = next(item for item in shown.items() if accessible(item) == "People in the meeting" and item.height() > 300)
    people.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    settle()

    press(shown, Key.Key_Down)
    press(shown, Key.Key_Return)

    wishes = names(shown, QAccessible.Role.MenuItem)
    assert {"Ask Oskar Lindqvist to unmute", "Make Oskar Lindqvist co-host", "Remove Oskar Lindqvist…"} <= wishes
    click(shown, "Ask Oskar Lindqvist to unmute")
    assert shown.engine.sent[-1] == wire.AskUnmute(participant="p1")


def test_a_member_is_offered_nothing_that_only_hosts_may(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")
    shown.engine.say(*live(*PEOPLE))
    settle()
    act(shown, "people")

    assert not shows(shown, "Mute everybody")
    assert not shows(shown, "Run the meeting")
    act(shown, "rules")
    assert not shows(shown, "How this meeting is run")


def test_removing_somebody_asks_first_and_escape_changes_nothing(stage: MakeStage) -> None:
    shown = stage()
    host(shown)
    before = list(shown.engine.sent)
    ask(shown, "remove", "p1", "Oskar Lindqvist")
    press(shown, Key.Key_Escape)
    assert shown.engine.sent == before

    ask(shown, "remove", "p1", "Oskar Lindqvist")
    click(shown, "Do not let them back into this meeting")
    click(shown, "Remove")
    settle()

    assert shown.engine.sent[-1] == wire.Remove(participant="p1", bar=True)


def test_handing_the_role_over_says_that_the_meeting_stays(stage: MakeStage) -> None:
    shown = stage()
    host(shown)

    ask(shown, "host", "p1", "Oskar Lindqvist")
    click(shown, "Make host")

    assert shown.engine.sent[-1] == wire.SetRole(participant="p1", role=Role.HOST)


def test_rules_are_switches_that_say_whether_they_hold(stage: MakeStage) -> None:
    shown = stage()
    host(shown)
    act(shown, "rules")

    click(shown, "Locked: nobody new comes in")
    assert shown.engine.sent[-1] == wire.SetPolicy(locked=True)

    shown.engine.say(wire.PolicyChanged(policy=wire.Policy(locked=True), by="Mei Lin"))
    settle()
    assert item_with(shown, "Locked: nobody new comes in").property("checked")


def test_a_private_message_goes_to_one_person_and_says_so_before_it_is_sent(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")
    shown.engine.say(*live(*PEOPLE))
    settle()
    act(shown, "chat")
    made(shown, "personMenu").writing.emit("p1")
    settle()
    assert shows(shown, "To Oskar Lindqvist only")

    type_in(shown, "just you.")
    press(shown, Key.Key_Return)

    assert shown.engine.sent[-1] == commands.Chat("just you.", "p1")


def test_the_glossary_is_shown_and_saved_with_a_line_a_word(stage: MakeStage) -> None:
    shown = stage()
    host(shown)
    shown.engine.say(wire.CaptionsChanged(captions=CaptionsState(on=True, available=True, glossary=["Parley"])))
    act(shown, "glossary")
    press(shown, Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    press(shown, Key.Key_Return)
    type_in(shown, "opus")
    click(shown, "Save")

    assert shown.engine.sent[-1] == wire.SetGlossary(terms=["Parley", "opus"])


def test_everybody_can_see_where_their_voice_becomes_text(stage: MakeStage) -> None:
    shown = stage()
    host(shown)

    act(shown, "machines")

    assert shows(shown, "Captions: studio-pc")
    assert shows(shown, "whisper-base · on the graphics card · float16")


def ask(stage: Stage, kind: str, person: str, name: str) -> None:
    """As a row of that person's menu does."""
    made(stage, "personMenu").judging.emit(kind, person, name)
    settle()


def accessible(item: object) -> str:
    interface = QAccessible.queryAccessibleInterface(item)  # type: ignore[arg-type]
    return interface.text(QAccessible.Text.Name) if interface else ""
