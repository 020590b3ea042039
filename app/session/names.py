"""A name made short, for the tile of somebody without a camera."""

from __future__ import annotations

FIRST_UNSPACED = 0x2E80
"""From here on Unicode is Chinese, Japanese and Korean, where a name has no spaces and its end is the given name."""


def initials(name: str) -> str:
    """At most two characters: "AC" for Ana Costa, "小明" for 王小明, "?" for a name without a letter."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1 and ord(words[0][0]) >= FIRST_UNSPACED:
        return words[0][-2:]
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in ends)
