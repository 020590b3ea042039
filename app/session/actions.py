"""What a press of keys does: every action of the window, its usual keys, and a person's own choice of them.

The keyboard map, the command palette and the tips on buttons all read this one table.  Key sequences are in Qt's
portable form ("Ctrl+Shift+T"), which a Mac shows with its own signs.  What an action does is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """On which screen an action has a meaning."""

    ANYWHERE = "anywhere"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Action:
    """`keys`: the usual ones; empty where the palette is the only way.  `held`: done for as long as they are held."""

    name: str
    keys: str
    where: Where = Where.MEETING
    held: bool = False


ACTIONS = (
    Action("microphone", "Ctrl+D"),
    Action("talk", "Space", held=True),
    Action("camera", "Ctrl+E"),
    Action("hand", "Ctrl+Shift+H"),
    Action("share", "Ctrl+Shift+S"),
    Action("small", "Ctrl+Shift+W"),
    Action("statistics", ""),
    Action("react", "Ctrl+Shift+E"),
    Action("mute_all", ""),
    Action("rules", ""),
    Action("glossary", ""),
    Action("machines", ""),
    Action("processing", ""),
    Action("record", ""),
    Action("recordings", ""),
    Action("emotions", ""),
    Action("guesses", "Ctrl+Shift+O"),
    Action("check", ""),
    Action("captions", "Ctrl+Shift+C"),
    Action("transcript", "Ctrl+Shift+T"),
    Action("chat", "Ctrl+Shift+M"),
    Action("people", "Ctrl+Shift+P"),
    Action("files", "Ctrl+Shift+L"),
    Action("share_file", ""),
    Action("find", "Ctrl+F"),
    Action("view", "Ctrl+Shift+G"),
    Action("hide_self", "Ctrl+Shift+I"),
    Action("invite", "Ctrl+I"),
    Action("next_region", "F6"),
    Action("previous_region", "Shift+F6"),
    Action("leave", "Ctrl+Shift+Q"),
    Action("palette", "Ctrl+K", Where.ANYWHERE),
    Action("history", "Ctrl+H", Where.ANYWHERE),
    Action("devices", "Ctrl+Shift+D", Where.ANYWHERE),
    Action("settings", "Ctrl+,", Where.ANYWHERE),
    Action("full_screen", "F11", Where.ANYWHERE),
    Action("larger", "Ctrl++", Where.ANYWHERE),
    Action("smaller", "Ctrl+-", Where.ANYWHERE),
    Action("usual_size", "Ctrl+0", Where.ANYWHERE),
)
"""In the order in which the palette and the keyboard page list them."""

_NAMES = frozenset(action.name for action in ACTIONS)
_HELD = frozenset(action.name for action in ACTIONS if action.held)
_NEVER_HELD = re.compile(r"(.*\+)?(Esc|Tab|Backtab|Return|Enter|Backspace|Del|Left|Right|Up|Down)")
"""Without these nobody gets around by keyboard."""
_FUNCTION_KEY = re.compile(r"(Shift\+)?F([1-9]|[12]\d|3[0-5])")
_COMMAND = ("Ctrl", "Alt", "Meta")


@dataclass(frozen=True, slots=True)
class Objection:
    """`plain`: the keys would be typed, not obeyed.  Else the action `other` has them already."""

    other: str
    plain: bool = False


class Keymap:
    """Which keys do what, by the table and by `chosen` (action name -> keys, "" for none).

    Unknown names are dropped: a file from another version costs a choice, not the start.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        usual = {action.name: action.keys for action in ACTIONS}
        self.chosen = {name: keys for name, keys in (chosen or {}).items() if name in _NAMES and keys != usual[name]}
        self.keys = usual | self.chosen

    def objection(self, name: str, keys: str) -> Objection | None:
        """Why a person could not work with `keys` for `name`; None: they may."""
        may = not _NEVER_HELD.fullmatch(keys) if name in _HELD else _is_command(keys)
        if keys and not may:
            return Objection("", plain=True)  # a plain letter would be typed into the chat
        other = next((other for other, theirs in self.keys.items() if theirs == keys and other != name), "")
        return Objection(other) if keys and other else None

    def rebound(self, name: str, keys: str) -> Keymap:
        """The map with `keys`, to which there must be no objection, for `name`; "" takes its keys away."""
        assert name in _NAMES
        assert self.objection(name, keys) is None
        return Keymap(self.chosen | {name: keys})

    def usual(self, name: str) -> str:
        return next(action.keys for action in ACTIONS if action.name == name)


def ranked(query: str, texts: Mapping[str, str]) -> Sequence[str]:
    """The actions whose words (`texts`, in the reader's language) answer `query`, best first.

    Every word of the query must occur; those whose text begins with it come before those that contain it.
    """
    wanted = query.casefold().split()
    found = []
    for place, (name, text) in enumerate(texts.items()):
        folded = text.casefold()
        if all(word in folded for word in wanted):
            begins = not wanted or any(part.startswith(wanted[0]) for part in folded.split())
            found.append((not begins, place, name))
    return [name for _, _, name in sorted(found)]


def _is_command(keys: str) -> bool:
    """Whether these keys can be told from typing: a function key, or a key held with Ctrl, Alt or Meta."""
    if _FUNCTION_KEY.fullmatch(keys):
        return True
    held, _, key = keys.rpartition("+") if not keys.endswith("+") else (keys[:-2], "", "+")
    return bool(key) and any(part in _COMMAND for part in held.split("+"))
