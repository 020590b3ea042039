"""What everybody gets when not everything fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.allocation import PAUSED, SCREEN_OVERSEND, Rank, Wish, allocate, approach

RATES = (1_500_000, 600_000, 200_000)
SCREEN = Wish(Rank.SCREEN, 0, (2_000_000, 2_000_000, 2_000_000))
STAGE = Wish(Rank.STAGE, 0, RATES)
TILE = Wish(Rank.OTHER, 1, RATES)
THUMBNAIL = Wish(Rank.OTHER, 2, RATES)

WISHES = st.lists(
    st.builds(Wish, st.sampled_from(Rank), st.integers(0, 2), st.just(RATES) | st.just((500_000,) * 3)), max_size=12
)


def test_where_everything_fits_everybody_gets_what_they_asked_for() -> None:
    assert allocate([SCREEN, STAGE, TILE, THUMBNAIL], 10_000_000) == [0, 0, 1, 2]


def test_the_best_layer_is_given_and_not_the_one_below() -> None:
    """livekit#4712: off by one at the top, so that nobody ever saw the best layer."""
    assert allocate([STAGE], 1_500_000) == [0]
    assert allocate([STAGE], 1_499_999) == [1]


def test_a_face_that_is_small_comes_before_one_that_is_large() -> None:
    assert allocate([STAGE, TILE, TILE], 700_000) == [2, 2, 2]


def test_the_screen_comes_first_even_a_little_above_the_estimate() -> None:
    assert allocate([TILE, SCREEN], 2_000_000 - SCREEN_OVERSEND) == [PAUSED, 0]
    assert allocate([SCREEN], 2_000_000 - SCREEN_OVERSEND - 1) == [PAUSED]


def test_where_the_screen_takes_all_there_is_the_stage_waits_although_it_is_cheaper() -> None:
    screen = Wish(Rank.SCREEN, 0, (300_000,) * 3)

    assert allocate([STAGE, screen], 250_000) == [PAUSED, 0]


def test_the_stage_grows_before_the_tiles_do() -> None:
    assert allocate([TILE, TILE, STAGE], 1_900_000) == [2, 2, 0]


def test_equals_take_one_step_each() -> None:
    assert allocate([TILE, TILE, TILE], 1_400_000) == [1, 1, 2]


def test_those_named_last_are_paused_first() -> None:
    assert allocate([THUMBNAIL] * 4, 450_000) == [2, 2, PAUSED, PAUSED]


def test_down_goes_at_once() -> None:
    assert approach([0, 1, 1], [STAGE, TILE, TILE], 700_000) == [2, 2, 2]


def test_who_sees_nobody_sees_somebody_as_soon_as_the_least_fits() -> None:
    assert approach([PAUSED, PAUSED], [STAGE, TILE], 210_000) == [2, PAUSED]
    assert approach([2, PAUSED], [STAGE, TILE], 410_000) == [2, PAUSED]


def test_up_goes_one_step_of_one_picture_at_a_time() -> None:
    wishes = [STAGE, TILE, TILE]
    levels = [2, 2, 2]
    seen = []
    while levels not in seen:
        seen.append(levels)
        levels = approach(levels, wishes, 5_000_000)

    assert seen == [[2, 2, 2], [1, 2, 2], [0, 2, 2], [0, 1, 2], [0, 1, 1]]


def test_what_just_fits_is_kept_but_not_taken() -> None:
    assert approach([1], [TILE], 620_000) == [1]
    assert approach([2], [TILE], 620_000) == [2]
    assert approach([2], [TILE], 720_000) == [1]


def test_a_screen_in_one_size_above_the_estimate_takes_all_steps_at_once() -> None:
    assert allocate([SCREEN, SCREEN], 1_900_000) == [0, PAUSED]


@given(WISHES, st.integers(0, 20_000_000))
def test_nobody_gets_more_than_they_asked_for_and_only_screens_more_than_there_is(
    wishes: list[Wish], budget: int
) -> None:
    levels = allocate(wishes, budget)

    assert all(wish.level <= level <= PAUSED for wish, level in zip(wishes, levels, strict=True))
    spent = sum(wish.cost(level) for wish, level in zip(wishes, levels, strict=True) if wish.rank is not Rank.SCREEN)
    assert spent <= budget or spent == 0


@given(WISHES, st.integers(0, 20_000_000), st.data())
def test_with_a_steady_budget_it_settles(wishes: list[Wish], budget: int, data: st.DataObject) -> None:
    levels = [data.draw(st.integers(wish.level, PAUSED)) for wish in wishes]
    for _ in range(40):
        levels = approach(levels, wishes, budget)

    assert approach(levels, wishes, budget) == levels
