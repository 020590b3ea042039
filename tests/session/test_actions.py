from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.actions import ACTIONS, Keymap, Objection, ranked

TEXTS = {
    "microphone": "Mute or unmute",
    "camera": "Video on or off",
    "leave": "Leave the meeting",
    "people": "Show people",
}


def test_no_two_actions_share_their_usual_keys() -> None:
    keys = [action.keys for action in ACTIONS if action.keys]

    assert len(set(keys)) == len(keys)
    assert all(Keymap().objection(action.name, action.keys) is None for action in ACTIONS)


def test_a_choice_replaces_the_usual_keys_and_frees_them_for_others() -> None:
    keymap = Keymap().rebound("microphone", "Ctrl+M").rebound("camera", "Ctrl+D")

    assert keymap.keys["microphone"] == "Ctrl+M"
    assert keymap.keys["camera"] == "Ctrl+D"
    assert keymap.chosen == {"microphone": "Ctrl+M", "camera": "Ctrl+D"}


def test_keys_that_are_taken_say_by_what() -> None:
    assert Keymap().objection("camera", "Ctrl+D") == Objection("microphone")


@pytest.mark.parametrize("keys", ["D", "Shift+D", "Space", "Return", "7", "Shift+", ""])
def test_what_would_be_typed_is_no_shortcut(keys: str) -> None:
    expected = None if keys == "" else Objection("", plain=True)

    assert Keymap().objection("camera", keys) == expected


@pytest.mark.parametrize("keys", ["F9", "Shift+F9", "Ctrl+9", "Alt+X", "Meta+Shift+X", "Ctrl+Shift++", "Ctrl+-"])
def test_keys_that_cannot_be_typed_are_allowed(keys: str) -> None:
    assert Keymap().rebound("smaller", "").objection("camera", keys) is None


def test_what_is_held_may_be_any_key_but_those_by_which_people_get_around() -> None:
    allowed = {keys for keys in ("Space", "T", "Ctrl+Space", "F4") if Keymap().objection("talk", keys) is None}
    refused = {keys for keys in ("Tab", "Shift+Tab", "Esc", "Return") if Keymap().objection("talk", keys) is not None}

    assert len(allowed) == len(refused) == 4


def test_choosing_the_usual_keys_again_is_no_choice() -> None:
    keymap = Keymap().rebound("microphone", "Ctrl+M")

    assert keymap.rebound("microphone", keymap.usual("microphone")).chosen == {}


def test_names_from_another_version_are_forgotten() -> None:
    assert Keymap({"teleport": "Ctrl+T", "microphone": "Ctrl+M"}).chosen == {"microphone": "Ctrl+M"}


def test_the_palette_finds_by_any_words_and_puts_beginnings_first() -> None:
    assert ranked("", TEXTS) == list(TEXTS)
    assert ranked("on", TEXTS) == ["camera"]
    assert ranked("le", TEXTS) == ["leave", "people"]
    assert ranked("MUTE", TEXTS) == ["microphone"]
    assert ranked("meeting leave", TEXTS) == ["leave"]
    assert ranked("xyz", TEXTS) == []


@given(st.text(), st.text())
def test_any_text_is_an_answer_and_never_an_error(name: str, keys: str) -> None:
    keymap = Keymap({name: keys})

    assert isinstance(keymap.objection("camera", keys), Objection | None)
    assert set(ranked(keys, TEXTS)) <= TEXTS.keys()
