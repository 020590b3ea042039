from __future__ import annotations

import itertools

import pytest

from models.captions.whole import passage_of
from models.core.hearing import Heard, Word
from models.core.phrases import LONGEST, MARGIN, PAUSE, Phrases, Stretch
from models.core.voice import FRAME


def stretches(*runs: tuple[float, float]) -> list[Stretch]:
    """Runs of (seconds, probability)."""
    phrases, found = Phrases(), []
    for seconds, probability in runs:
        found += [phrases.hear(probability) for _ in range(round(seconds / FRAME))]
    return [each for each in [*found, phrases.finish()] if each is not None]


def test_a_phrase_goes_from_silence_to_silence_with_a_margin() -> None:
    (first, second) = stretches((1, 0.0), (2, 0.9), (PAUSE + 1, 0.0), (1, 0.9), (0.3, 0.0))

    assert first == pytest.approx((1 - MARGIN, 3 + MARGIN), abs=2 * FRAME)
    assert second == pytest.approx((4 + PAUSE - MARGIN, 5 + PAUSE + MARGIN), abs=2 * FRAME)


def test_a_breath_ends_nothing_and_a_click_is_no_phrase() -> None:
    assert len(stretches((2, 0.9), (PAUSE / 2, 0.0), (2, 0.9), (2, 0.0))) == 1
    assert stretches((1, 0.0), (FRAME * 2, 0.9), (2, 0.0)) == []


def test_who_never_pauses_is_cut_where_they_are_quietest_and_nothing_is_lost_or_heard_twice() -> None:
    found = stretches((20, 0.9), (0.2, 0.4), (30, 0.9), (0.2, 0.45), (20, 0.9), (2, 0.0))

    assert found[0][1] == pytest.approx(20.2, abs=0.1)
    assert all(end - start <= LONGEST + 2 * MARGIN for start, end in found)
    assert all(after[0] == before[1] for before, after in itertools.pairwise(found))


def test_an_answer_that_repeats_itself_is_not_believed() -> None:
    loop = tuple(Word(" again and again", (1,), at, at + 0.5, 0.9) for at in range(20))

    assert not passage_of(0.0, 20.0, Heard(loop, "en")).believed
    assert passage_of(0.0, 20.0, Heard(loop[:1], "en")).words == loop[:1]
