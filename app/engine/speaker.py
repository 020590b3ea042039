"""Where the mixed sound goes: the system's loudspeaker, or a clock that swallows it at the same pace.

PortAudio's callback must never wait, so it only takes from a short ring that the playout keeps filled; when the ring
is empty it plays silence and counts it.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np

from app.engine.resampling import BLOCKS_A_SECOND, Resampler
from app.engine.sound_devices import opened, portaudio, unplugged, why_not
from app.engine.sources import BLOCK, BLOCK_S, RATE, Failed, Samples
from app.session.devices import FOLLOW

AHEAD = 2
"""Blocks kept ready: 40 ms, with a block that plays, ride out a busy loop (no underrun in `client` with a busy window)
and are the most that playout adds to the delay.  A third one cost 26 ms from microphone to loudspeaker."""
MORE = 2
"""Blocks on top of that while it was not enough: each gap adds one, and each `CALM_S` without another takes it away."""
CALM_S = 30.0


class SystemSpeaker:
    """The system's default output, or the device of that id (see `sound_devices.plugged_in`)."""

    def __init__(self, device: str = FOLLOW, ahead: int = AHEAD) -> None:
        """`ahead`: blocks kept ready; more of them where nobody answers."""
        self._device = device or None
        self._ahead = ahead
        self._ring: deque[bytes] = deque(maxlen=ahead + MORE + 1)
        self._more = 0
        self._gaps = 0
        self._calm_at = 0.0
        self._stream: Any = None
        self._resampler: Resampler | None = None
        self._closing = False
        self._begun = False
        self.underruns = 0
        """Blocks of silence that were played because nothing was there, since the first sound."""

    def start(self, failed: Failed) -> None:
        sound = portaudio()

        def wanted(out: Any, frames: int, times: Any, status: Any) -> None:
            try:
                out[:] = self._ring.popleft()
            except IndexError:
                out[:] = bytes(len(out))
                self.underruns += self._begun

        def finished() -> None:
            if not self._closing:
                failed(unplugged("speaker"))

        def make(rate: int) -> Any:
            return sound.RawOutputStream(
                samplerate=rate,
                blocksize=rate // BLOCKS_A_SECOND,
                channels=1,
                dtype="int16",
                latency="low",
                device=self._device,
                callback=wanted,
                finished_callback=finished,
            )

        try:
            self._stream, rate = opened(make, self._device, "output")
            self._resampler = Resampler(RATE, rate) if rate != RATE else None
            self._stream.start()
        except sound.PortAudioError as error:
            self.close()
            raise why_not(error, "speaker") from None

    def room(self, now: float) -> int:
        gaps = self.underruns
        if gaps != self._gaps:
            # What the gap held up waits in the jitter buffers: taking it adds no more delay than the gap did.
            self._gaps, self._more, self._calm_at = gaps, min(MORE, self._more + 1), now + CALM_S
        elif self._more and now >= self._calm_at:
            self._more, self._calm_at = self._more - 1, now + CALM_S
        return self._ahead + self._more - len(self._ring)

    def delay(self, now: float) -> float:
        stream = self._stream
        return len(self._ring) * BLOCK_S + (float(stream.latency) if stream is not None else 0.0)

    def play(self, samples: Samples) -> None:
        for block in [samples] if self._resampler is None else self._resampler.convert(samples):
            self._ring.append(block.tobytes())
        self._begun = True

    def close(self) -> None:
        self._closing = True
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


class NullSpeaker:
    """No loudspeaker: takes sound at exactly real time, so that jitter buffers behave as if somebody listened."""

    underruns = 0

    LATE_LIMIT = 10
    """After a stall longer than this many blocks a device would have played silence too: they are skipped."""

    def __init__(self) -> None:
        self._next: float | None = None

    def start(self, failed: Failed) -> None:
        pass

    def room(self, now: float) -> int:
        if self._next is None:
            self._next = now
        due = math.floor((now - self._next) / BLOCK_S) + 1
        if due > self.LATE_LIMIT:
            self._next = now
            due = 1
        return max(0, due)

    def delay(self, now: float) -> float:
        return 0.0 if self._next is None else max(0.0, self._next - now)

    def play(self, samples: Samples) -> None:
        assert self._next is not None, "room() is asked first"
        self._next += BLOCK_S

    def close(self) -> None:
        pass


def mix(blocks: list[Samples]) -> Samples:
    """Several voices as one block; the sum is limited, not wrapped."""
    if not blocks:
        return np.zeros(BLOCK, np.int16)
    if len(blocks) == 1:
        return blocks[0]
    total = np.sum(np.stack(blocks), axis=0, dtype=np.int32)
    limited: Samples = np.clip(total, -32_768, 32_767).astype(np.int16)
    return limited
