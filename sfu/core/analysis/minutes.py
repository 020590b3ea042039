"""Minutes out of what was said: what it was about, what was decided, who does what.

Extractive: every point is a sentence of the transcript, so nothing is made up and everything can be looked up.  Which
sentences tell most is judged by the words that keep coming back (a centroid, as in MEAD, Radev et al. 2004), topic by
topic, and never twice the same (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from sfu.core.analysis.cues import decides, promise
from sfu.core.analysis.reading import Sentence, count_words, is_chinese, sentences, words
from sfu.core.analysis.topics import stretches
from sfu.core.transcript import Line
from sfu.wire.analysis import Action, Minutes, Point

MOST_POINTS = 10
MOST_DECISIONS = 30
MOST_ACTIONS = 50
# "Yes, that works." is a sentence and tells nobody anything.
_FEWEST_WORDS, _FEWEST_CHARACTERS = 6, 10
_LONGEST_WORDS = 60
_WORDS_A_POINT = 100
"""One point of the summary for so much talk."""
_FEWEST_POINTS = 3
_TOO_ALIKE = 0.5


def minutes(lines: Iterable[Line], names: Sequence[str] = ()) -> Minutes:
    """`names`: who was there, as they are shown; whoever spoke is known without."""
    said = sentences(lines)
    people = list(dict.fromkeys([*names, *(each.name for each in said)]))
    actions = [
        Action(**_quoted(each).model_dump(), owner=found.owner, due=found.due)
        for each in said
        if (found := promise(each, people)) is not None
    ]
    return Minutes(
        summary=[_quoted(each) for each in summary(said)],
        decisions=[_quoted(each) for each in said if decides(each.text)][:MOST_DECISIONS],
        actions=actions[:MOST_ACTIONS],
    )


def summary(said: Sequence[Sentence]) -> list[Sentence]:
    """The most telling sentences, each topic its share, in the order in which they were said."""
    bags = [Counter(words(each.text)) for each in said]
    weights = _weights(bags)
    total = sum(count_words(each.text) for each in said)
    most = max(_FEWEST_POINTS, min(MOST_POINTS, total // _WORDS_A_POINT))
    parts = stretches(said)
    chosen: list[int] = []
    for part in sorted(parts, key=lambda part: (part.first - part.last, part.first))[:most]:
        share = max(1, round(most * (part.last - part.first) / max(1, len(said))))
        chosen += _best(said, bags, weights, range(part.first, part.last), share, chosen)
    return [said[number] for number in sorted(sorted(chosen, key=chosen.index)[:most])]


def _weights(bags: Sequence[Counter[str]]) -> dict[str, float]:
    """Words that come back, and not in every sentence."""
    within = Counter(word for bag in bags for word in bag)
    return {
        word: count * log(1 + len(bags) / count) if count > 1 else 0.0 for word, count in within.items()
    }


def _best(
    said: Sequence[Sentence], bags: Sequence[Counter[str]], weights: dict[str, float], among: range, most: int,
    before: Sequence[int],
) -> list[int]:  # fmt: skip
    def score(number: int) -> float:
        text = said[number].text
        size = count_words(text)
        fewest = _FEWEST_CHARACTERS if is_chinese(text) else _FEWEST_WORDS
        if not fewest <= size <= _LONGEST_WORDS or text.endswith(("?", "？")):
            return 0.0
        return sum(weights[word] for word in bags[number]) / sqrt(size)

    chosen: list[int] = []
    for number in sorted(among, key=lambda number: (-score(number), number)):
        if len(chosen) == most or score(number) <= 0:
            break
        if all(_alike(bags[number], bags[other]) < _TOO_ALIKE for other in (*before, *chosen)):
            chosen.append(number)
    return chosen


def _alike(one: Counter[str], other: Counter[str]) -> float:
    shared = len(one.keys() & other.keys())
    return shared / max(1, min(len(one), len(other)))


def _quoted(said: Sentence) -> Point:
    return Point(text=said.text, name=said.name, start=said.start, segment=said.segment)
