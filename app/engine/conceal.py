"""A lost 20 ms of speech, papered over.

A hole in a vowel clicks; a vowel that goes on for one more frame is not noticed.  The last pitch period is repeated,
in phase, and fades: after three losses in a row silence is more honest.  (FFmpeg's Opus decoder offers neither the
codec's own concealment nor its FEC, so this works on samples.)
"""

from __future__ import annotations

import numpy as np

from app.engine.sources import BLOCK, RATE, Samples

SHORTEST_PERIOD = RATE // 400
LONGEST_PERIOD = RATE // 66
FADE_PER_BLOCK = 0.4
SEAM = RATE // 400
"""2.5 ms over which real sound is blended back in."""


class Concealer:
    """Hears every block that was played; invents the one that is missing."""

    def __init__(self) -> None:
        self._recent = np.zeros(2 * BLOCK, np.int16)
        self._lost = 0
        self._next = np.zeros(SEAM, np.float32)

    def heard(self, samples: Samples) -> Samples:
        """Real sound; after a loss its beginning is blended with what concealment would have played."""
        if self._lost:
            samples = self._blend(samples)
            self._lost = 0
        self._recent = np.concatenate([self._recent, samples])[-2 * BLOCK :]
        return samples

    def conceal(self) -> Samples:
        """One invented block."""
        period = self._recent[-self._period() :].astype(np.float32)
        wave = np.resize(period, BLOCK + SEAM)
        start, end = 1 - FADE_PER_BLOCK * self._lost, 1 - FADE_PER_BLOCK * (self._lost + 1)
        gain = np.clip(np.linspace(start, end, wave.size, dtype=np.float32), 0, 1)
        # `_recent` keeps the unfaded sound: the next loss continues the same wave with a lower gain.
        self._recent = np.concatenate([self._recent, wave[:BLOCK].astype(np.int16)])[-2 * BLOCK :]
        self._lost += 1
        faded = wave * gain
        self._next = faded[BLOCK:]
        return faded[:BLOCK].astype(np.int16)

    def _blend(self, samples: Samples) -> Samples:
        size = min(SEAM, samples.size)
        share = np.linspace(0, 1, size, dtype=np.float32)
        blended = samples.copy()
        blended[:size] = (self._next[:size] * (1 - share) + samples[:size] * share).astype(np.int16)
        return blended

    def _period(self) -> int:
        """The lag at which the last 20 ms resemble themselves most."""
        recent = self._recent.astype(np.float32)
        last = recent[-BLOCK:]
        # correlation[lag] = sum(last * recent shifted back by lag), by one FFT instead of 600 dot products
        size = 4 * BLOCK
        spectrum = np.fft.rfft(recent, size) * np.conj(np.fft.rfft(last, size))
        correlation = np.fft.irfft(spectrum, size)
        lags = np.arange(SHORTEST_PERIOD, LONGEST_PERIOD)
        return int(lags[np.argmax(correlation[BLOCK - lags])])
