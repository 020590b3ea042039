"""A queue that grows is seen while it is short; jitter is none."""

from __future__ import annotations

import random

import pytest

from sfu.rtp.trend import Trend


def growing(delays: list[float], every: float = 0.02) -> list[bool]:
    """Whether the trend grew after each group; one leaves every 20 ms and takes its delay."""
    trend, seen = Trend(), []
    for number, delay in enumerate(delays):
        trend.hear(number * every, 50 + number * every + delay)
        if number % 4 == 0:
            trend.judge()
        seen.append(trend.grows)
    return seen


def test_a_path_that_is_always_the_same_does_not_grow() -> None:
    assert not any(growing([0.005] * 500))


@pytest.mark.parametrize("seed", range(5))
def test_the_jitter_of_a_radio_is_no_queue(seed: int) -> None:
    dice = random.Random(seed)

    assert sum(growing([0.005 + dice.random() * 0.008 for _ in range(1000)])) < 20


def test_a_queue_that_grows_is_seen_before_it_is_thirty_milliseconds_long() -> None:
    delays = [0.005] * 100 + [0.005 + 0.001 * step for step in range(60)]

    seen = growing(delays)

    assert any(seen[100:130])
    assert not any(seen[:100])


def test_a_queue_that_drains_does_not_grow() -> None:
    delays = [0.005] * 50 + [0.005 + 0.002 * step for step in range(40)] + [0.085 - 0.002 * step for step in range(40)]

    assert not any(growing(delays)[100:])


def test_what_leaves_together_is_one_group() -> None:
    trend = Trend()
    for frame in range(200):
        for packet in range(10):
            trend.hear(frame * 0.04, frame * 0.04 + 0.002 * packet)  # the queue of one's own frame
        trend.judge()

    assert not trend.grows


def test_after_a_pause_it_begins_anew() -> None:
    trend = Trend()
    for number in range(40):
        trend.hear(number * 0.02, number * 0.022)
        trend.judge()
    assert trend.grows

    for number in range(10):
        trend.hear(100 + number * 0.02, 300 + number * 0.02)
        trend.judge()

    assert not trend.grows
