"""What Ana says, at every instant the same in every process: the demo's recordings, round and round."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.engine.files import audio_blocks
from app.engine.sources import BLOCK, Samples
from tests.bench._client.card import Tape

MEDIA = Path(__file__).resolve().parents[3] / "resources" / "media"
CLIPS = ("en_cards_001.flac", "en_cards_003.flac", "en_jfk_inaugural.flac", "en_sense_0870.flac", "en_sense_0890.flac")
ECHOES = ((0.040, 0.4), (0.053, 0.2), (0.071, 0.1))
"""Seconds and gain of each way from the loudspeaker to the microphone: a laptop on a desk, 7 dB down."""
HISS = 8.0


def speech() -> Tape:
    """By instants of the monotonic clock, like any tape: it begins again where it ends."""
    blocks = [block for name in CLIPS for block in audio_blocks(MEDIA / name)]
    return Tape(np.concatenate(blocks))


class Room:
    """What a microphone hears of what its own loudspeaker plays, and the room's hiss."""

    def __init__(self, played: Tape) -> None:
        self._played = played
        self._chance = np.random.default_rng(3)

    def hears(self, at: float, count: int = BLOCK, *, hiss: bool = True) -> Samples:
        heard = self._chance.normal(0, HISS, count) if hiss else np.zeros(count)
        for delay, gain in ECHOES:
            heard += gain * self._played.get(at - delay, count)
        return np.clip(heard, -32_768, 32_767).astype(np.int16)
