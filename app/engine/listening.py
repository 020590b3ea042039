"""What a microphone's sound says about the situation: feedback that howls, somebody who talks while muted, no sound.

Small judges that are told every block.  They decide nothing about the sound itself.
"""

from __future__ import annotations

import numpy as np

from app.engine.sources import BLOCK, RATE, Samples

# Four percent of a semitone's width at 1 kHz would need longer windows; 25 Hz tell a held tone from a gliding voice.
WINDOW = 2 * BLOCK
LOWEST_HZ, HIGHEST_HZ = 200, 10_000
TONE_SHARE = 0.85
"""Of all power, in the strongest bin and its neighbours.  Vowels hold below two thirds, a howl above nine tenths."""
HOWL_DBOV = -40
HOWL_BLOCKS = 30
"""0.6 s on one pitch: longer than a syllable, shorter than people need to reach for their ears."""
HOWL_OVER_BLOCKS = 100

SPEECH_DBOV = -42
SPEECH_BLOCKS = 20
"""0.4 s of voice within the last second."""
MEMORY_BLOCKS = 50
QUIET_BLOCKS = 100
DEAD_BLOCKS = 150
"""3 s of nothing but zeros: every analogue part makes some noise."""


class HowlDetector:
    """Two devices in one room hear each other: sooner or later one frequency goes round and round."""

    def __init__(self) -> None:
        self._last = np.zeros(BLOCK, np.int16)
        self._hann = np.hanning(WINDOW).astype(np.float32)
        self._bin: int | None = None
        self._held = 0
        self._calm = 0
        self.howling = False

    def hear(self, samples: Samples, dbov: int) -> bool:
        """Whether it howls now; a warning stays for two calm seconds."""
        tone = self._tone(samples) if dbov > HOWL_DBOV else None
        self._last = samples
        if tone is None:
            self._held, self._bin = 0, None
        elif self._bin is not None and abs(tone - self._bin) <= 1:
            self._held += 1
        else:
            self._held, self._bin = 1, tone
        self._calm = 0 if self._held else self._calm + 1
        if self._held >= HOWL_BLOCKS:
            self.howling = True
        elif self._calm >= HOWL_OVER_BLOCKS:
            self.howling = False
        return self.howling

    def _tone(self, samples: Samples) -> int | None:
        """The bin of a single loud tone; None for every other sound."""
        window = np.concatenate([self._last, samples]).astype(np.float32) * self._hann
        power = np.square(np.abs(np.fft.rfft(window)))
        low, high = LOWEST_HZ * WINDOW // RATE, HIGHEST_HZ * WINDOW // RATE
        peak = low + int(np.argmax(power[low:high]))
        share = power[peak - 2 : peak + 3].sum() / max(float(power[1:].sum()), 1.0)
        return peak if share >= TONE_SHARE else None


class MutedTalk:
    """Somebody explains something, and nobody hears it."""

    def __init__(self) -> None:
        self._voiced: list[bool] = []
        self._quiet = 0
        self.talking = False

    def hear(self, dbov: int) -> bool:
        """One block of a muted microphone."""
        voiced = dbov > SPEECH_DBOV
        self._voiced = [*self._voiced[1 - MEMORY_BLOCKS :], voiced]
        self._quiet = 0 if voiced else self._quiet + 1
        if sum(self._voiced) >= SPEECH_BLOCKS:
            self.talking = True
        elif self._quiet >= QUIET_BLOCKS:
            self.talking = False
        return self.talking

    def heard_at_last(self) -> None:
        """The microphone was opened."""
        self._voiced, self._quiet, self.talking = [], 0, False


class DeadMicrophone:
    """It is switched off at itself, or the system keeps its sound from us: where permission was denied, macOS and
    Windows report no error and give zeros."""

    def __init__(self) -> None:
        self._blocks = 0

    @property
    def dead(self) -> bool:
        return self._blocks >= DEAD_BLOCKS

    def hear(self, samples: Samples) -> None:
        """One block as it was captured, before anything was done to it."""
        self._blocks = 0 if samples.any() else self._blocks + 1

    def closed(self) -> None:
        self._blocks = 0
