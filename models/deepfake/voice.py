"""The checked person's voice, from packets to samples on the clock of their picture."""

from __future__ import annotations

import numpy as np

from models.captions.audio import OpusDecoder
from models.deepfake.speech import RATE, Speech, speech_of
from models.deepfake.witness import Floats
from models.wire import Chunk

# A packet that fits this well follows the one before; the clock is read in steps of its own.
FITS_S = 0.015
# Nobody is checked for longer; a sender that stamps packets with years does not make us keep years.
LONGEST_S = 60.0


class Voice:
    """Silence where nothing came."""

    def __init__(self) -> None:
        self._decoder = OpusDecoder()
        self._parts: list[Floats] = []
        self._start: float | None = None
        self._length = 0

    def feed(self, chunk: Chunk, payload: bytes) -> None:
        """In the order of arrival; what comes late is left out."""
        samples = self._decoder.decode(payload)
        captured = chunk.capture_us / 1e6
        if self._start is None:
            self._start = captured
        gap = captured - self._start - self._length / RATE
        if gap < -FITS_S or self._length / RATE + gap > LONGEST_S:
            return
        if gap > FITS_S:
            self._add(np.zeros(round(gap * RATE), np.float32))
        self._add(samples)

    def speech(self) -> Speech:
        if self._start is None:
            return speech_of(np.zeros(0), 0.0)
        return speech_of(np.concatenate(self._parts), self._start)

    def _add(self, samples: Floats) -> None:
        self._parts.append(samples)
        self._length += len(samples)
