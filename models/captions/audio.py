"""Sound for the recogniser: Opus decoded, brought to 16 kHz, kept while it is needed, and listened to for voice.

Nothing here knows captions.  Damaged packets become silence of their length; nobody's audio can raise an error.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.crosstalk import STEP
from models.core.timeline import opus_duration
from models.core.voice import FRAME

Samples = npt.NDArray[np.float32]

log = logging.getLogger("models.captions")

RATE = 16_000
VOICE_SAMPLES = 512
VOICE_CONTEXT = 64
LOUDNESS_SAMPLES = round(STEP * RATE)
assert round(FRAME * RATE) == VOICE_SAMPLES
# Below this (RMS, full scale 1) nothing was said that a person in the room would have heard: -66 dBFS.
SILENT = 0.0005
# The detector is asked on for half a second of silence, so that its answer decays as it was trained to.
QUIET_FRAMES = 16
TAPS = 48


def _low_pass() -> Samples:
    """A windowed sinc that keeps what 16 kHz can hold (cut at 7.2 kHz)."""
    at = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(2 * 7_200 / 48_000 * at) * np.hamming(TAPS)
    return np.asarray(taps / taps.sum(), np.float32)


_TAPS = _low_pass()


class Third:
    """48 kHz to 16 kHz, piece after piece: low-pass, and every third sample."""

    def __init__(self) -> None:
        self._before = np.zeros(TAPS - 3, np.float32)

    def of(self, sound: Samples) -> Samples:
        """The length of `sound` is a multiple of three; Opus durations are."""
        joined = np.concatenate([self._before, sound])
        self._before = joined[len(joined) - len(self._before) :]
        windows = np.lib.stride_tricks.sliding_window_view(joined, TAPS)[::3]
        return (windows @ _TAPS).astype(np.float32)


class OpusDecoder:
    """Opus packets of one stream to samples at 16 kHz, an exact third of the samples at 48 kHz."""

    def __init__(self) -> None:
        import av

        self._av: Any = av
        self._codec = self._open()
        self._third = Third()
        self.damaged = 0

    def decode(self, payload: bytes) -> Samples:
        """Silence of the right length when the packet is damaged; nothing when even its length is."""
        duration = opus_duration(payload)
        if not duration:
            self.damaged += 1
            return np.zeros(0, np.float32)
        try:
            frames = self._codec.decode(self._av.Packet(payload))
            sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]) / np.float32(32_768)
        except (self._av.error.FFmpegError, ValueError):
            self.damaged += 1
            self._codec = self._open()
            sound = np.zeros(0)
        whole = np.zeros(duration, np.float32)
        whole[: len(sound)] = sound[:duration]
        return self._third.of(whole)

    def skip(self, payload: bytes) -> Samples:
        """Silence of the packet's length."""
        return self.silence(opus_duration(payload) / 48_000)

    def silence(self, seconds: float) -> Samples:
        self._third = Third()
        return np.zeros(round(seconds * RATE), np.float32)

    def _open(self) -> Any:
        codec = self._av.CodecContext.create("libopus", "r")
        codec.sample_rate, codec.layout = 48_000, "mono"
        codec.open()
        return codec


class Recording:
    """The recent samples of a stream by position (seconds since its first sample)."""

    def __init__(self) -> None:
        self._samples = np.zeros(RATE * 8, np.float32)
        self._first = 0
        self._count = 0

    def add(self, samples: Samples) -> None:
        needed = self._count + len(samples)
        if needed > len(self._samples):
            self._samples = np.concatenate([self._samples, np.zeros(needed, np.float32)])
        self._samples[self._count : needed] = samples
        self._count = needed

    @property
    def until(self) -> float:
        return (self._first + self._count) / RATE

    def between(self, start: float, end: float) -> Samples:
        """A copy of the samples there; shorter where the recording does not reach."""
        first = max(0, round(start * RATE) - self._first)
        last = min(self._count, max(first, round(end * RATE) - self._first))
        return self._samples[first:last].copy()

    def forget(self, before: float) -> None:
        """What lies before `before` will not be asked for again."""
        gone = min(self._count, round(before * RATE) - self._first)
        if gone < RATE * 4:
            return      # moving the rest has a price: in large steps only
        kept = self._count - gone
        self._samples[:kept] = self._samples[gone : self._count].copy()
        self._first, self._count = self._first + gone, kept


class Loudness:
    """Mean squares of 10 ms blocks, for `models.core.crosstalk`."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def hear(self, samples: Samples) -> tuple[float, list[float]]:
        """Powers of the blocks that `samples` completed, and how many seconds before them the first one began."""
        before = len(self._rest) / RATE
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // LOUDNESS_SAMPLES * LOUDNESS_SAMPLES
        self._rest = sound[whole:]
        blocks = sound[:whole].reshape(-1, LOUDNESS_SAMPLES)
        return before, [float(power) for power in np.mean(blocks * blocks, axis=1)]


class VoiceModel:
    """Silero's voice detector, shared by all streams; each keeps its own `VoiceDetector`."""

    def __init__(self) -> None:
        import faster_whisper
        import onnxruntime

        # It ships inside the faster-whisper wheel: one dependency and one licence less to look after.
        path = Path(faster_whisper.__file__).parent / "assets" / "silero_vad_v6.onnx"
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class VoiceDetector:
    """How likely each 32 ms of one stream is speech.  Near silence is not asked about."""

    def __init__(self, model: VoiceModel) -> None:
        self._session = model.session
        self._waiting = np.zeros(0, np.float32)
        self._quiet = 0
        self._h: Samples
        self._c: Samples
        self._context: Samples
        self._forget()

    def hear(self, samples: Samples) -> list[float]:
        """Probabilities of the frames that `samples` completed."""
        sound = np.concatenate([self._waiting, samples])
        whole = len(sound) // VOICE_SAMPLES * VOICE_SAMPLES
        self._waiting = sound[whole:]
        return [self._probability(sound[at : at + VOICE_SAMPLES]) for at in range(0, whole, VOICE_SAMPLES)]

    def _probability(self, frame: Samples) -> float:
        if float(np.sqrt(np.mean(frame * frame))) < SILENT:
            self._quiet += 1
            if self._quiet > QUIET_FRAMES:
                self._forget()
                return 0.0
        else:
            self._quiet = 0
        feed = {"input": np.concatenate([self._context, frame])[None, :], "h": self._h, "c": self._c}
        output, self._h, self._c = self._session.run(None, feed)
        self._context = frame[-VOICE_CONTEXT:]
        return float(output.reshape(-1)[0])

    def _forget(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(VOICE_CONTEXT, np.float32)
