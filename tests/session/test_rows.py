from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.rows import Inserted, Removed, Replaced, Step, steps

Pair = tuple[str, int]
LISTS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), unique_by=lambda pair: pair[0])


def key(pair: Pair) -> str:
    return pair[0]


def applied(old: list[Pair], how: list[Step[Pair]]) -> list[Pair]:
    rows = list(old)
    for step in how:
        match step:
            case Removed(row):
                del rows[row]
            case Inserted(row, item):
                rows.insert(row, item)
            case Replaced(row, item):
                rows[row] = item
    return rows


@given(LISTS, LISTS)
def test_the_steps_lead_from_the_old_list_to_the_new(old: list[Pair], new: list[Pair]) -> None:
    assert applied(old, steps(old, new, key)) == new


def test_one_change_is_one_step() -> None:
    assert steps([("a", 1), ("b", 1)], [("a", 1), ("b", 2)], key) == [Replaced(1, ("b", 2))]


def test_an_equal_list_is_no_step() -> None:
    assert steps([("a", 1)], [("a", 1)], key) == []
