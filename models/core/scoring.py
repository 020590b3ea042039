"""How good captions were: word error rate, and how soon each word stood on the screen in its final form.

Used by the demo's report and by the caption benches, so that one definition of "error", "shown" and
"unstable" serves them all.  Pure: it is given texts and times, reads no clock and no file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

_ABBREVIATIONS = {"mr": "mister", "mrs": "missus", "ms": "miss", "dr": "doctor", "st": "saint", "okay": "ok"}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def spell(number: int) -> list[str]:
    """English words of 0..9999, as read aloud: 42 -> forty two, 1961 -> nineteen sixty one."""
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        return [_TENS[number // 10], *(spell(number % 10) if number % 10 else [])]
    if number < 1000:
        return [*spell(number // 100), "hundred", *(spell(number % 100) if number % 100 else [])]
    if number % 1000 == 0 or 2000 <= number < 2010:
        return [*spell(number // 1000), "thousand", *(spell(number % 1000) if number % 1000 else [])]
    return [*spell(number // 100), *(spell(number % 100) if number % 100 else ["hundred"])]


def words(text: str) -> list[str]:
    """`text` as words to compare: lower case, no punctuation, numbers spelt, each Han character a word."""
    flat = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    flat = _HAN.sub(lambda han: f" {han.group()} ", flat)
    found: list[str] = []
    for raw in re.split(r"[\s\-–—/]+", flat):
        word = re.sub(r"[^\w']", "", raw).strip("'")
        if word.isascii() and word.isdigit() and len(word) <= 4:
            found += spell(int(word))
        elif word:
            found.append(_ABBREVIATIONS.get(word, word))
    return found


@dataclass(frozen=True, slots=True)
class Alignment:
    """`errors`: substitutions, insertions, deletions; `pairs`: (heard, reference) indices of equal words; `missing`:
    words of the reference without a counterpart, right or wrong."""

    errors: int
    pairs: tuple[tuple[int, int], ...]
    missing: int = 0


def align(heard: Sequence[str], reference: Sequence[str]) -> Alignment:
    """Least edits that turn `reference` into `heard` (Levenshtein), and which words came through."""
    rows, columns = len(heard), len(reference)
    cost = [[0] * (columns + 1) for _ in range(rows + 1)]
    cost[0] = list(range(columns + 1))
    for i in range(1, rows + 1):
        cost[i][0] = i
        for j in range(1, columns + 1):
            replaced = cost[i - 1][j - 1] + (heard[i - 1] != reference[j - 1])
            cost[i][j] = min(cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced)
    pairs: list[tuple[int, int]] = []
    missing = 0
    i, j = rows, columns
    while i and j:
        same = heard[i - 1] == reference[j - 1]
        if cost[i][j] == cost[i - 1][j - 1] + (not same):
            i, j = i - 1, j - 1
            if same:
                pairs.append((i, j))
        elif cost[i][j] == cost[i - 1][j] + 1:
            i -= 1
        else:
            j, missing = j - 1, missing + 1
    return Alignment(cost[rows][columns], tuple(reversed(pairs)), missing + j)


@dataclass(slots=True)
class Display:
    """What one speaker's captions showed over time, word by word.

    Feed every caption event of the speaker in the order it reached the screen.  A word is *born* when it
    first appears and survives as long as later versions of its segment keep it at its place in the text.
    """

    _segments: dict[int | str, list[tuple[str, float]]] = field(default_factory=dict)
    born: int = 0
    replaced: int = 0
    changes: list[tuple[str, str]] = field(default_factory=list)
    """Words that were replaced, and what stood in their place then."""

    def show(self, at: float, segment: int | str, text: str) -> None:
        """At time `at` (seconds) the segment read `text`, committed and tail together."""
        before = self._segments.get(segment, [])
        now = words(text)
        after: list[tuple[str, float]] = []
        matcher = SequenceMatcher(None, [word for word, _ in before], now, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag == "equal":
                after += before[i1:i2]
            else:
                self.replaced += i2 - i1
                self.born += j2 - j1
                after += [(word, at) for word in now[j1:j2]]
                if i2 > i1:
                    self.changes.append((" ".join(word for word, _ in before[i1:i2]), " ".join(now[j1:j2])))
        self._segments[segment] = after

    def text(self) -> list[str]:
        """The words that stand, in the order of their segments."""
        return [word for segment in self._segments.values() for word, _ in segment]

    def delays(self, reference: Sequence[tuple[str, float]]) -> list[float]:
        """Seconds from the end of each reference (word, end) that came through to its first showing."""
        births = [birth for segment in self._segments.values() for _, birth in segment]
        came = align(self.text(), [word for word, _ in reference])
        return [births[heard] - reference[spoken][1] for heard, spoken in came.pairs]

    @property
    def unstable_ratio(self) -> float:
        """Words that were shown and later replaced, of all words ever shown."""
        return self.replaced / self.born if self.born else 0.0


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value below which `percent` of `values` lie (linear interpolation); None when there are none."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
