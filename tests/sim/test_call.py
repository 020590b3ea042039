"""What a bad network loses, the library gets back; and where it cannot, it says so and goes on."""

from itertools import pairwise

import pytest

from sfu.rtp.jitter import Conceal, Play
from tests.sim.call import FRAME_S, Call, Watcher
from tests.sim.link import Weather

WIFI = Weather(delay=0.005, jitter=0.01, loss=0.05, reorder=0.02, duplicate=0.02)
OUTAGE = Weather(loss=1.0)
STORM = Weather(loss=0.4, jitter=0.05, reorder=0.1)


def heard(watcher: Watcher) -> list[int]:
    """Numbers of the sound packets that were played."""
    return [int.from_bytes(step.payload[1:5], "big") for step in watcher.played if isinstance(step, Play)]


def seen(watcher: Watcher) -> list[int]:
    """Numbers of the frames that were shown."""
    return [int.from_bytes(frame.data[1:5], "big") for frame in watcher.frames]


@pytest.mark.parametrize("seed", range(5))
def test_every_frame_of_a_lossy_camera_is_decoded_in_order(seed: int) -> None:
    call = Call(seed)

    call.run(20, WIFI)
    call.run(1)

    assert call.there.lost > 50
    assert [frame.data for frame in call.watcher.frames] == call.sender.frames[:-1]  # the last is on its way
    assert call.sender.keyframe_requests == 0
    longest = max(after - before for before, after in pairwise(call.watcher.shown_at))
    assert longest < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_once_the_delay_has_grown_to_what_repairs_take_nearly_every_word_is_heard(seed: int) -> None:
    call = Call(seed)

    call.run(23, WIFI)

    numbers = heard(call.watcher)
    learnt, spoken = 150, 1150
    missing = set(range(learnt, spoken)) - set(numbers)
    assert numbers == sorted(set(numbers))
    assert len(missing) <= 10  # one in a hundred, of about 60 that the network lost
    assert call.watcher.voice.stats().target_delay < 0.12


def test_on_a_clean_network_sound_is_played_at_once_and_nothing_is_invented() -> None:
    call = Call(seed=1)

    call.run(10)

    behind = len(call.sender.sounds) - len(heard(call.watcher))
    assert behind <= 3
    assert Conceal() not in call.watcher.played


def test_after_an_outage_the_picture_returns_with_one_key_frame_and_sound_with_what_is_said_now() -> None:
    call = Call(seed=1)
    call.run(5)

    call.run(3, OUTAGE)
    outage_ended, spoken, filmed = call.clock.now, len(call.sender.sounds), len(call.sender.frames)
    call.run(3)

    back_at = next(at for at in call.watcher.shown_at if at > outage_ended)
    assert back_at - outage_ended < 0.6  # the hole was waited for, then the key frame was asked for
    assert call.sender.keyframe_requests == 1
    assert set(range(filmed + int(0.6 / FRAME_S), len(call.sender.frames) - 1)) <= set(seen(call.watcher))
    after = [number for number in heard(call.watcher) if number >= spoken]
    assert after == list(range(spoken, spoken + len(after)))
    assert len(call.sender.sounds) - after[-1] <= 13  # careful for a while, but within 260 ms

    call.run(20)

    assert len(call.sender.sounds) - heard(call.watcher)[-1] <= 6


def test_a_storm_never_shows_a_frame_whose_past_is_missing() -> None:
    call = Call(seed=3)

    call.run(30, STORM)
    call.run(1)

    numbers = seen(call.watcher)
    keyframes = {number for number, frame in zip(numbers, call.watcher.frames, strict=True) if frame.keyframe}
    assert all(after == before + 1 or after in keyframes for before, after in pairwise(numbers))
    assert len(keyframes) > 1
    assert [frame.data for frame in call.watcher.frames] == [call.sender.frames[number] for number in numbers]
