from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.names import cleaned, distinct
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import MAX_NAME


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ana   Lima ", "Ana Lima"),
        ("Ana\nLima\t\u3000", "Ana Lima"),
        ("王小明", "王小明"),
        ("A\u0301na", "Ána"),
        ("Ana\u202egnp.exe", "Anagnp.exe"),  # cannot turn the rest of the line around
        ("<b>Ana</b>", "<b>Ana</b>"),  # plain text: whoever writes markup escapes it
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_a_name_is_one_visible_line(typed: str, shown: str) -> None:
    assert cleaned(typed) == shown


@pytest.mark.parametrize("typed", ["", "  \n ", "\u200d", "\x00\x07", "\u202e\u2066"])
def test_nothing_visible_is_no_name(typed: str) -> None:
    with pytest.raises(UserError, match="Type your name"):
        cleaned(typed)


def test_a_name_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(UserError) as refused:
        cleaned("x" * (MAX_NAME + 1))

    assert refused.value.code == ErrorCode.TOO_LARGE


@given(st.text(max_size=MAX_NAME))
def test_any_text_becomes_a_safe_name_or_a_sentence(typed: str) -> None:
    try:
        name = cleaned(typed)
    except UserError:
        return

    assert 0 < len(name) <= MAX_NAME
    assert name == name.strip()
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} or c in "\u202e\u2028\n" for c in name)


def test_a_third_person_of_one_name_is_number_three() -> None:
    assert distinct("Ana", ["Ana", "ana (2)"]) == "Ana (3)"


def test_a_name_nobody_has_stays_as_it_is() -> None:
    assert distinct("Ana", ["Ben", "Ana (2)"]) == "Ana"


@given(st.lists(st.sampled_from(["Ana", "ANA", "ana (2)", "x" * MAX_NAME]), max_size=20))
def test_names_in_a_meeting_never_repeat(joining: list[str]) -> None:
    here: list[str] = []
    for name in joining:
        here.append(distinct(name, here))

    assert len({name.casefold() for name in here}) == len(here)
    assert all(len(name) <= MAX_NAME for name in here)
