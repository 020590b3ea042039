"""The demo's script holds together whatever its length."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.script import CAST, SHORTEST, START_AT, TAIL, Turn, cast
from app.demo.words import SOURCES, load
from models.core.scoring import words


@given(st.floats(SHORTEST, 600))
def test_nobody_is_cut_off_at_the_end(seconds: float) -> None:
    for part in cast(seconds):
        assert all(turn.end + START_AT + TAIL <= seconds for turn in part.turns)


@given(st.floats(SHORTEST, 600))
def test_nobody_talks_over_themselves(seconds: float) -> None:
    for part in cast(seconds):
        ordered = sorted(part.turns, key=lambda turn: turn.at)
        assert all(a.end <= b.at for a, b in itertools.pairwise(ordered))


def test_an_hour_repeats_the_turns_instead_of_falling_silent() -> None:
    last = max(turn.end for part in cast(3_600) for turn in part.turns)

    assert last > 3_500


def test_two_people_overlap_exactly_once_in_a_minute() -> None:
    turns = [(part.name, turn) for part in cast(60) for turn in part.turns]

    def overlap(a: Turn, b: Turn) -> bool:
        return a.at < b.end and b.at < a.end

    pairs = [(x, y) for (x, a), (y, b) in itertools.combinations(turns, 2) if x != y and overlap(a, b)]
    assert len(pairs) == 1


CLIPS = {turn.clip for part in CAST for turn in part.turns}


@pytest.mark.parametrize("clip", sorted(CLIPS, key=lambda clip: clip.file), ids=lambda clip: clip.file)
def test_every_recording_is_there_and_its_words_are_timed(clip) -> None:
    assert (SOURCES / clip.file).is_file()
    if clip.text:
        timed = load()[clip.file]
        assert [word for word, _ in timed] == words(clip.text)
        assert all(a <= b for (_, a), (_, b) in itertools.pairwise(timed))
        assert timed[-1][1] <= clip.length
