"""A room with a loudspeaker and a microphone in it: what the microphone hears of what is played."""

from __future__ import annotations

import numpy as np

from app.engine.sources import BLOCK, RATE, Samples

DECAY_S = 0.05
LENGTH_S = 0.25
DISTORTION = 1.5
NOISE = 18
"""Root mean square in steps of 16 bits: -65 dBov."""


class Room:
    """A loudspeaker that distorts (tanh), `delay_ms` on the way, walls that answer for a quarter of a second."""

    def __init__(self, seed: int, delay_ms: int = 40, loudness: float = 0.5) -> None:
        self._rng = np.random.default_rng(seed)
        length = round(LENGTH_S * RATE)
        response = self._rng.normal(0, 1, length) * np.exp(-np.arange(length) / (DECAY_S * RATE))
        response *= loudness / np.sqrt(np.square(response).sum())
        size = 1 << (length + BLOCK - 1).bit_length()
        self._size, self._response = size, np.fft.rfft(response, size)
        self._tail = np.zeros(size)
        delay = round(delay_ms * RATE / 1000)
        self._late = np.zeros(delay)

    def hear(self, played: Samples, near: Samples | None = None) -> Samples:
        """20 ms at the microphone; `near` is what somebody says meanwhile."""
        driven = np.tanh(played / 32_768 * DISTORTION) * 32_768
        self._tail += np.fft.irfft(np.fft.rfft(driven, self._size) * self._response, self._size)
        waiting = np.concatenate([self._late, self._tail[:BLOCK]])
        echo, self._late = waiting[:BLOCK], waiting[BLOCK:]
        self._tail = np.concatenate([self._tail[BLOCK:], np.zeros(BLOCK)])
        total = echo + self._rng.normal(0, NOISE, BLOCK) + (0 if near is None else near)
        return np.clip(total, -32_768, 32_767).astype(np.int16)
