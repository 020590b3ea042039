"""A link of our own: a queue that drains at so many bits a second, with losses, drift and pauses."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.bandwidth import FLOOR, LEAST, MOST, START, BandwidthEstimator

SIZE = 1_000
FEEDBACK_S = 0.1


class Path:
    """Sends `load(target)` bits a second in packets of 1,000 bytes through a link of `rate`, 5 ms long."""

    def __init__(self, rate: float, loss: float = 0.0, drift: float = 0.0) -> None:
        self.rate, self.loss, self.drift = rate, loss, drift
        self.estimator = BandwidthEstimator()
        self.log = ArrivalLog(sender=1)
        self.dice = random.Random(5)
        self.now = 100.0
        self.free = 0.0
        self.number = 0
        self.worst_queue = 0.0

    def run(self, seconds: float, load: Callable[[float], float] = lambda target: target) -> float:
        until = self.now + seconds
        while self.now < until:
            self._tenth(load(self.estimator.target))
        return self.estimator.target

    def run_late(self, rate: float) -> None:
        """Twenty seconds, in each of which everything comes late at once."""
        self.run(2.0, load=lambda target: rate)
        for _ in range(20):
            self.free = self.now + 0.2
            self.run(1.0, load=lambda target: rate)

    def _tenth(self, rate: float) -> None:
        arrivals: list[tuple[int, float]] = []
        count = max(1, round(rate * FEEDBACK_S / 8 / SIZE))
        for packet in range(count):
            at = self.now + FEEDBACK_S * packet / count
            self.number = (self.number + 1) & 0xFFFF
            self.estimator.sent(self.number, SIZE, at)
            self.free = max(self.free, at) + SIZE * 8 / self.rate
            self.worst_queue = max(self.worst_queue, self.free - at)
            if self.dice.random() >= self.loss:
                arrivals.append((self.number, (self.free + 0.005) * (1 + self.drift)))
        self.now += FEEDBACK_S
        for report in self.log.feedback(arrivals, media=7):
            self.estimator.feedback(report, self.now)


def test_a_wide_network_is_used_from_the_start_and_more_each_second() -> None:
    path = Path(rate=1e9)

    assert path.run(1.0) >= START
    assert path.run(40.0) == MOST


def test_a_narrow_network_is_found_within_two_seconds_and_its_queue_stays_short() -> None:
    path = Path(rate=1_000_000)
    path.run(4.0)
    path.worst_queue = 0.0

    found = path.run(20.0)

    assert 500_000 < found < 1_100_000
    assert path.worst_queue < 0.4


def test_a_network_that_widens_again_is_followed() -> None:
    path = Path(rate=500_000)
    narrow = path.run(10.0)
    path.rate = 1e9

    assert path.run(30.0) > 4 * narrow


def test_a_radio_that_loses_a_few_packets_costs_nothing() -> None:
    assert Path(rate=1e9, loss=0.05).run(10.0) >= START


def test_a_third_lost_brings_the_rate_down() -> None:
    assert Path(rate=1e9, loss=0.3).run(10.0) < START / 2


@pytest.mark.parametrize("drift", [-1e-4, 1e-4])
def test_clocks_that_drift_apart_are_no_queue(drift: float) -> None:
    assert Path(rate=1e9, drift=drift).run(60.0, load=lambda target: 1e6) >= START


def test_sending_little_keeps_what_was_found() -> None:
    path = Path(rate=1e9)

    assert path.run(20.0, load=lambda target: 50_000) >= START


def test_a_report_about_what_was_never_sent_changes_nothing() -> None:
    estimator = BandwidthEstimator()
    for report in ArrivalLog(sender=1).feedback([(number, 5.0 + number) for number in range(40)], media=7):
        estimator.feedback(report, 9.0)

    assert estimator.target == START


def test_it_never_falls_below_what_a_thumbnail_needs() -> None:
    assert Path(rate=20_000).run(30.0) == LEAST


def test_a_computer_that_is_busy_for_a_moment_does_not_cost_the_least_picture() -> None:
    path = Path(rate=1e9)
    path.run_late(250_000)

    assert path.estimator.is_narrow
    assert path.estimator.target >= FLOOR


def test_a_queue_that_is_heard_takes_the_picture_away() -> None:
    path = Path(rate=150_000)

    assert path.run(20.0, load=lambda target: 250_000) < FLOOR


def test_whoever_has_only_a_voice_learns_that_there_is_room_for_the_least_picture() -> None:
    path = Path(rate=150_000)
    path.run(20.0, load=lambda target: min(target, 250_000))
    path.rate = 1e9
    path.run(12.0, load=lambda target: 50_000)

    assert path.run(10.0, load=lambda target: 50_000) >= FLOOR


def test_one_second_of_many_losses_takes_no_picture_away() -> None:
    path = Path(rate=1e9, loss=0.12)
    path.estimator.target = 1.1 * FLOOR
    path.run(5.0, load=lambda target: 250_000)
    path.loss = 0.4
    path.run(1.0, load=lambda target: 250_000)
    path.loss = 0.12

    assert path.run(1.0, load=lambda target: 250_000) >= FLOOR


def test_what_a_radio_always_loses_does_not_keep_a_picture_away_once_the_queue_is_gone() -> None:
    path = Path(rate=80_000)
    path.run(20.0, load=lambda target: 150_000)
    assert path.estimator.target < FLOOR

    path.rate, path.loss, path.free = 1e9, 0.12, path.now

    assert path.run(15.0, load=lambda target: 200_000) >= FLOOR


def test_a_tenth_that_is_lost_without_a_queue_takes_what_is_not_used_and_no_more() -> None:
    path = Path(rate=1e9, loss=0.15)

    assert 900_000 < path.run(120.0, load=lambda target: 1_000_000) < 1_500_000


def test_a_queue_that_so_little_can_hardly_have_made_costs_nothing() -> None:
    path = Path(rate=1e9)
    path.run_late(50_000)

    assert path.estimator.target >= START
