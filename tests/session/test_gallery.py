from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.gallery import SMALLEST, Stage, boxes, layout, with_speaker_first


@given(st.integers(1, 49), st.integers(340, 3840), st.integers(240, 2160), st.booleans())
def test_tiles_never_overlap_nor_leave_the_stage(count: int, width: int, height: int, narrow: bool) -> None:
    stage = Stage(width, height, narrow=narrow)
    fit = layout(count, stage)
    places = boxes(min(count, fit.per_page), fit, stage)

    assert all(p.x >= 0 and p.x + p.width <= width + 1 and p.y >= -1 for p in places)
    assert all(p.y + p.height <= height + 1 for p in places)
    apart = [(a, b) for a in places for b in places if a is not b]
    assert all(
        a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        for a, b in apart
    )


@given(st.integers(1, 100), st.integers(340, 3840), st.integers(240, 2160))
def test_everybody_is_on_some_page_and_recognisable(count: int, width: int, height: int) -> None:
    fit = layout(count, Stage(width, height))

    assert fit.pages * fit.per_page >= count
    assert fit.tile_width >= SMALLEST or fit.per_page == 1


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (16, 4)])
def test_a_wide_stage_uses_the_columns_a_person_would_choose(count: int, columns: int) -> None:
    assert layout(count, Stage(1248, 700)).columns == columns


def test_the_last_row_is_centred() -> None:
    stage = Stage(1000, 600)
    places = boxes(5, layout(5, stage), stage)

    assert places[3].x > places[0].x
    assert abs((places[3].x + places[4].x + places[4].width) - 1000) <= 2


def test_nothing_is_laid_out_on_no_stage() -> None:
    assert layout(3, Stage(0, 0)).tile_width == 0


def test_a_speaker_from_a_later_page_changes_places_with_a_silent_person_of_page_one() -> None:
    order = with_speaker_first(["a", "b", "c", "d", "e"], speaking=["e", "c"], per_page=3)

    assert order == ("a", "e", "c", "d", "b")


def test_nobody_moves_when_the_speaker_is_already_in_sight() -> None:
    assert with_speaker_first(["a", "b", "c"], speaking=["b"], per_page=2) == ("a", "b", "c")
