"""Guesses from faces in the window: said with the name, stopped by one press, hidden by one key, asked for first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage

from app.viewmodels.gallery import SELF
from sfu.wire import messages as wire
from sfu.wire.messages import Audience
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, press, shows, tree
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
ANA = PEOPLE[2]
READ = ANA.model_copy(update={"emotions": Audience.EVERYONE, "analysed": True, "camera": True})


def meet(stage: MakeStage, allowed: Audience = Audience.EVERYONE) -> Stage:
    shown = stage()
    shown.desk.join(LINK, ANA.name)
    shown.engine.say(*live(*PEOPLE), wire.PolicyChanged(policy=wire.Policy(emotions=allowed), by="Mei Lin"))
    settle()
    return shown


def read(stage: MakeStage) -> Stage:
    """The own face is read, and seems happy."""
    shown = meet(stage)
    shown.engine.say(wire.Changed(participant=READ))
    shown.engine.pictured.emit(SELF, QImage(320, 180, QImage.Format.Format_RGB32))
    box = {"x": 0.3, "y": 0.2, "width": 0.3, "height": 0.5}
    shown.engine.say(wire.Face(participant=ANA.id, present=True, label="happy", at=1, **box))
    settle()
    return shown


def names(shown: Stage) -> list[str]:
    return [one.text(QAccessible.Text.Name) for one in tree(QAccessible.queryAccessibleInterface(shown.window))]


def test_the_guess_is_drawn_and_said_with_the_name_and_always_called_a_guess(stage: MakeStage) -> None:
    shown = read(stage)

    assert shows(shown, "Happy (guess)")
    (tile,) = [name for name in names(shown) if name.startswith(f"{ANA.name} (you),")]
    assert "face is read" in tile
    assert "Happy (guess)" in tile


def test_one_key_hides_it_and_nothing_else(stage: MakeStage) -> None:
    shown = read(stage)
    before = len(shown.engine.sent)

    press(shown, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    assert not shows(shown, "Happy (guess)")
    assert shown.engine.sent[before:] == []


def test_one_press_on_the_own_badge_stops_it(stage: MakeStage) -> None:
    shown = read(stage)

    (badge,) = [
        one for one in tree(QAccessible.queryAccessibleInterface(shown.window))
        if one.text(QAccessible.Text.Name) == "Stop guessing from your face"
    ]  # fmt: skip
    badge.actionInterface().doAction("Press")
    settle()

    assert shown.engine.sent[-1] == wire.ShareEmotions(audience=Audience.OFF)


def test_it_is_asked_for_with_the_notice_and_what_was_chosen_is_sent(stage: MakeStage) -> None:
    shown = meet(stage)

    act(shown, "emotions")
    assert shows(shown, "Guess what your face shows?")
    click(shown, "Only for me")

    assert shown.engine.sent[-1] == wire.ShareEmotions(audience=Audience.ME)


def test_where_only_oneself_may_see_it_everybody_is_not_offered(stage: MakeStage) -> None:
    shown = meet(stage, Audience.ME)

    act(shown, "emotions")

    assert not shows(shown, "For everybody")


def test_escape_changes_nothing(stage: MakeStage) -> None:
    shown = meet(stage)
    before = len(shown.engine.sent)

    act(shown, "emotions")
    press(shown, Qt.Key.Key_Escape)

    assert shown.engine.sent[before:] == []


def test_the_panel_says_whose_face_is_read_and_who_sees_it(stage: MakeStage) -> None:
    shown = read(stage)

    act(shown, "processing")

    assert any(f"Guesses from the faces of: {ANA.name} (everybody sees it)" in name for name in names(shown)) or shows(
        shown, f"Guesses from the faces of: {ANA.name} (everybody sees it)"
    )
