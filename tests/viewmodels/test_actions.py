from __future__ import annotations

from PySide6.QtCore import Qt

from app.preferences import Preferences
from app.viewmodels.actions import ActionsModel
from app.viewmodels.preferences import PreferencesModel


def actions(**keys: str) -> tuple[ActionsModel, list[Preferences]]:
    kept: list[Preferences] = []
    return ActionsModel(PreferencesModel(Preferences(keys=keys), kept.append)), kept


def test_new_keys_are_kept_and_shown() -> None:
    model, kept = actions()

    assert model.bind("microphone", "Ctrl+M") == {}

    assert kept[-1].keys == {"microphone": "Ctrl+M"}
    row = next(row for row in model.rows.items() if row.name == "microphone")
    assert (row.keys, row.own) == ("Ctrl+M", True)


def test_taken_keys_change_nothing_and_say_who_has_them() -> None:
    model, kept = actions()

    assert model.bind("camera", "Ctrl+D") == {"plain": False, "other": "microphone"}
    assert model.bind("camera", "D")["plain"]
    assert kept == []


def test_the_usual_keys_come_back_one_by_one_or_all() -> None:
    model, kept = actions(microphone="Ctrl+M", camera="F9")

    model.restore("microphone")
    assert kept[-1].keys == {"camera": "F9"}

    model.restore_all()
    assert kept[-1].keys == {}


def test_a_press_is_named_once_a_key_is_among_it() -> None:
    model, _ = actions()

    assert model.sequence(Qt.Key.Key_Control.value, Qt.KeyboardModifier.ControlModifier.value) == ""
    assert model.sequence(Qt.Key.Key_M.value, Qt.KeyboardModifier.ControlModifier.value) == "Ctrl+M"
    shifted = Qt.KeyboardModifier.ControlModifier.value | Qt.KeyboardModifier.ShiftModifier.value
    assert model.sequence(Qt.Key.Key_M.value, shifted) == "Ctrl+Shift+M"
