"""Small recordings: pictures that tell their second, voices that beep once in every."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from app.engine.sources import RATE
from app.session.playback import Reel, Voice

FRAMES = 25
BEEP_S = 0.1


def make_film(path: Path, seconds: int) -> None:
    """Each picture is a little brighter than the one before (`number_of`)."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        stream: Any = file.add_stream("libx264", rate=FRAMES, options={"preset": "ultrafast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(seconds * FRAMES):
            grey = np.full((96, 64), 128, np.uint8)
            grey[:64] = 16 + number % 220
            frame: Any = av.VideoFrame.from_ndarray(grey, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def number_of(picture: av.VideoFrame) -> int:
    """Which picture of the film this is."""
    return round(float(np.mean(np.frombuffer(bytes(picture.planes[0]), np.uint8)[:64]))) - 16


def make_voice(path: Path, seconds: int, hz: int = 440) -> None:
    with av.open(str(path), "w", format="webm") as file:
        stream: Any = file.add_stream("libopus", rate=RATE)
        stream.layout = "mono"
        for number in range(seconds * FRAMES):
            at = np.arange(number * 1920, (number + 1) * 1920) / RATE
            wave = (0.3 * np.sin(2 * np.pi * hz * at) * (at % 1 < BEEP_S)).astype(np.float32)
            frame: Any = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, number * 1920, Fraction(1, RATE)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def make_reel(folder: Path, seconds: int = 8) -> Reel:
    make_film(folder / "film.mp4", seconds)
    make_voice(folder / "p1.webm", seconds)
    make_voice(folder / "p2.webm", seconds, hz=880)
    voices = [Voice("p1", "Ana", 0, "p1.webm"), Voice("p2", "Ben", 1, "p2.webm")]
    return Reel("m1/r1", "", float(seconds), "film.mp4", voices)
