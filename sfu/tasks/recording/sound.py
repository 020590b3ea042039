"""Voices from their files: decoded, on the recording's clock, and equally loud (EBU R 128).

A voice is read in pieces, so that hours fit in memory.  Where nothing was recorded there is silence.  A frame that is
a few milliseconds from where the last one ended belongs right behind it: moving it would click.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

RATE = 48_000
# 20 ms: half of what people notice between lips and voice.
SNAP = RATE // 50
# EBU R 128 asks for -23 LUFS of broadcasts; meetings are heard on laptops, where -16 (AES TD1008, speech) is usual.
LOUDNESS = -16.0
MOST_GAIN = 20.0
# So much of a voice says how loud it is.
MEASURED_S = 180.0
_PIECE = RATE


class Voice:
    """`read` goes forward only."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._frames = _decoded(files)
        self._waiting: tuple[int, Sound] | None = None

    def read(self, at: int, count: int) -> Sound:
        """Samples [at, at + count) of the recording."""
        out = np.zeros(count, np.float32)
        while (waiting := self._waiting or next(self._frames, None)) is not None:
            start, samples = waiting
            if start >= at + count:
                self._waiting = waiting
                return out
            first, last = max(start, at), min(start + len(samples), at + count)
            if last > first:
                out[first - at : last - at] += samples[first - start : last - start]
            self._waiting = (last, samples[last - start :]) if start + len(samples) > at + count else None
            if self._waiting is not None:
                return out
        return out


class Person:
    """Everything that was recorded of somebody's sound, at the common loudness."""

    def __init__(self, microphone: Sequence[Path], computer: Sequence[Path]) -> None:
        self._voices = [Voice(files) for files in (microphone, computer) if files]
        self._gain = gain_of(loudness(microphone))

    def read(self, at: int, count: int) -> Sound:
        out = np.zeros(count, np.float32)
        for voice in self._voices:
            out += voice.read(at, count)
        return out * np.float32(self._gain)


def limited(sound: Sound) -> Sound:
    """Nothing louder than full scale; what is below three quarters of it stays as it is."""
    knee = np.float32(0.75)
    loud = np.abs(sound)
    over = np.tanh((loud - knee) / (1 - knee)) * (1 - knee) + knee
    return np.where(loud > knee, np.sign(sound) * over, sound).astype(np.float32)


def loudness(files: Sequence[Path]) -> float | None:
    """Integrated loudness in LUFS (EBU R 128, with its gates); None: nothing to be heard."""
    graph: Any = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=Fraction(1, RATE))
    measure, sink = graph.add("ebur128", "metadata=1:framelog=quiet"), graph.add("abuffersink")
    source.link_to(measure)
    measure.link_to(sink)
    graph.configure()
    told, at = None, 0
    for _, samples in _decoded(files):
        if at >= MEASURED_S * RATE:
            break
        if not samples.any():
            continue
        frame: Any = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        at += len(samples)
        graph.push(frame)
        told = _told(graph) or told
    integrated = float(told) if told is not None else -70.0
    return integrated if integrated > -70.0 else None


def gain_of(integrated: float | None) -> float:
    """What brings this loudness to LOUDNESS; a whisper is not made a storm."""
    if integrated is None:
        return 1.0
    return float(10 ** (min(MOST_GAIN, max(-MOST_GAIN, LOUDNESS - integrated)) / 20))


def _told(graph: Any) -> str | None:
    told = None
    with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            told = graph.pull().metadata.get("lavfi.r128.I", told)
    return told


def _decoded(files: Sequence[Path]) -> Iterator[tuple[int, Sound]]:
    """Where each frame begins, in samples of the recording, and its sound."""
    expected = -1
    for file in files:
        # A file that was cut off by a kill or a full disk is good up to there.
        with contextlib.suppress(av.error.FFmpegError), av.open(str(file)) as container:
            resampler: Any = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(container.streams.audio[0]):
                at = round(frame.time * RATE) if frame.time is not None else expected
                for piece in resampler.resample(frame):
                    start = expected if abs(at - expected) < SNAP else at
                    samples = piece.to_ndarray().reshape(-1).astype(np.float32)
                    yield start, samples
                    expected = at = start + len(samples)


def last_of(file: Path) -> float:
    """When its last frame was taken, in seconds of the recording; 0 where nothing can be read."""
    last = 0.0
    with contextlib.suppress(av.error.FFmpegError), av.open(str(file)) as container:
        for packet in container.demux():
            if packet.pts is not None:
                last = max(last, float(packet.pts * packet.time_base))
    return last
