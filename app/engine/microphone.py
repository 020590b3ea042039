"""The microphone: mono, 48 kHz, 20 ms at a time, from PortAudio's own thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from app.engine.resampling import BLOCKS_A_SECOND, Resampler
from app.engine.sound_devices import opened, portaudio, unplugged, why_not
from app.engine.sources import BLOCK_S, RATE, AudioBlock, Failed
from app.session.devices import FOLLOW


class SystemMicrophone:
    """The system's default input, or the device of that id (see `sound_devices.plugged_in`)."""

    def __init__(self, device: str = FOLLOW) -> None:
        self._device = device or None
        self._stream: Any = None
        self._closing = False

    def start(self, deliver: Callable[[AudioBlock], None], failed: Failed) -> None:
        sound = portaudio()

        def finished() -> None:
            if not self._closing:
                failed(unplugged("microphone"))

        def make(rate: int) -> Any:
            return sound.RawInputStream(
                samplerate=rate,
                blocksize=rate // BLOCKS_A_SECOND,
                channels=1,
                dtype="int16",
                latency="low",
                device=self._device,
                callback=_captured(rate, deliver),
                finished_callback=finished,
            )

        try:
            self._stream, _ = opened(make, self._device, "input")
            self._stream.start()
        except sound.PortAudioError as error:
            self.close()
            raise why_not(error, "microphone") from None

    def close(self) -> None:
        self._closing = True
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


def _captured(rate: int, deliver: Callable[[AudioBlock], None]) -> Callable[[Any, int, Any, Any], None]:
    """What PortAudio calls with 20 ms at that rate."""
    resampler = Resampler(rate, RATE) if rate != RATE else None

    def captured(data: Any, frames: int, times: Any, status: Any) -> None:
        samples, at = np.frombuffer(data, np.int16).copy(), time.monotonic() - BLOCK_S
        for block in [samples] if resampler is None else resampler.convert(samples):
            deliver(AudioBlock(block, at))

    return captured
