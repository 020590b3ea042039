from __future__ import annotations

from sfu.core.restarts import FIRST_DELAY, LONG_LIFE, LONGEST_DELAY, MAX_CONSECUTIVE, Restarts


def test_a_child_that_dies_at_once_is_given_more_and_more_time_and_then_up() -> None:
    restarts, delays = Restarts(), []
    for _ in range(MAX_CONSECUTIVE):
        restarts.started(now=0.0)
        delays.append(restarts.died(now=0.1))

    assert delays[0] == FIRST_DELAY
    assert delays[-1] is None
    assert delays[:-1] == sorted(delays[:-1])
    assert max(delays[:-1]) <= LONGEST_DELAY


def test_a_long_life_wipes_the_slate_clean() -> None:
    restarts = Restarts()
    for start in range(20):
        restarts.started(now=start * 1000.0)

        assert restarts.died(now=start * 1000.0 + LONG_LIFE) == FIRST_DELAY
