"""Names and words of the glossary, put right in a final without touching anything else.

A recogniser that is told names before it listens hears them better, and everything else worse: with twelve names that
nobody said, whisper-base got 7 of 100 words more wrong (bench `captions-sim --hints`). So a final is heard twice, and
of the reading with names only the names are believed, and only where they sound like what was heard without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from models.core.hearing import Word, normal, recites

# How alike the letters of both readings have to be: "inverse shield" and "Inverashiel" are by 0.72.
ALIKE = 0.5
LEAST_PROBABILITY = 0.3
# Of words less likely than this one may be a name that was misheard.
SURE = 0.9
# A name may have been heard as more letters than it has, but not as more than twice as many.
STRETCHED = 2
SHORTEST = 2


def with_names(words: Sequence[Word], told: Sequence[Word], hints: Sequence[str]) -> list[Word]:
    """`words` with those names and terms from `told`, the reading of the same sound by who knew `hints`."""
    result = list(words)
    if not told or recites(told, hints):
        return result
    terms = {normal(part) for hint in hints for part in hint.split()} | {normal(hint) for hint in hints}
    blocks = SequenceMatcher(None, _normals(words), _normals(told), autojunk=False).get_opcodes()
    untouched = len(words)
    for first, last in reversed(_said(told, terms)):
        begin, end, first, last = _beside(blocks, first, last)
        heard, named = words[begin:end], told[first:last]
        if end <= untouched and _alike(_letters(heard), _letters(named)):
            result[begin:end] = named
            untouched = begin
    return result


def may_miss(words: Sequence[Word], hints: Sequence[str]) -> bool:
    """Whether some of `words` may stand for a hint or a part of one that was said: they are doubtful, and alike.

    A second reading costs half a pass, and with a dozen names most finals do without.
    """
    terms = {term for hint in hints for part in (*hint.split(), hint) if len(term := normal(part)) >= SHORTEST}
    return any(_may_be(run, term) for term in terms for run in _runs(words, STRETCHED * len(term)))


def _runs(words: Sequence[Word], letters: int) -> Iterator[Sequence[Word]]:
    """Words in a row that have so many letters at most."""
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            if len(_letters(words[first:last])) > letters:
                break
            yield words[first:last]


def _may_be(words: Sequence[Word], term: str) -> bool:
    letters = _letters(words)
    return term not in letters and min(word.probability for word in words) < SURE and _alike(letters, term)


def says_any(text: str, hints: Sequence[str]) -> bool:
    """Whether a hint, or a part of one, stands in `text`, in the letters of `normal`."""
    letters, parts = normal(text), (normal(part) for hint in hints for part in hint.split())
    return any(part in letters for part in parts if part)


def _said(told: Sequence[Word], terms: set[str]) -> list[tuple[int, int]]:
    """Where in `told` terms stand, in order; several words may be one term (Chinese ones are of one character)."""
    places: list[tuple[int, int]] = []
    first = 0
    while first < len(told):
        ends = [last for last in range(len(told), first, -1) if _is_term(told[first:last], terms)]
        if ends:
            places.append((first, ends[0]))
        first = ends[0] if ends else first + 1
    return places


def _is_term(words: Sequence[Word], terms: set[str]) -> bool:
    return _letters(words) in terms and all(word.probability >= LEAST_PROBABILITY for word in words)


def _beside(blocks: Sequence[tuple[str, int, int, int, int]], first: int, last: int) -> tuple[int, int, int, int]:
    """What was heard where `told[first:last]` stands: begin and end in `words`, then in `told`, in whole blocks."""
    spans = []
    for tag, i1, i2, j1, j2 in blocks:
        if j1 < last and j2 > first:
            cut, kept = (max(first - j1, 0), max(j2 - last, 0)) if tag == "equal" else (0, 0)
            spans.append((i1 + cut, i2 - kept, j1 + cut, j2 - kept))
    return spans[0][0], spans[-1][1], spans[0][2], spans[-1][3]


def _alike(ours: str, theirs: str) -> bool:
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return ours != theirs and all(
        ratio() >= ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    )


def _normals(words: Sequence[Word]) -> list[str]:
    return [normal(word.text) for word in words]


def _letters(words: Sequence[Word]) -> str:
    return "".join(_normals(words))
