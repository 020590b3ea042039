"""Numbers that wrap are compared as if they did not."""

from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.sequence import Unwrapper, distance, newer

NUMBERS = st.integers(0, 0xFFFF)


def test_the_number_after_the_last_is_zero() -> None:
    assert newer(0, 65_535)
    assert not newer(65_535, 0)
    assert distance(2, 65_534) == 4
    assert distance(65_534, 2) == -4


def test_nothing_is_newer_than_itself_or_than_what_is_half_a_circle_away() -> None:
    assert not newer(7, 7)
    assert not newer(0, 0x8000)
    assert not newer(0x8000, 0)


@given(NUMBERS, NUMBERS)
def test_of_two_numbers_at_most_one_is_newer(a: int, b: int) -> None:
    assert not (newer(a, b) and newer(b, a))
    assert newer(a, b) == (distance(a, b) > 0)


@given(st.integers(0, 0xFFFF_FFFF), st.lists(st.integers(-30_000, 30_000), max_size=50))
def test_unwrapping_follows_every_step_up_and_small_steps_back(start: int, steps: list[int]) -> None:
    for bits in (16, 32):
        unwrapper = Unwrapper(bits)
        mask = (1 << bits) - 1
        true = newest = start & mask
        assert unwrapper.unwrap(true) == true
        for step in steps:
            true = newest + step
            newest = max(newest, true)
            assert unwrapper.unwrap(true & mask) == true


def test_a_late_packet_from_before_the_first_wrap_has_a_negative_number() -> None:
    unwrapper = Unwrapper()

    assert unwrapper.unwrap(1) == 1
    assert unwrapper.unwrap(65_535) == -1
    assert unwrapper.unwrap(2) == 2
