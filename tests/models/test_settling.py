"""What stands on the screen gives way only to what is clearly surer, and no word is lost or said twice over it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.hearing import Word, text_of
from models.core.settling import heard_too, settled

SURER = 0.1


def reading(text: str, probability: float = 0.9, *, shift: float = 0.0, of: str = "") -> list[Word]:
    """Words of 0.3 s, each 0.4 s after the one before; `of`: words with a probability of their own, "word 0.2"."""
    own = dict(each.split("=") for each in of.split())
    return [
        Word(f" {each}", (0,), shift + 0.4 * place, shift + 0.4 * place + 0.3, float(own.get(each, probability)))
        for place, each in enumerate(text.split())
    ]


def says(shown: list[Word], heard: list[Word]) -> tuple[str, str]:
    standing, beyond = settled(shown, heard, SURER)
    return text_of(standing), text_of(beyond)


def test_the_same_words_stand_and_what_was_heard_beyond_them_follows() -> None:
    assert says(reading("we meet on"), reading("we meet on our own network", shift=0.1)) == (
        "we meet on", "our own network",
    )  # fmt: skip


def test_a_word_gives_way_to_a_surer_one() -> None:
    assert says(reading("we wheat on", of="wheat=0.4"), reading("we meet on our")) == ("we meet on", "our")


def test_a_word_stands_against_one_that_is_hardly_surer() -> None:
    assert says(reading("we wheat on", of="wheat=0.85"), reading("we meet on our")) == ("we wheat on", "our")


def test_a_reading_with_more_words_for_the_same_sound_says_none_twice() -> None:
    """Seen: "not to live explained explained everything"."""
    shown = reading("and I shall not be easy to live explained", of="to=0.55 live=0.63")
    heard = reading("and I shall not be easy till I have explained everything", shift=-0.1, of="till=0.3 have=0.3")

    assert says(shown, heard) == ("and I shall not be easy to live explained", "everything")


def test_a_word_that_nobody_hears_any_more_goes_when_it_was_unlikely() -> None:
    assert says(reading("we uh meet on", of="uh=0.1"), reading("we meet on our", shift=0.3)) == ("we meet on", "our")


def test_a_wrong_last_word_does_not_take_the_rest_of_the_sentence_with_it() -> None:
    heard = reading("in short the period was so far", probability=0.5)

    assert says(reading("in shorts"), heard) == ("in shorts", "the period was so far")


@pytest.mark.parametrize("probability", [0.3, 0.99])
def test_a_word_that_goes_on_is_neither_said_twice_nor_cut_off(probability: float) -> None:
    """Seen: "rather cold cold-hearted", and "rather cold and rather selfish"."""
    shown = reading("be rather cold")
    begun = Word(" cold-hearted", (0,), 0.8, 1.6, probability)

    standing, beyond = settled(shown, [*reading("be rather"), begun, *reading("and", shift=1.7)], SURER)

    assert text_of([*standing, *beyond]) == "be rather cold-hearted and"


def test_nothing_on_the_screen_is_nothing_to_settle() -> None:
    assert says([], reading("we meet")) == ("", "we meet")


def test_words_are_the_same_reading_only_in_the_same_place() -> None:
    before = reading("we meet on our own network")

    assert heard_too(before[1:2], before)
    assert not heard_too(reading("network"), before)


TEXTS = st.lists(st.sampled_from("it was the best of times worst".split()), max_size=12).map(" ".join)


@given(TEXTS, st.integers(0, 12), st.floats(-0.15, 0.15))
def test_more_of_the_same_sentence_changes_nothing_wherever_its_words_are_placed(
    text: str, shown: int, shift: float
) -> None:
    heard = reading(text, shift=shift)
    standing, beyond = settled(reading(text)[:shown], heard, SURER)

    assert text_of([*standing, *beyond]) == text
