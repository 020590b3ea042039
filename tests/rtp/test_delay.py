"""The delay that sound needs is learnt from how it comes."""

from random import Random

import pytest

from sfu.rtp.delay import LEAST, MOST, STEP, DelayTracker


def hear(delays: DelayTracker, packets: range, transit: float = 0.3, jitter: float = 0.0, seed: int = 1) -> None:
    """Packets 20 ms apart."""
    random = Random(seed)
    for number in packets:
        delays.hear(number * STEP, number * STEP + transit + jitter * random.random())


def test_an_even_network_needs_the_least() -> None:
    delays = DelayTracker()
    hear(delays, range(500))

    assert delays.target == pytest.approx(LEAST)
    assert delays.delay(position=10.0, now=10.35) == pytest.approx(0.05)


def test_an_uneven_one_needs_nearly_its_worst() -> None:
    delays = DelayTracker()
    hear(delays, range(500), jitter=0.08)

    assert 0.08 < delays.target - LEAST + 0.005 < 0.09


def test_what_was_bad_is_forgotten_after_five_seconds() -> None:
    delays = DelayTracker()
    hear(delays, range(250), jitter=0.1)
    hear(delays, range(250, 500))

    assert delays.target < LEAST + 0.001


def test_no_network_is_paid_for_with_more_than_the_most() -> None:
    delays = DelayTracker()
    hear(delays, range(500), jitter=0.5)

    assert LEAST <= delays.target <= MOST


def test_a_few_packets_that_nothing_could_have_saved_cost_nothing() -> None:
    delays = DelayTracker()
    hear(delays, range(250))
    hear(delays, range(250, 260), transit=2.0)
    hear(delays, range(260, 300))

    assert delays.target == pytest.approx(LEAST)


@pytest.mark.parametrize("moved", [-100.0, -0.5, 0.5, 100.0])
def test_a_clock_that_was_set_is_followed_within_half_a_second(moved: float) -> None:
    delays = DelayTracker()
    hear(delays, range(250))
    hear(delays, range(250, 280), transit=0.3 + moved)

    assert delays.delay(position=10.0, now=10.3 + moved) == pytest.approx(0.0)
    assert delays.target == pytest.approx(LEAST)


def test_a_reader_that_comes_in_bursts_gets_a_margin_and_gives_it_back() -> None:
    delays = DelayTracker()
    hear(delays, range(250))

    delays.found_nothing(position=5.0, came=5.3, now=5.31)
    assert delays.target == pytest.approx(LEAST + STEP)

    delays.settle(now=15.0)
    assert delays.target == pytest.approx(LEAST + STEP)
    delays.settle(now=15.4)
    assert delays.target == pytest.approx(LEAST)


def test_a_packet_that_was_late_itself_is_no_reason_for_a_margin() -> None:
    delays = DelayTracker()
    hear(delays, range(250))

    delays.found_nothing(position=5.0, came=5.35, now=5.36)

    assert delays.target == pytest.approx(LEAST)
