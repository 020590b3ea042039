"""How loud the voice is where the jaw shapes it.

The first formant (400 to 1,200 Hz) is louder the wider the mouth opens, whoever speaks; hiss, hum and most consonants
lie elsewhere.  Of the bands that were tried on real clips (whole, 100-900, 300-3,000, 400-1,200 Hz) it follows the lips
best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.deepfake.witness import Floats

RATE = 16_000
FORMANT_HZ = 400.0, 1_200.0
STEP_S, WINDOW_S = 0.01, 0.04
# Quieter than this part of the loudest is silence.
FLOOR = 0.02
# Root mean square of the whole clip (full scale 1) below which nobody spoke.
SILENT = 0.003


@dataclass(frozen=True, slots=True)
class Speech:
    """`at`: seconds, as in `Look`; `level`: natural logarithm of the loudness.  Both (n,)."""

    at: Floats
    level: Floats
    silent: bool = False


def speech_of(samples: Floats, start: float) -> Speech:
    """`samples`: mono at 16 kHz, full scale 1, the first of them spoken at `start`."""
    window, step = round(WINDOW_S * RATE), round(STEP_S * RATE)
    if len(samples) < window + step:
        return Speech(np.zeros(0), np.zeros(0), silent=True)
    voiced = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    voiced[(hertz < FORMANT_HZ[0]) | (hertz > FORMANT_HZ[1])] = 0
    power = np.concatenate([[0.0], np.cumsum(np.fft.irfft(voiced, len(samples)) ** 2)])
    begins = np.arange(0, len(samples) - window, step)
    loud = np.sqrt(np.maximum(power[begins + window] - power[begins], 0) / window)
    silent = float(np.sqrt(np.mean(samples**2))) < SILENT
    return Speech(start + (begins + window / 2) / RATE, np.log(loud + FLOOR * loud.max() + 1e-9), silent)
