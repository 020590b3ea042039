"""Where a meeting moved on to something else, and which words tell what it was about.

After TextTiling (Hearst, Computational Linguistics 23(1), 1997): two neighbouring stretches of speech are compared by
their words; where they have least in common, and less than to both sides, a topic ends.  A long silence helps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean, pstdev

from sfu.core.analysis.reading import Sentence, is_chinese, shown_words, words
from sfu.wire.analysis import Topic

# What is compared on each side of a possible end: some minutes of talk, or people would see a topic in every aside.
_WINDOW_WORDS = 60
SHORTEST_S = 60.0
MOST_TOPICS = 12
_SHOWN = 4
# A silence like this is worth as much as a fifth of all words.
_SILENCE_S, _SILENCE_WORTH = 20.0, 0.2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences from `first` to before `last`."""

    first: int
    last: int


def topics(said: Sequence[Sentence]) -> list[Topic]:
    """In order, without gaps between the first word and the last."""
    parts = stretches(said)
    texts = [" ".join(each.text for each in said[part.first : part.last]) for part in parts]
    labels = _labels(texts)
    return [
        Topic(
            start=said[part.first].start, end=max(each.end for each in said[part.first : part.last]), words=label
        )
        for part, label in zip(parts, labels, strict=True)
    ]  # fmt: skip


def stretches(said: Sequence[Sentence]) -> list[Stretch]:
    if not said:
        return []
    ends = _ends(said)
    return [Stretch(first, last) for first, last in zip([0, *ends], [*ends, len(said)], strict=True)]


def _ends(said: Sequence[Sentence]) -> list[int]:
    """Before which sentences something new begins; deepest first, each far enough from the others."""
    scores = _scores(said)
    if len(scores) < 2:
        return []
    least = fmean(scores.values()) + pstdev(scores.values()) * 1.25
    apart = max(SHORTEST_S, (said[-1].end - said[0].start) / MOST_TOPICS)
    ends: list[int] = []
    for gap in sorted(scores, key=lambda gap: (-scores[gap], gap)):
        at = said[gap].start
        others = [said[0].start, *(said[end].start for end in ends), said[-1].end]
        if scores[gap] > least and all(abs(at - other) >= apart for other in others):
            ends.append(gap)
    return sorted(ends)


def _scores(said: Sequence[Sentence]) -> dict[int, float]:
    """By the sentence after it: how much each place looks like an end.  At the edges there is too little to say."""
    bags = [Counter(words(each.text)) for each in said]
    window = min(_WINDOW_WORDS, sum(bag.total() for bag in bags) // 2)
    sides = {gap: (_window(bags[gap - 1 :: -1], window), _window(bags[gap:], window)) for gap in range(1, len(said))}
    gaps = [gap for gap, side in sides.items() if min(bag.total() for bag in side) * 4 > window]
    depths = _depths([_alike(*sides[gap]) for gap in gaps])
    return {
        gap: depth + (_SILENCE_WORTH if said[gap].start - said[gap - 1].end >= _SILENCE_S else 0.0)
        for gap, depth in zip(gaps, depths, strict=True)
    }


def _alike(before: Counter[str], after: Counter[str]) -> float:
    """How much the words before and after have in common, 0 to 1."""
    shared = sum(count * after[word] for word, count in before.items())
    sizes = sqrt(sum(count**2 for count in before.values()) * sum(count**2 for count in after.values()))
    return shared / sizes if sizes else 1.0


def _window(bags: Sequence[Counter[str]], most: int) -> Counter[str]:
    window: Counter[str] = Counter()
    for bag in bags:
        if window.total() >= most:
            break
        window += bag
    return window


def _depths(alike: Sequence[float]) -> list[float]:
    """How far below the nearest peaks on both sides each place lies."""
    return [
        (_peak(alike, at, -1) - value) + (_peak(alike, at, 1) - value) for at, value in enumerate(alike)
    ]


def _peak(alike: Sequence[float], at: int, step: int) -> float:
    best = alike[at]
    while 0 <= at + step < len(alike) and alike[at + step] >= best:
        at += step
        best = alike[at]
    return best


def _labels(texts: Sequence[str]) -> list[list[str]]:
    """Words that are frequent in one part and not in all."""
    bags = [Counter(shown_words(text)) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    return [_label(bag, spread, len(bags), is_chinese(text)) for bag, text in zip(bags, texts, strict=True)]


def _label(bag: Counter[str], spread: Counter[str], parts: int, chinese: bool) -> list[str]:
    """In Chinese a longer run wins over the pieces of it that occur no more often."""
    def weight(word: str) -> float:
        return bag[word] * log(1 + parts / spread[word]) * (len(word) - 1 if chinese else 1)

    chosen: list[str] = []
    for word in sorted(bag, key=lambda word: (-weight(word), word)):
        if (bag[word] > 1 or not chinese) and not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == _SHOWN:
            break
    return chosen
