"""The microphone: mono, 48 kHz, 20 ms at a time, from PortAudio's own thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from app.engine.sound_devices import portaudio, unplugged, why_not
from app.engine.sources import BLOCK, BLOCK_S, RATE, AudioBlock, Failed
from app.session.devices import FOLLOW


class SystemMicrophone:
    """The system's default input, or the device of that id (see `sound_devices.plugged_in`)."""

    def __init__(self, device: str = FOLLOW) -> None:
        self._device = device or None
        self._stream: Any = None
        self._closing = False

    def start(self, deliver: Callable[[AudioBlock], None], failed: Failed) -> None:
        sound = portaudio()

        def captured(data: Any, frames: int, times: Any, status: Any) -> None:
            samples = np.frombuffer(data, np.int16).copy()
            deliver(AudioBlock(samples, time.monotonic() - BLOCK_S))

        def finished() -> None:
            if not self._closing:
                failed(unplugged("microphone"))

        try:
            self._stream = sound.RawInputStream(
                samplerate=RATE,
                blocksize=BLOCK,
                channels=1,
                dtype="int16",
                latency="low",
                device=self._device,
                callback=captured,
                finished_callback=finished,
            )
            self._stream.start()
        except sound.PortAudioError as error:
            self.close()
            raise why_not(error, "microphone") from None

    def close(self) -> None:
        self._closing = True
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
