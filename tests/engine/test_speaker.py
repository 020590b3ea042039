from __future__ import annotations

import numpy as np

from app.engine.sources import BLOCK, BLOCK_S, Samples
from app.engine.speaker import NullSpeaker, mix


def constant(value: int) -> Samples:
    return np.full(BLOCK, value, np.int16)


def taken(speaker: NullSpeaker, now: float) -> int:
    wanted = speaker.room(now)
    for _ in range(wanted):
        speaker.play(constant(0))
    return wanted


def test_without_a_device_sound_is_taken_at_exactly_real_time() -> None:
    speaker = NullSpeaker()

    blocks = sum(taken(speaker, number * 0.007) for number in range(1_000))

    assert blocks == int(999 * 0.007 / BLOCK_S) + 1


def test_after_a_stall_it_goes_on_from_now_instead_of_catching_up() -> None:
    speaker = NullSpeaker()
    taken(speaker, 0.0)

    assert taken(speaker, 60.0) == 1
    assert taken(speaker, 60.021) == 1


def test_a_short_stall_is_caught_up_with() -> None:
    speaker = NullSpeaker()
    taken(speaker, 0.0)

    assert taken(speaker, 0.105) == 5


def test_voices_add_up_and_loud_ones_are_limited() -> None:
    assert mix([constant(100), constant(-30)])[0] == 70
    assert mix([constant(30_000), constant(30_000)])[0] == 32_767
    assert mix([constant(-30_000), constant(-30_000)])[0] == -32_768


def test_nobody_speaking_is_silence() -> None:
    assert not mix([]).any()
