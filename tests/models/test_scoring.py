"""Scores mean what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.scoring import Display, align, percentile, spell, words


def test_numbers_titles_and_punctuation_do_not_count_as_errors() -> None:
    assert words("Mr. Dashwood, the 7 of clubs.") == words("mister dashwood the seven of clubs")
    assert words("ill-disposed") == ["ill", "disposed"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(7, "seven"), (42, "forty two"), (1961, "nineteen sixty one"), (2007, "two thousand seven")],
)
def test_numbers_are_spelt_as_read_aloud(number: int, said: str) -> None:
    assert " ".join(spell(number)) == said


def test_each_chinese_character_is_a_word() -> None:
    assert words("广州市，中介 OK。") == ["广", "州", "市", "中", "介", "ok"]


def test_one_wrong_and_one_missing_word_are_two_errors() -> None:
    assert align("ask what your country".split(), "ask not what our country".split()).errors == 2


def test_a_word_that_was_invented_does_not_make_up_for_one_that_is_missing() -> None:
    said = "ask not what your country can do".split()

    assert align("ask what your country can do now".split(), said).missing == 1
    assert align([], said).missing == len(said)
    assert align("ask knot what your country can do".split(), said).missing == 0


TEXTS = st.lists(st.sampled_from("abc"), max_size=8)


@given(TEXTS, TEXTS)
def test_errors_never_exceed_the_longer_text_and_pairs_are_equal(heard: list[str], said: list[str]) -> None:
    found = align(heard, said)

    assert abs(len(heard) - len(said)) <= found.errors <= max(len(heard), len(said))
    assert all(heard[i] == said[j] for i, j in found.pairs)


def test_a_word_counts_as_shown_when_it_first_appeared_in_its_final_form() -> None:
    display = Display()
    display.show(1.0, 1, "ask knot")
    display.show(1.5, 1, "ask not what")

    assert display.delays([("ask", 0.5), ("not", 0.8), ("what", 1.2)]) == pytest.approx([0.5, 0.7, 0.3])
    assert (display.born, display.replaced) == (4, 1)


def test_a_withdrawn_segment_leaves_no_words_but_counts_as_unstable() -> None:
    display = Display()
    display.show(1.0, 1, "thanks for watching")
    display.show(2.0, 1, "")

    assert display.text() == []
    assert display.unstable_ratio == 1.0


def test_percentile_interpolates_and_knows_emptiness() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile([], 95) is None
