"""Short clips made on the spot: a moving square and a tone, as a WebM file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 48_000
FRAMES_PER_SECOND = 15


def write_clip(path: Path, seconds: float, tone_hz: float = 440, size: tuple[int, int] = (320, 180)) -> Path:
    """VP8 and Opus; both begin at zero and last `seconds`."""
    with av.open(str(path), "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.options = {"deadline": "realtime", "cpu-used": "8"}
        audio = container.add_stream("libopus", rate=RATE, layout="mono")
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            container.mux(video.encode(picture(number, size)))
        container.mux(video.encode(None))
        for frame in tone(seconds, tone_hz):
            container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    return path


def picture(number: int, size: tuple[int, int] = (320, 180)) -> av.VideoFrame:
    """A square that walks to the right."""
    width, height = size
    image = np.full((height, width, 3), 40, np.uint8)
    left = number * 4 % (width - 40)
    image[height // 3 : height // 3 + 40, left : left + 40] = (220, 180, 60)
    frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
    frame.pts = number
    frame.time_base = Fraction(1, FRAMES_PER_SECOND)
    return frame


def samples(seconds: float, hz: float = 440) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    return (9_000 * np.sin(2 * np.pi * hz * times)).astype(np.int16)


def tone(seconds: float, hz: float) -> list[av.AudioFrame]:
    frames = []
    sound = samples(seconds, hz)
    for start in range(0, len(sound) - 959, 960):
        frame = av.AudioFrame.from_ndarray(sound[None, start : start + 960], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = start
        frame.time_base = Fraction(1, RATE)
        frames.append(frame)
    return frames


def h264_frames(count: int, size: tuple[int, int] = (320, 180)) -> list[bytes]:
    """Constrained baseline as OBS sends it over WHIP (annex B), the parameter sets in front of the one key frame."""
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt, context.time_base = "yuv420p", Fraction(1, FRAMES_PER_SECOND)
    context.bit_rate, context.profile = 400_000, "Baseline"
    context.options = {"preset": "ultrafast", "tune": "zerolatency"}
    return [b"".join(bytes(packet) for packet in context.encode(picture(number, size))) for number in range(count)]
