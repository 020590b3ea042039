"""People's names as they reach everybody's screen: plain text, one line, told apart.

A name is typed by a stranger and ends up in tiles, captions, exports and logs of other people's computers.  What
cannot be seen, or turns the text around it, is taken out here, once; escaping is the business of whoever writes
markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import MAX_NAME

# Cc control, Cf format (among them the bidirectional overrides), Cs surrogates, Co private use, Cn unassigned.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Emoji and several scripts are joined by these two; they are harmless between other characters.
_JOINERS = "\u200c\u200d"


def cleaned(typed: str) -> str:
    """The name as it will be shown.  Raises UserError when nothing is left of it or it is too long."""
    composed = unicodedata.normalize("NFC", typed)
    spaced = "".join(" " if c.isspace() else c for c in composed)
    seen = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    name = " ".join(seen.split())
    if not name.strip(_JOINERS + " "):
        raise UserError(ErrorCode.BAD_FRAME, "Type your name, so that others know who you are.")
    if len(name) > MAX_NAME:
        raise UserError(ErrorCode.TOO_LARGE, f"That name is too long. Use at most {MAX_NAME} characters.")
    return name


def distinct(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name (2)`, `name (3)` … when somebody here already has it (case does not tell people apart)."""
    there = {other.casefold() for other in taken}
    if name.casefold() not in there:
        return name
    for number in range(2, len(there) + 3):
        suffix = f" ({number})"
        candidate = name[: MAX_NAME - len(suffix)].rstrip() + suffix
        if candidate.casefold() not in there:
            return candidate
    raise AssertionError("more suffixes than names were tried")
