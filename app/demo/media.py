"""One media file per participant, made from the recordings in `resources/media`.

The demo's people are files: their voices are real recordings placed on a timeline, their pictures a real
face clip, a pan over a portrait, or a drawn face.  Nothing here is about meetings; the client engine plays
the file as it would play a camera and a microphone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from app.demo.script import Clip, Part, Picture
from app.engine.tally import AUDIBLE_DBOV

RATE = 48_000
BLOCK = RATE // 50
WIDTH, HEIGHT, FPS = 320, 180, 15

Samples = npt.NDArray[np.int16]
"""Mono, RATE hertz."""
Image = npt.NDArray[np.uint8]
"""HEIGHT x WIDTH x 3, BGR."""
Paint = tuple[tuple[int, int, int], tuple[int, int, int]]
"""Wall and shirt of a drawn face, BGR."""


def make(part: Part, seconds: float, sources: Path, target: Path) -> Path:
    """Write `part`'s Matroska file of `seconds` to `target`, with recordings from the folder `sources`."""
    voice = timeline(part, seconds, sources)
    pictures = _PICTURES[part.picture](sources, voice)
    with av.open(str(target), "w", format="matroska") as out:
        video: Any = out.add_stream("mjpeg", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        video.options = {"qmin": "2", "qmax": "4"}
        audio: Any = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for index in range(int(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(next(pictures), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(video.encode(frame.reformat(format="yuvj420p")))
            spoken = voice[index * RATE // FPS : (index + 1) * RATE // FPS]
            sound = av.AudioFrame.from_ndarray(spoken[np.newaxis, :], format="s16", layout="mono")
            sound.sample_rate, sound.pts = RATE, index * RATE // FPS
            out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return target


def audible_seconds(part: Part, seconds: float, sources: Path) -> float:
    """How much of the part's voice a listener counts as heard: 20 ms blocks above the engine's own threshold."""
    voice = timeline(part, seconds, sources)
    blocks = voice[: len(voice) // BLOCK * BLOCK].astype(np.float64).reshape(-1, BLOCK)
    loud = np.sqrt((blocks**2).mean(axis=1)) > 32_768 * 10 ** (AUDIBLE_DBOV / 20)
    return float(loud.sum()) * BLOCK / RATE


def timeline(part: Part, seconds: float, sources: Path) -> Samples:
    """The part's voice: its turns where the script puts them, digital silence between."""
    voice = np.zeros(int(seconds * RATE), np.int16)
    for turn in part.turns:
        spoken = recording(turn.clip, sources)
        start = int(turn.at * RATE)
        voice[start : start + len(spoken)] = spoken[: len(voice) - start]
    return voice


def recording(clip: Clip, sources: Path) -> Samples:
    """The samples of a clip, cut and resampled."""
    with av.open(str(sources / clip.file)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
    samples: Samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.int16)
    begin = int(clip.begin * RATE)
    return samples[begin : begin + int(clip.length * RATE)]


def _face(sources: Path, _voice: Samples) -> Iterator[Image]:
    """The face clip to and fro, every second frame of its 30 a second, so that it never jumps."""
    with av.open(str(sources / "pyfeat_single_face.mp4")) as container:
        every = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    small = [_fit(np.asarray(image, np.uint8)) for image in every[::2]]
    return cycle(small + small[-2:0:-1])


def _portrait(sources: Path, _voice: Samples) -> Iterator[Image]:
    """A window of the portrait that drifts a little around the face."""
    still: Image = _read(sources / "nasa_astronaut_smile.jpg")
    side = still.shape[1]
    for index in range(1 << 30):
        swing = np.sin(index / FPS * 2 * np.pi / 20)
        width = int(side * (0.74 + 0.06 * swing))
        height = width * HEIGHT // WIDTH
        left = int((side - width) / 2 + 16 * np.sin(index / FPS * 2 * np.pi / 13)) - 20
        left = min(max(left, 0), side - width)
        yield _fit(still[8 : 8 + height, left : left + width])


def _avatar(_sources: Path, voice: Samples, paint: Paint) -> Iterator[Image]:
    """A drawn face: the mouth opens with the voice, the eyes blink every four seconds."""
    loud = _loudness(voice)
    for index in range(1 << 30):
        mouth = float(loud[index]) if index < len(loud) else 0.0
        blink = index % (4 * FPS) in (40, 41)
        sway = int(6 * np.sin(index / FPS * 2 * np.pi / 6))
        yield _draw_face(mouth, blink, sway, paint)


def _draw_face(mouth: float, blink: bool, sway: int, paint: Paint) -> Image:
    """Drawn at twice the size and halved, which smooths the edges."""
    wall, shirt = paint
    skin, hair, ink = (160, 190, 226), (44, 52, 70), (40, 40, 60)
    image: Image = np.empty((HEIGHT * 2, WIDTH * 2, 3), np.uint8)
    shade = np.linspace(1.15, 0.8, HEIGHT * 2)[:, np.newaxis, np.newaxis]
    image[:] = np.clip(np.array(wall) * shade, 0, 255)
    x, y = WIDTH + sway, HEIGHT - 10
    cv2.ellipse(image, (x, HEIGHT * 2 + 30), (150, 130), 0, 0, 360, shirt, -1, cv2.LINE_AA)
    cv2.rectangle(image, (x - 24, y + 60), (x + 24, y + 120), skin, -1)
    cv2.ellipse(image, (x, y - 18), (92, 108), 0, 0, 360, hair, -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y), (80, 98), 0, 0, 360, skin, -1, cv2.LINE_AA)
    for eye in (x - 32, x + 32):
        cv2.ellipse(image, (eye, y - 20), (10, 1 if blink else 10), 0, 0, 360, ink, -1, cv2.LINE_AA)
        cv2.line(image, (eye - 16, y - 46), (eye + 16, y - 48), hair, 6, cv2.LINE_AA)
    cv2.line(image, (x, y - 8), (x - 6, y + 16), (130, 160, 200), 5, cv2.LINE_AA)
    cv2.ellipse(image, (x, y + 48), (26, 4 + int(22 * mouth)), 0, 0, 360, (60, 50, 130), -1, cv2.LINE_AA)
    return _fit(image)


def _loudness(voice: Samples) -> npt.NDArray[np.float64]:
    """0..1 for each video frame."""
    step = RATE // FPS
    whole = voice[: len(voice) // step * step].astype(np.float64).reshape(-1, step)
    rms = np.sqrt((whole**2).mean(axis=1))
    return np.asarray(np.clip(rms / 5_000, 0, 1), np.float64)


def _fit(image: Image) -> Image:
    scaled = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, np.uint8)


def _read(path: Path) -> Image:
    image = cv2.imread(str(path))
    if image is None:
        raise FileNotFoundError(path)
    return np.asarray(image, np.uint8)


_PICTURES: dict[Picture, Callable[[Path, Samples], Iterator[Image]]] = {
    Picture.FACE: _face,
    Picture.PORTRAIT: _portrait,
    Picture.AVATAR_BLUE: partial(_avatar, paint=((104, 92, 58), (150, 120, 60))),
    Picture.AVATAR_RED: partial(_avatar, paint=((72, 78, 96), (70, 90, 170))),
}
