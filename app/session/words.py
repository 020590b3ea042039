"""Where a line of caption text may be broken, in Latin scripts and in Chinese.

Not the whole of UAX #14: captions are one paragraph of spoken words, so a few rules cover what people say.  Chinese
breaks between any two characters, but closing punctuation never begins a line and an opening bracket never ends one.
"""

from __future__ import annotations

import re
import unicodedata

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6"
_PIECE = re.compile(rf" ?(?:[{_WIDE}]|[^ {_WIDE}]+)")
_CLOSING = frozenset("，。！？、；：）」』】》〉”’…—～％,.!?;:)]}%")
_OPENING = frozenset("（「『【《〈“‘([{")
_GLUE = frozenset("\u200d\ufe0e\ufe0f")


def tidy(text: str) -> str:
    """One line: every run of white space and control characters becomes one space."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def units(text: str) -> list[str]:
    """The pieces that stay together on a line; a piece keeps the space before it.  Joined they are `text`."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        glued = pieces and not piece.startswith(" ")
        if glued and (piece[0] in _CLOSING or pieces[-1][-1] in _OPENING):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def letters(word: str) -> list[str]:
    """A word taken apart where it must be, for words longer than a line; marks stay with their letter."""
    apart: list[str] = []
    for character in word:
        joined = apart and (unicodedata.combining(character) or character in _GLUE or apart[-1][-1] == "\u200d")
        if joined:
            apart[-1] += character
        else:
            apart.append(character)
    return apart


def space_between(before: str, after: str) -> str:
    """What stands between two pieces of speech that came apart: a space, but not from Chinese to Chinese."""
    if not before or not after or before.endswith(" ") or after.startswith(" "):
        return ""
    if after[0] in _CLOSING or before[-1] in _OPENING:
        return ""
    return "" if _wide(before[-1]) and _wide(after[0]) else " "


def _wide(character: str) -> bool:
    return re.match(f"[{_WIDE}]", character) is not None
