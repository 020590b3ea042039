"""What a screen reader finds: every control has a role and a name, and no name carries a shortcut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible

from sfu.wire.messages import Consent
from tests.ui.fake_engine import LINK, PEOPLE, conversation, live
from tests.ui.looking import tree
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
Role = QAccessible.Role
PRESSED = (Role.Button, Role.CheckBox, Role.PageTab, Role.EditableText, Role.ListItem, Role.Dialog, Role.List)


def named(stage: Stage) -> list[tuple[Role, str]]:
    root = QAccessible.queryAccessibleInterface(stage.window)
    return [(found.role(), found.text(QAccessible.Text.Name)) for found in tree(root) if not found.state().invisible]


def meet(stage: Stage, *, asked: bool = True) -> None:
    stage.desk.join(LINK, "Ana Costa")
    people = PEOPLE if asked else [p.model_copy(update={"captions": Consent.UNASKED}) for p in PEOPLE]
    stage.engine.say(*live(*people), *conversation())
    settle()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("where", ["home", "meeting", "consent"])
def test_everything_that_can_be_used_has_a_name(stage: MakeStage, language: str, where: str) -> None:
    shown = stage(language=language)
    if where != "home":
        meet(shown, asked=where == "meeting")

    found = named(shown)

    assert [role for role, name in found if role in PRESSED and not name.strip()] == []
    assert [name for _, name in found if "Ctrl+" in name] == []
    assert any(role in PRESSED for role, _ in found)


def test_every_focusable_item_is_in_the_tree(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    for item in shown.items():
        if item.activeFocusOnTab() and item.isEnabled():
            interface = QAccessible.queryAccessibleInterface(item)
            assert interface is not None, item
            assert interface.text(QAccessible.Text.Name), item


def test_a_tile_reads_name_speaking_and_muted(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    names = [name for role, name in named(shown) if role is Role.ListItem]

    assert "Mei Lin, speaking" in names
    assert "Oskar Lindqvist, muted" in names
    assert "Ana Costa (you)" in names


def test_switches_say_whether_they_are_on(stage: MakeStage) -> None:
    shown = stage()
    root = QAccessible.queryAccessibleInterface(shown.window)

    states = {
        found.text(QAccessible.Text.Name): bool(found.state().checked)
        for found in tree(root)
        if found.role() is Role.CheckBox
    }

    assert states == {"Start with the microphone on": True, "Start with the camera on": False}


def test_captions_are_read_by_their_committed_words_only(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    names = [name for _, name in named(shown)]

    assert "Mei Lin: Thank you. Let us start with page two," in names
    assert not any("the one with the num" in name for name in names)
