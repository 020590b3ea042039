"""Is the connection the one that the person joined with, and did their voice read the code that was shown just now?

A code of so many digits is read by chance once in thousands of recordings.  It speaks for the voice only; that the
lips belong to it is for `lips` to say.  Captions mishear, so what was not heard speaks against nobody.
"""

from __future__ import annotations

import re

from models.deepfake.witness import Opinion, Reason, cannot_tell

NAME = "provenance"
# Captions take one digit for another now and then.
MOSTLY = 0.75

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CHINESE = dict(zip("零一二三四五六七八九〇两幺", "0123456789021", strict=True))
_WORDS = (
    {word: str(number) for number, word in enumerate(_UNITS)}
    | {word: str(number) for number, word in enumerate(_TEENS, 10)}
    | {"oh": "0", "o": "0", "to": "2", "too": "2", "for": "4"}
)
"""Also what they are often taken for."""
_PARTS = re.compile(r"\d|[a-z]+|[^\W\d_a-z]")


def provenance(code: str, heard: str | None, same_certificate: bool) -> Opinion:
    """`heard`: what captions made of the voice meanwhile; None without captions."""
    if not same_certificate:
        return cannot_tell(NAME, Reason.CHANGED)
    if not code or heard is None:
        return cannot_tell(NAME, Reason.NOT_ASKED)
    if not heard.strip():
        return cannot_tell(NAME, Reason.NO_SPEECH)
    share = _in_order(code, digits(heard)) / len(code)
    score = 1.0 if share == 1 else 0.5 if share >= MOSTLY else 0.0
    return Opinion(NAME, score, share, MOSTLY)


def digits(heard: str) -> str:
    """What was said of numbers, in English or Chinese, digit by digit: "forty-two, one" is 421."""
    found: list[str] = []
    tens = ""
    for part in _PARTS.findall(heard.lower()):
        if part in _TENS:
            found.append(tens and tens + "0")
            tens = str(_TENS.index(part) + 2)
            continue
        digit = _WORDS.get(part) or _CHINESE.get(part) or (part if part.isdigit() and part.isascii() else "")
        found.append(tens + digit if len(digit) == 1 and digit != "0" else (tens and tens + "0") + digit)
        tens = ""
    return "".join([*found, tens and tens + "0"])


def _in_order(code: str, heard: str) -> int:
    """Most digits of `code` that come one after the other in `heard` (longest common subsequence), within its length
    and one more, so that whoever counts to a hundred has read nothing."""
    window = len(code) + 1
    stretches = [heard[at : at + window] for at in range(max(1, len(heard) - window + 1))]
    return max(_common(code, stretch) for stretch in stretches)


def _common(one: str, other: str) -> int:
    row = [0] * (len(other) + 1)
    for letter in one:
        before = row
        row = [0]
        for place, each in enumerate(other):
            row.append(before[place] + 1 if letter == each else max(before[place + 1], row[place]))
    return row[-1]
