"""Asking again: soon, patiently, and not forever."""

from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.nack import (
    ASKS_PER_TRIP,
    LEAST_WAIT,
    MAX_AGE,
    MAX_ASKED,
    MAX_PENDING,
    MAX_RETRIES,
    MOST_REFUSED,
    NackGenerator,
)


def test_a_gap_is_asked_for_at_once_and_across_the_wrap() -> None:
    nacks = NackGenerator()
    nacks.feed(65_533, now=0.0)
    assert nacks.poll(now=0.0) == []

    nacks.feed(1, now=0.02)

    assert nacks.poll(now=0.02) == [65_534, 65_535, 0]
    assert nacks.poll(now=0.02) == []


def test_it_is_asked_for_again_within_the_round_trip_for_asking_is_lost_too() -> None:
    nacks = NackGenerator(round_trip=0.3)
    nacks.feed(1, now=0.0)
    nacks.feed(3, now=0.0)
    assert nacks.poll(now=0.0) == [2]

    assert nacks.wake_at() == 0.3 / ASKS_PER_TRIP
    assert nacks.poll(now=0.09) == []
    assert nacks.poll(now=0.11) == [2]
    assert nacks.feed(2, now=0.15)
    assert nacks.poll(now=1.0) == []
    assert nacks.wake_at() is None


def test_on_a_quick_network_it_still_waits_for_answers_that_are_paced() -> None:
    nacks = NackGenerator(round_trip=0.001)
    nacks.feed(1, now=0.0)
    nacks.feed(3, now=0.0)
    nacks.poll(now=0.0)

    assert nacks.wake_at() == LEAST_WAIT


def test_after_a_second_or_two_it_is_given_up() -> None:
    nacks = NackGenerator(round_trip=0.1)
    nacks.feed(1, now=0.0)
    nacks.feed(3, now=0.0)

    asked = [now for now in range(100) if nacks.poll(now=float(now)) == [2]]

    assert len(asked) == MAX_RETRIES
    assert nacks.wake_at() is None
    assert not nacks.feed(2, now=101.0)


def test_packets_that_overtake_each_other_are_not_duplicates() -> None:
    nacks = NackGenerator()

    fed = [nacks.feed(sequence, now=0.0) for sequence in (1, 3, 2, 3, 2, 4)]

    assert fed == [True, True, True, False, False, True]
    assert nacks.poll(now=0.0) == []


def test_more_missing_than_is_worth_asking_for_is_a_wish_for_a_key_frame() -> None:
    nacks = NackGenerator()
    nacks.feed(1, now=0.0)

    nacks.feed(MAX_PENDING + 3, now=0.0)

    assert nacks.wants_keyframe
    assert nacks.poll(now=0.0) == []
    nacks.feed(MAX_PENDING + 4, now=0.1, keyframe=True)
    assert not nacks.wants_keyframe


def test_with_a_wish_for_a_key_frame_nothing_before_it_is_asked_for_any_more() -> None:
    nacks = NackGenerator()
    for number in (1, 600, 600 + MAX_PENDING):
        nacks.feed(number, now=0.0)

    assert (nacks.pending, nacks.poll(now=0.0)) == (0, [])


def test_what_is_missing_before_a_key_frame_is_let_go_first() -> None:
    nacks = NackGenerator()
    nacks.feed(1, now=0.0)
    nacks.feed(601, now=0.0)
    nacks.feed(602, now=0.0, keyframe=True)

    nacks.feed(1203, now=0.0)

    assert not nacks.wants_keyframe
    assert nacks.pending == 600
    assert nacks.poll(now=0.0)[0] == 603


def test_many_are_asked_for_a_datagram_at_a_time() -> None:
    nacks = NackGenerator()
    nacks.feed(0, now=0.0)
    nacks.feed(601, now=0.0)

    batches = [nacks.poll(now=0.0) for _ in range(4)]

    assert [len(batch) for batch in batches] == [MAX_ASKED, MAX_ASKED, 100, 0]
    assert [sequence for batch in batches for sequence in batch] == list(range(1, 601))


def test_a_sender_that_begins_again_far_below_is_followed() -> None:
    nacks = NackGenerator()
    nacks.feed(30_000, now=0.0)
    nacks.feed(30_002, now=0.0)

    assert nacks.feed(5, now=1.0)
    assert nacks.feed(7, now=1.0)
    assert nacks.poll(now=1.0) == [6]


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.floats(0, 1), st.booleans()), max_size=200))
def test_whatever_comes_memory_is_bounded_and_nothing_received_is_asked_for(
    fed: list[tuple[int, float, bool]],
) -> None:
    nacks, now = NackGenerator(), 0.0
    for sequence, wait, keyframe in fed:
        now += wait
        nacks.feed(sequence, now, keyframe)
        assert sequence not in nacks.poll(now)
        assert nacks.pending <= MAX_PENDING
        wake_at = nacks.wake_at()
        assert wake_at is None or nacks.poll(wake_at) is not None


def test_one_wild_number_does_not_silence_the_stream() -> None:
    nack = NackGenerator()
    for number in range(100):
        nack.feed(number, now=number / 100)
    nack.feed(100 + MAX_AGE - 1, now=1.0)

    taken = [nack.feed(number, now=number / 100) for number in range(100, 300)]

    assert taken.index(True) == MOST_REFUSED - 1
    assert all(taken[MOST_REFUSED:])


def test_answers_that_come_twice_change_nothing() -> None:
    nack = NackGenerator()
    for number in range(500):
        nack.feed(number, now=number / 100)

    assert not any(nack.feed(number, now=5.0) for number in range(400, 400 + MOST_REFUSED - 1))
    assert nack.feed(500, now=5.0)
    assert nack.poll(now=6.0) == []
