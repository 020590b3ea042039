from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.names import initials


@pytest.mark.parametrize(("name", "short"), [
    ("Ana Costa", "AC"), ("Maria del Carmen Ruiz", "MR"), ("mei", "M"), ("王小明", "小明"), ("张伟", "张伟"),
    ("Émile Zola", "ÉZ"), ("(guest) 7", "7"), ("🎉", "?"), ("<b>", "?"),
])  # fmt: skip
def test_a_name_becomes_what_people_would_write(name: str, short: str) -> None:
    assert initials(name) == short


@given(st.text(max_size=64))
def test_any_name_has_at_least_something_to_show(name: str) -> None:
    assert initials(name)
