"""Whatever a radio loses and however busy computers are, no picture stands still for long.

`python -m tests.bench loss --percent 10` once froze for 28 s on a busy machine.  Seed 116 froze for 36 s before it was
mended, and the whole camera of seed 101 never came back: a second of many losses had paused the picture, a lossy path
never rose again by itself, and probes of padding, which is all that a paused picture can be probed with, were
counted without their padding and so failed, each waiting twice as long as the one before.
"""

from __future__ import annotations

import pytest

from tests.sim.link import Weather
from tests.sim.lossy import LAYERS, WHOLE, LossyCall

TENTH = Weather(delay=0.05, loss=0.1)


def longest_freeze(call: LossyCall, weather: Weather, seconds: float) -> float:
    call.run(5)
    call.turn(weather)
    return call.longest_freeze(call.run(seconds))


def test_without_losses_and_sleep_every_frame_is_shown() -> None:
    call = LossyCall(seed=1)

    assert longest_freeze(call, Weather(delay=0.05), 5) < 0.1


@pytest.mark.parametrize(("seed", "late", "rids", "seconds"), [(116, 2.0, LAYERS, 35), (101, 0.3, WHOLE, 20)])
def test_a_tenth_lost_and_busy_computers_freeze_nothing_for_long(
    seed: int, late: float, rids: tuple[str, ...], seconds: float
) -> None:
    assert longest_freeze(LossyCall(seed, late, rids), TENTH, seconds) < 4


def test_feedback_and_requests_that_are_all_lost_for_a_while_are_made_up_for() -> None:
    call = LossyCall(seed=7)
    call.run(5)
    call.ana.back.weather = call.ben.there.weather = Weather(delay=0.05, loss=1.0)
    call.run(6)
    call.turn(TENTH)

    since = call.run(15)

    assert call.longest_freeze(since) < 4
    assert call.longest_freeze(call.now - 5) < 1.5
