"""Opus in, 16 kHz out, and nobody's damaged packets raise anything."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.captions.audio import RATE, OpusDecoder, Recording, VoiceDetector, VoiceModel
from models.core.timeline import opus_duration


def opus(hertz: float, packets: int) -> list[bytes]:
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 32_000
    encoder.open()
    sound = (8_000 * np.sin(np.arange(packets * 960) * 2 * np.pi * hertz / 48_000)).astype(np.int16)
    encoded: list[bytes] = []
    for at in range(0, len(sound), 960):
        frame = av.AudioFrame.from_ndarray(sound[None, at : at + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, at
        encoded += [bytes(packet) for packet in encoder.encode(frame)]
    return encoded


PACKETS = opus(440, 25)


def test_a_tone_comes_out_at_a_third_of_the_rate_with_its_pitch() -> None:
    decoder = OpusDecoder()

    sound = np.concatenate([decoder.decode(packet) for packet in PACKETS])

    assert len(sound) == len(PACKETS) * 320
    loudest = int(np.argmax(np.abs(np.fft.rfft(sound[1600:6400]))))
    assert loudest * RATE / 4800 == pytest.approx(440, abs=4)


def test_what_16_khz_cannot_hold_is_gone_not_folded_back() -> None:
    decoder = OpusDecoder()

    sound = np.concatenate([decoder.decode(packet) for packet in opus(10_000, 25)])

    assert float(np.sqrt(np.mean(sound[1600:] ** 2))) < 0.01


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=80), st.integers(0, 60).map(lambda cut: PACKETS[3][:cut])))
def test_damaged_packets_are_silence_of_their_length_and_the_next_is_sound_again(payload: bytes) -> None:
    decoder = OpusDecoder()

    damaged = decoder.decode(payload)
    after = [decoder.decode(packet) for packet in PACKETS[:5]]

    assert len(damaged) == opus_duration(payload) // 3
    assert float(np.abs(after[-1]).max()) > 0.05


def test_a_recording_keeps_what_was_not_forgotten_at_its_place() -> None:
    recording = Recording()
    for second in range(60):
        recording.add(np.full(RATE, second, np.float32))
        recording.forget(before=second - 6.0)

    assert set(recording.between(55.0, 57.0)) == {55.0, 56.0}
    assert len(recording.between(0.0, 2.0)) == 0
    assert recording.until == 60.0


def test_silence_is_not_speech_and_costs_no_model() -> None:
    detector = VoiceDetector(VoiceModel())

    assert max(detector.hear(np.zeros(RATE * 3, np.float32))) < 0.35
