"""A sound card of no hardware, in the place of PortAudio: it asks and gives at exactly the pace of a card.

The engine's own microphone and loudspeaker run on it unchanged.  A callback comes every 20 ms on a thread of its own,
which has to wait for the interpreter like PortAudio's.  The card holds one block: an answer that comes later than that
is an underrun, as is silence that the loudspeaker had to invent.  What is given to the loudspeaker is kept by the
instant at which it would be heard; a buffer of the hardware's would come on top.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from app.engine.sources import BLOCK, BLOCK_S, RATE, Samples

KEPT_S = 64


class Tape:
    """The last minute of a sound, by instants of the monotonic clock."""

    def __init__(self, samples: Samples | None = None) -> None:
        self.samples = np.zeros(KEPT_S * RATE, np.int16) if samples is None else samples

    def put(self, at: float, samples: Samples) -> None:
        self.samples[self._places(at, samples.size)] = samples

    def get(self, at: float, count: int) -> Samples:
        return np.asarray(self.samples[self._places(at, count)])

    def save(self, path: str) -> None:
        np.save(path, self.samples)

    def _places(self, at: float, count: int) -> Any:
        return (round(at * RATE) + np.arange(count)) % self.samples.size


class Card:
    """`hears` gives the microphone's block that begins at an instant."""

    def __init__(self, hears: Callable[[float], Samples]) -> None:
        self.hears = hears
        self.played = Tape()
        self.late = 0
        """Blocks that came after the card had nothing left."""
        self.late_itself = 0
        """Of those: for which the card's own thread was not woken, or did not get the interpreter, in time."""


def install(card: Card) -> None:
    """From now on `import sounddevice` finds this card."""
    module: Any = ModuleType("sounddevice")

    class PortAudioError(Exception):
        pass

    listed = {"name": "Bench", "hostapi": 0, "max_input_channels": 1, "max_output_channels": 1}
    module.PortAudioError = PortAudioError
    module.RawInputStream = lambda **given: _Stream(given["callback"], card, captures=True)
    module.RawOutputStream = lambda **given: _Stream(given["callback"], card, captures=False)
    module.query_devices = lambda: [listed]
    module.query_hostapis = lambda: [{"name": "None"}]
    module.default = type("default", (), {"device": (0, 0)})
    module._terminate = module._initialize = lambda: None
    sys.modules["sounddevice"] = module


class _Stream:
    latency = 0.0

    def __init__(self, callback: Callable[..., None], card: Card, *, captures: bool) -> None:
        self._callback = callback
        self._card = card
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._capture if captures else self._play, name="card", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _capture(self) -> None:
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            self._callback(self._card.hears(due - BLOCK_S).tobytes(), BLOCK, None, None)
            due += BLOCK_S

    def _play(self) -> None:
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            asked = time.monotonic() - due
            out = bytearray(2 * BLOCK)
            self._callback(out, BLOCK, None, None)
            self._card.played.put(due, np.frombuffer(out, np.int16))
            late = time.monotonic() - due
            if late > BLOCK_S:
                self._card.late += 1
                self._card.late_itself += asked > BLOCK_S
                due += late - BLOCK_S  # a card goes on from where it has something again
            due += BLOCK_S
