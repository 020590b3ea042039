"""What the `client` bench measures with, measured."""

from __future__ import annotations

import sys
import time

import av
import numpy as np
import pytest

from app.engine.codecs import Vp8Decoder, Vp8Encoder
from app.engine.sources import BLOCK, BLOCK_S, RATE
from app.engine.speaker import SystemSpeaker
from tests.bench._client import timecode
from tests.bench._client.card import Card, Tape, install
from tests.bench._client.hearing import lag

WIDTH, HEIGHT = 640, 360


def shown(at: float, width: int, height: int) -> np.ndarray:
    """Luma of a picture taken at that instant, after VP8 and scaled."""
    planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    timecode.write(planes[:HEIGHT], at)
    picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    decoded = Vp8Decoder().decode(Vp8Encoder(500_000, 15).encode(picture, 0.0, keyframe=True))
    assert decoded is not None
    return decoded.reformat(width, height, "gray").to_ndarray()


@pytest.mark.parametrize("at", [0.0, 1.234, 65.535, 7_000.001, 12_345.678])
def test_the_instant_in_a_picture_is_read_on_a_small_tile(at: float) -> None:
    luma = shown(at, 400, 224)

    read = timecode.read(lambda x, y: int(luma[y, x]), timecode.places(0, 0, 400, 224), now=at + 0.2)

    assert read == pytest.approx(at, abs=0.0011)


def test_a_picture_without_a_code_holds_no_instant() -> None:
    places = timecode.places(0, 0, 400, 224)

    assert timecode.read(lambda x, y: 0, places, now=1.0) is None
    assert timecode.read(lambda x, y: 255, places, now=1.0) is None


def test_how_late_a_voice_is_heard_is_found_to_the_millisecond() -> None:
    said = np.random.default_rng(1).normal(0, 3_000, 2 * RATE).astype(np.int16)
    begins = 0.6 - 0.123

    found = lag(said[: round(1.6 * RATE)], said[round(begins * RATE) : round(begins * RATE) + RATE] // 3)

    assert found == pytest.approx(0.123, abs=0.001)


def test_another_sound_is_not_taken_for_the_voice() -> None:
    chance = np.random.default_rng(1)
    said, other = (chance.normal(0, 3_000, count).astype(np.int16) for count in (2 * RATE, RATE))

    assert lag(said, other) is None


def test_a_tape_keeps_sound_by_the_instant_at_which_it_was_heard() -> None:
    tape = Tape()

    tape.put(100.0, np.arange(BLOCK, dtype=np.int16))

    assert tape.get(100.0 + 5 / RATE, 3).tolist() == [5, 6, 7]


def test_silence_that_had_to_be_invented_counts_from_the_first_sound_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    install(Card(lambda at: np.zeros(BLOCK, np.int16)))
    speaker = SystemSpeaker()
    speaker.start(lambda error: None)
    time.sleep(3 * BLOCK_S)
    before = speaker.underruns
    speaker.play(np.ones(BLOCK, np.int16))
    deadline = time.monotonic() + 5
    while not speaker.underruns and time.monotonic() < deadline:
        time.sleep(BLOCK_S)
    speaker.close()

    assert before == 0
    assert speaker.underruns > 0
