"""Sound for devices that know no 48 kHz (headsets on the telephone profile, old interfaces): converted on the way."""

from __future__ import annotations

import av
import numpy as np

from app.engine.sources import BLOCK, RATE, Samples

BLOCKS_A_SECOND = RATE // BLOCK


class Resampler:
    """Mono, in blocks of 20 ms; the first ones come late by what the filter keeps, a millisecond or less."""

    def __init__(self, given: int, wanted: int) -> None:
        """Samples a second, multiples of 50."""
        self._given = given
        self._resampler = av.AudioResampler("s16", "mono", wanted, frame_size=wanted // BLOCKS_A_SECOND)

    def convert(self, samples: Samples) -> list[Samples]:
        """What is whole by now: usually one block."""
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._given
        blocks = [converted.to_ndarray().reshape(-1) for converted in self._resampler.resample(frame)]
        return [block.astype(np.int16, copy=False) for block in blocks]
