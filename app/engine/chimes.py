"""Short sounds of the program's own: somebody came or went, and the one by which a loudspeaker is tried.

They are mixed into what is played anyway, so the echo canceller knows them and the chosen loudspeaker plays them.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache

import numpy as np

from app.engine.sources import BLOCK, RATE, Samples
from app.session.commands import Sound

LOUDNESS = 0.12
"""Of full scale: well below a voice."""
FADE_S = 0.12
"""How fast a note dies away."""
NOTES: dict[Sound, tuple[tuple[float, float], ...]] = {
    Sound.TEST: ((523.25, 0.25), (659.25, 0.25), (783.99, 0.25), (1046.5, 0.6)),
    Sound.JOINED: ((523.25, 0.12), (783.99, 0.3)),
    Sound.LEFT: ((783.99, 0.12), (523.25, 0.3)),
    Sound.KNOCK: ((659.25, 0.12), (659.25, 0.3)),
}
"""Hertz and seconds."""


class Chimes:
    """`ring` one; `next_block` until there is no more.  One at a time: a second takes the place of the first."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()

    @property
    def ringing(self) -> bool:
        return bool(self._blocks)

    def ring(self, sound: Sound) -> None:
        samples = rendered(sound)
        self._blocks = deque(samples[at : at + BLOCK] for at in range(0, samples.size, BLOCK))

    def next_block(self, now: float, plays_at: float) -> Samples | None:
        return self._blocks.popleft() if self._blocks else None


@lru_cache(maxsize=len(NOTES))
def rendered(sound: Sound) -> Samples:
    """Whole blocks of 20 ms, mono, 48 kHz."""
    notes = np.concatenate([_note(hertz, seconds) for hertz, seconds in NOTES[sound]])
    padded = np.pad(notes, (0, -notes.size % BLOCK))
    loud: Samples = (padded * LOUDNESS * 32_767).astype(np.int16)
    return loud


def _note(hertz: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A struck tone: it begins within 5 ms, so that it does not click, and dies away."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        np.sin(2 * np.pi * hertz * time) * np.minimum(time / 0.005, 1) * np.exp(-time / FADE_S)
    )
    return tone
