"""A label holds still, and nothing is shown that is hardly believed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.core.expressions import LABELS, Unclear
from models.core.steady import Guess, Steady

STEP = 1 / 3


def sure(label: str, share: float = 0.9) -> list[float]:
    rest = (1 - share) / (len(LABELS) - 1)
    return [share if one == label else rest for one in LABELS]


def show(steady: Steady, probabilities: list[float], seconds: float, since: float) -> list[Guess]:
    return [steady.see(probabilities, since + step * STEP) for step in range(round(seconds / STEP))]


def test_a_clear_expression_is_shown_after_a_second() -> None:
    guesses = show(Steady(), sure("happy"), 3, since=0)

    assert [guess.label for guess in guesses[:3]] == ["", "", ""]
    assert guesses[3].label == guesses[-1].label == "happy"
    assert guesses[-1].confidence > 0.8


def test_a_syllable_does_not_change_the_label() -> None:
    steady = Steady()
    show(steady, sure("happy"), 4, since=0)

    during = show(steady, sure("surprised"), 0.7, since=4)
    after = show(steady, sure("happy"), 2, since=4.7)

    assert {guess.label for guess in during + after} == {"happy"}


def test_another_expression_that_stays_is_shown() -> None:
    steady = Steady()
    show(steady, sure("neutral"), 4, since=0)

    later = show(steady, sure("happy"), 5, since=4)

    assert later[-1].label == "happy"
    assert sum(a.label != b.label for a, b in pairwise(later)) == 1


def test_two_that_are_equally_likely_do_not_take_turns() -> None:
    steady = Steady()
    half = [0.01, 0.01, 0.01, 0.47, 0.02, 0.01, 0.47]
    show(steady, sure("happy"), 4, since=0)

    later = [guess.label for tenth in range(30) for guess in show(steady, half, 2, since=4 + 2 * tenth)]

    assert set(later) <= {"happy"}


def test_nothing_is_guessed_among_many_likely_ones() -> None:
    guesses = show(Steady(), [1 / 7] * 7, 5, since=0)

    assert {(guess.label, guess.unclear) for guess in guesses} == {("", Unclear.UNSURE)}


def test_what_is_hardly_believed_any_more_becomes_unclear() -> None:
    steady = Steady()
    show(steady, sure("happy"), 4, since=0)

    later = show(steady, [1 / 7] * 7, 6, since=4)

    assert (later[0].label, later[-1].label, later[-1].unclear) == ("happy", "", Unclear.UNSURE)


def test_a_face_that_turns_away_is_unclear_at_once_and_begins_anew() -> None:
    steady = Steady()
    show(steady, sure("happy"), 4, since=0)

    assert steady.cannot_tell(Unclear.TURNED) == Guess("", 0.0, Unclear.TURNED)
    assert steady.see(sure("happy"), 4.3).label == ""


def test_after_a_long_gap_the_past_counts_for_nothing() -> None:
    steady = Steady()
    show(steady, sure("happy"), 4, since=0)

    assert steady.see(sure("sad"), 60).label == ""


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=7, max_size=7), min_size=1, max_size=120))
def test_whatever_comes_a_shown_label_is_believed_and_stands_for_a_second(weights: list[list[float]]) -> None:
    steady = Steady()
    shown: list[tuple[float, str]] = []
    for step, row in enumerate(weights):
        guess = steady.see([weight / sum(row) for weight in row], step * STEP)
        assert not guess.label or guess.unclear is None
        if not shown or shown[-1][1] != guess.label:
            shown.append((step * STEP, guess.label))

    assert all(later - earlier >= 1.0 - 1e-9 for (earlier, _), (later, _) in pairwise(shown[1:]))
