from __future__ import annotations

import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.gallery import Stage
from app.session.stage import HOLDS_FOR, SPEAKS_FOR, STRIP, Spotlight, places, seats, strip_pages, strip_size, without

PEOPLE = ("ana", "ben", "cem")
WIDE = Stage(900, 600)


def test_a_cough_does_not_take_the_large_place() -> None:
    light = Spotlight("ana").after(PEOPLE, ("ben",), 10.0)
    light = light.after(PEOPLE, ("ben",), 10.0 + SPEAKS_FOR - 0.1)
    light = light.after(PEOPLE, (), 10.0 + SPEAKS_FOR)

    assert light.after(PEOPLE, ("ben",), 10.0 + SPEAKS_FOR + 1).person == "ana"


def test_who_goes_on_speaking_takes_it() -> None:
    light = Spotlight("ana").after(PEOPLE, ("ben",), 10.0).after(PEOPLE, ("ben",), 10.0 + SPEAKS_FOR)

    assert light.person == "ben"


def test_nobody_is_moved_away_before_they_have_been_seen() -> None:
    light = Spotlight("ben", since=10.0).after(PEOPLE, ("cem",), 10.5)

    assert light.after(PEOPLE, ("cem",), 10.0 + HOLDS_FOR - 0.1).person == "ben"
    assert light.after(PEOPLE, ("cem",), 10.0 + HOLDS_FOR).person == "cem"


def test_who_leaves_gives_the_place_to_somebody_who_is_here() -> None:
    assert Spotlight("zoe").after(PEOPLE, (), 1.0).person == "ana"
    assert Spotlight("zoe").after((), ("ana",), 1.0).person == ""


def test_the_others_keep_their_order() -> None:
    assert seats(PEOPLE, "cem") == ("cem", "ana", "ben")
    assert seats(PEOPLE, "gone") == PEOPLE


def test_who_is_hidden_is_left_out_unless_they_are_alone() -> None:
    assert without(PEOPLE, {"ben"}) == ("ana", "cem")
    assert without(("ana",), {"ana"}) == ("ana",)


def test_the_strip_has_pages() -> None:
    assert [strip_pages(others, WIDE) for others in (0, 1, STRIP, STRIP + 1)] == [1, 1, 1, 2]
    assert strip_pages(STRIP, Stage(360, 600, narrow=True)) == 2


@pytest.mark.parametrize("narrow", [False, True])
@given(st.integers(0, STRIP), st.integers(200, 4000), st.integers(200, 2400))
def test_no_tile_leaves_the_stage_or_covers_another(narrow: bool, others: int, width: int, height: int) -> None:
    stage = Stage(width, height, narrow=narrow)
    others = min(others, strip_size(stage))
    boxes = places(others, stage)

    assert len(boxes) == others + 1
    for box in boxes:
        assert -1 <= box.x <= box.x + box.width <= width + 1
        assert -1 <= box.y <= box.y + box.height <= height + 1
    for one, other in pairwise(boxes[1:]):
        assert one.x + one.width <= other.x or one.y + one.height <= other.y


def test_the_large_place_is_the_largest() -> None:
    large, *strip = places(4, WIDE)

    assert large.width > 2 * strip[0].width
    assert all(box.width == strip[0].width for box in strip)


@pytest.mark.parametrize("stage", [Stage(1200, 700), Stage(360, 500, 10, narrow=True), Stage(700, 900)])
@pytest.mark.parametrize("others", [0, 3, 6])
def test_two_screens_share_the_large_place_and_touch_nobody(stage: Stage, others: int) -> None:
    others = min(others, strip_size(stage))

    shown = places(others, stage, large=2)

    assert len(shown) == others + 2
    for one, other in itertools.combinations(shown, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for box in shown:
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= stage.width + 1
        assert box.y + box.height <= stage.height + 1
    assert shown[0].width * shown[0].height >= max((b.width * b.height for b in shown[2:]), default=0)
