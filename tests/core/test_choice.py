"""Slots and wishes: the best get in, and who is in stays where they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.choice import assign

NAMES = st.sampled_from("abcdefgh")
WANTED = st.lists(NAMES, unique=True)
SHOWING = st.lists(NAMES, unique=True, max_size=5).flatmap(
    lambda names: st.permutations([*names, None, None])
)  # fmt: skip


def test_those_who_stay_keep_their_slots_and_others_fill_the_gaps() -> None:
    assert assign(["a", "b", None], ["c", "b"]) == ["c", "b", None]


@given(SHOWING, WANTED)
def test_the_best_get_in_once_and_nobody_moves(showing: list[str | None], wanted: list[str]) -> None:
    after = assign(showing, wanted)

    assert sorted(name for name in after if name) == sorted(wanted[: len(showing)])
    for before, now in zip(showing, after, strict=True):
        assert now == before or before not in wanted[: len(showing)]
