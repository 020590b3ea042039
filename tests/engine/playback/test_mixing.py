"""Voices as one sound: how loud, how fast, from where on."""

from __future__ import annotations

import numpy as np
import pytest

from app.engine.playback.mixing import Mixer, Sound, Tempo
from app.engine.sources import BLOCK, RATE


def tone(hz: float, samples: int, start: int = 0) -> Sound:
    wave: Sound = (0.25 * np.sin(2 * np.pi * hz * np.arange(start, start + samples) / RATE)).astype(np.float32)
    return wave


def level(mixer: Mixer) -> float:
    block = mixer.take()
    assert block is not None
    return round(float(np.max(np.abs(block))) / 32_767, 2)


def pitch(sound: Sound) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE / len(sound))


def test_voices_are_added_each_as_loud_as_wanted() -> None:
    mixer = Mixer(["ana", "ben"])
    for person in ("ana", "ben"):
        mixer.put(person, 0, np.full(5 * BLOCK, 0.2, np.float32))
    assert level(mixer) == 0.4

    mixer.turn("ben", 0.0)
    mixer.take()  # on the way there
    assert level(mixer) == 0.2

    mixer.turn("ana", 1.5)
    mixer.take()
    assert level(mixer) == 0.3


def test_a_change_of_loudness_does_not_click() -> None:
    mixer = Mixer(["ana"])
    mixer.put("ana", 0, np.full(3 * BLOCK, 0.5, np.float32))
    mixer.take()

    mixer.turn("ana", 0.0)
    block = mixer.take()

    assert block is not None
    assert np.max(np.abs(np.diff(block.astype(np.int32)))) < 50


def test_while_somebodys_sound_is_not_here_nothing_is_given() -> None:
    mixer = Mixer(["ana", "ben"])
    mixer.put("ana", 0, tone(440, BLOCK))
    assert mixer.take() is None
    assert mixer.lacks(BLOCK) == ["ben"]

    mixer.end("ben")
    assert mixer.take() is not None


def test_another_place_forgets_what_was_decoded() -> None:
    mixer = Mixer(["ana"])
    mixer.put("ana", 0, tone(440, 9 * BLOCK))

    mixer.move(RATE)

    assert (mixer.take(), mixer.until("ana")) == (None, RATE)


@pytest.mark.parametrize("rate", [0.5, 1.5, 2.0])
def test_another_speed_keeps_the_pitch_and_changes_how_long_it_takes(rate: float) -> None:
    mixer = Mixer(["ana"])
    mixer.set_rate(rate, 0)
    mixer.put("ana", 0, tone(440, 4 * RATE))

    blocks = []
    while (block := mixer.take()) is not None:
        blocks.append(block)
    sound = np.concatenate(blocks).astype(np.float32)

    assert len(sound) / RATE == pytest.approx(4 / rate, abs=0.15)
    assert pitch(sound[RATE // 2 : RATE + RATE // 2]) == pytest.approx(440, abs=4)


def test_a_speed_that_is_changed_goes_on_at_the_second_that_was_reached() -> None:
    mixer = Mixer(["ana"])
    rising = np.arange(3 * RATE, dtype=np.float32) / (3 * RATE)
    mixer.put("ana", 0, rising)
    mixer.set_rate(2.0, 0)
    for _ in range(25):  # half a second, in which a second passes
        mixer.take()

    mixer.set_rate(1.0, RATE)
    block = mixer.take()

    assert block is not None
    assert block[0] / 32_767 == pytest.approx(1 / 3, abs=0.001)


def test_a_tempo_gives_nothing_before_it_has_enough() -> None:
    assert Tempo(2.0).pull() is None
