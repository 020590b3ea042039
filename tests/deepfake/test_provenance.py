"""A code that was read aloud is recognised however captions write numbers; nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deepfake.provenance import digits, provenance
from models.deepfake.witness import Reason


@pytest.mark.parametrize(("heard", "said"), [
    ("4 7 2 9", "4729"), ("4,729.", "4729"), ("Four seven two nine", "4729"), ("four, seven, too, nine", "4729"),
    ("forty-seven twenty-nine", "4729"), ("47 29", "4729"), ("四七二九", "4729"), ("My code is 4-7-2-9, okay?", "4729"),
    ("thirty", "30"), ("fifteen oh one", "1501"), ("sixty zero", "600"), ("none of it", ""), ("", ""),
])  # fmt: skip
def test_numbers_as_captions_write_them(heard: str, said: str) -> None:
    assert digits(heard) == said


def test_who_reads_the_code_is_believed_and_one_digit_may_be_misheard() -> None:
    assert provenance("4729", "the code is 4729", same_certificate=True).score == 1.0
    assert provenance("4729", "four seven five nine", same_certificate=True).score == 0.5


def test_who_reads_something_else_or_counts_is_not_believed_and_not_accused() -> None:
    for heard in ("nothing of that", "9274", "one two three four five six seven eight nine zero"):
        assert provenance("4729", heard, same_certificate=True).score == 0.0


def test_without_captions_without_a_word_and_with_another_connection_nothing_is_said() -> None:
    assert provenance("4729", None, same_certificate=True).reason is Reason.NOT_ASKED
    assert provenance("4729", " ", same_certificate=True).reason is Reason.NO_SPEECH
    assert provenance("4729", "4729", same_certificate=False).reason is Reason.CHANGED


@given(st.text())
def test_whatever_was_heard_is_digits_or_nothing(heard: str) -> None:
    assert all(letter in "0123456789" for letter in digits(heard))
