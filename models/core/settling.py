"""Two readings of the same sound: what stands on the screen, and what was heard now.

A reading with more of the sentence is mostly better, but not always, and every change on the screen costs the reader a
moment. So a word that stands there stays, unless the recogniser is clearly surer of another in its place. What was
heard beyond it follows. Readings are told apart by words and their probabilities alone, with whatever window they
were made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from models.core.hearing import Word, normal, same
from models.core.scoring import align

# What stands for the probability of a reading that has no word there.
NOTHING = 0.4
# Where the shown words end in another reading is looked for so many words around the place that times give: times of
# one word differ by 0.2 s from window to window.
AROUND = 3
# Two readings of a word end this close together.
SAME_PLACE = 0.4

Believed = Callable[[Sequence[Word]], bool]


def settled(
    shown: Sequence[Word], heard: Sequence[Word], surer: float, believed: Believed = lambda words: True
) -> tuple[list[Word], list[Word]]:
    """What is to stand for `shown` after `heard`, and what was heard beyond it.

    By so much `surer` (mean probability) words have to be to take the place of others, and `believed`.
    """
    until = _end_of(shown, heard)
    within: list[Word] = []
    blocks = SequenceMatcher(None, _normals(shown), _normals(heard[:until]), autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in blocks:
        old, new = shown[i1:i2], heard[j1:j2]
        goes_on = bool(old) and _letters(new).startswith(_letters(old))
        better = tag == "equal" or goes_on or (_sure(new) >= _sure(old) + surer and believed(new))
        within += new if better else old
    return within, list(heard[until:])


def heard_too(words: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether an earlier reading has the same words, there."""
    return all(any(same(word, each) and abs(word.end - each.end) < SAME_PLACE for each in before) for word in words)


def _end_of(shown: Sequence[Word], heard: Sequence[Word]) -> int:
    """How many words of `heard` are a reading of `shown`."""
    if not shown:
        return 0
    by_time = sum(1 for word in heard if (word.start + word.end) / 2 < shown[-1].end)
    if by_time < len(heard) and _begins_with(heard[by_time], shown[-1]):
        return by_time + 1      # "cold" has become "cold-hearted"
    said, now = _normals(shown), _normals(heard)
    places = range(max(0, by_time - AROUND), min(len(heard), by_time + AROUND) + 1)

    def unlike(place: int) -> tuple[int, bool, int]:
        return align(now[:place], said).errors, now[max(0, place - 1) : place] != said[-1:], abs(place - by_time)

    return min(places, key=unlike)


def _begins_with(word: Word, last: Word) -> bool:
    longer = _letters([word]) != _letters([last]) and _letters([word]).startswith(_letters([last]))
    return longer and word.start < last.end


def _letters(words: Sequence[Word]) -> str:
    return "".join(_normals(words))


def _sure(words: Sequence[Word]) -> float:
    return sum(word.probability for word in words) / len(words) if words else NOTHING


def _normals(words: Sequence[Word]) -> list[str]:
    return [normal(word.text) for word in words]
