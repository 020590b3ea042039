from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.words import letters, space_between, tidy, units

TEXT = st.text(alphabet=st.sampled_from("ab ,.“”（）「」你好。，é\u0301👩\u200d👧"), max_size=40)


@given(TEXT)
def test_units_joined_are_the_text(text: str) -> None:
    assert "".join(units(tidy(text))) == tidy(text)


@given(TEXT)
def test_letters_joined_are_the_word(text: str) -> None:
    assert "".join(letters(text)) == text


def test_closing_marks_stay_with_what_they_close_and_opening_ones_with_what_they_open() -> None:
    assert units("他说「你好」。 well, yes") == ["他", "说", "「你", "好」。", " well,", " yes"]


def test_marks_and_joined_emoji_are_not_taken_apart() -> None:
    assert letters("e\u0301x👩\u200d👧") == ["e\u0301", "x", "👩\u200d👧"]


@pytest.mark.parametrize(("before", "after", "space"), [
    ("page", "two", " "), ("page ", "two", ""), ("你好", "世界", ""), ("你好", "world", " "), ("page", ", two", ""),
    ("", "two", ""), ("（", "two", ""),
])  # fmt: skip
def test_a_space_stands_where_a_reader_expects_one(before: str, after: str, space: str) -> None:
    assert space_between(before, after) == space
