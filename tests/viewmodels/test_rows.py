from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex

from app.viewmodels.rows import Rows


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    value: int
    other: int = 0


class Watched(Rows):
    """Remembers what it announced."""

    def __init__(self) -> None:
        super().__init__(Item, lambda item: item.key)
        self.said: list[tuple[object, ...]] = []
        self.rowsInserted.connect(lambda parent, first, last: self.said.append(("inserted", first, last)))
        self.rowsRemoved.connect(lambda parent, first, last: self.said.append(("removed", first, last)))
        self.dataChanged.connect(lambda top, bottom, roles: self.said.append(("changed", top.row(), self.named(roles))))
        self.modelReset.connect(lambda: pytest.fail("a reset makes every tile flicker"))

    def named(self, roles: list[int]) -> list[str]:
        return [bytes(self.roleNames()[role].data()).decode() for role in roles]

    def values(self) -> list[Item]:
        names = self.roleNames()
        return [
            Item(*(self.data(self.index(row, 0), role) for role in sorted(names))) for row in range(self.rowCount())
        ]


def test_a_change_touches_one_row_and_only_the_role_that_changed() -> None:
    rows = Watched()
    rows.show([Item("a", 1), Item("b", 1)])
    rows.said.clear()

    rows.show([Item("a", 1), Item("b", 2)])

    assert rows.said == [("changed", 1, ["value"])]


def test_nothing_is_said_when_nothing_changed() -> None:
    rows = Watched()
    rows.show([Item("a", 1)])
    rows.said.clear()

    rows.show([Item("a", 1)])

    assert rows.said == []


def test_one_who_leaves_takes_away_one_row() -> None:
    rows = Watched()
    rows.show([Item("a", 1), Item("b", 1), Item("c", 1)])
    rows.said.clear()

    rows.show([Item("a", 1), Item("c", 1)])

    assert rows.said == [("removed", 1, 1)]


def test_an_index_from_nowhere_has_no_data() -> None:
    assert Watched().data(QModelIndex()) is None


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 2)), unique_by=lambda p: p[0]), max_size=8))
def test_the_rows_are_what_was_shown_last(lists: list[list[tuple[str, int]]]) -> None:
    rows = Watched()
    for pairs in lists:
        items = [Item(key, value) for key, value in pairs]
        rows.show(items)
        assert rows.values() == items
