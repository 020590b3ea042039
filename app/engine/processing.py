"""What is done to a captured voice before anybody hears it: echo, noise, rumble and gain (WebRTC's own processing).

The reference for echo is the mixed sound as it went to the loudspeaker.  How long that takes to come back is found by
the canceller itself; a hint of a hundred milliseconds more or less changes nothing that we could measure.  The library
is loaded when it is first needed: it takes 0.15 s and 40 MB.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from app.engine.sources import BLOCK, RATE, Samples
from app.session.commands import SetSound

STEP = BLOCK // 2
"""The library takes exactly 10 ms at a time."""
# What the playout keeps ready, and half a block each of playing and recording.
DELAY_HINT_MS = 60


class VoiceProcessor:
    """One microphone with one setting; another setting is another processor, which learns the room anew in a second."""

    def __init__(self, sound: SetSound, *, noise: bool) -> None:
        from livekit.rtc.apm import AudioProcessingModule
        from livekit.rtc.audio_frame import AudioFrame

        self._frame = AudioFrame
        self._echo = sound.echo
        self._apm: Any = AudioProcessingModule(
            echo_cancellation=sound.echo, noise_suppression=noise, high_pass_filter=True, auto_gain_control=sound.gain
        )

    def played(self, samples: Samples) -> None:
        """20 ms that go to the loudspeaker now."""
        if self._echo:
            for start in (0, STEP):
                self._apm.process_reverse_stream(self._wrap(bytearray(samples[start : start + STEP].tobytes())))

    def clean(self, samples: Samples) -> Samples:
        """20 ms as they were captured; returns them 10 to 16 ms late and without what was played."""
        out = np.empty(BLOCK, np.int16)
        for start in (0, STEP):
            data = bytearray(samples[start : start + STEP].tobytes())
            if self._echo:
                self._apm.set_stream_delay_ms(DELAY_HINT_MS)
            self._apm.process_stream(self._wrap(data))
            out[start : start + STEP] = np.frombuffer(data, np.int16)
        return out

    def _wrap(self, data: bytearray) -> Any:
        return self._frame(data, RATE, 1, STEP)
