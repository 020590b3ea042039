"""Pictures of a film: one person's camera or screen as its files say, and an empty tile where nothing was recorded.

All work is on planes of brightness and colour as they come out of the decoder and go into the encoder; a tile is made
anew only when its picture changes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from sfu.core.staging import Box
from sfu.tasks.recording import lettering

Plane = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
# Longer without a picture, and it is not the network: the camera is off.
SHOWN_S = 3.0
_DARK, _EMPTY, _GREY = 16, 40, 128
_MOST_PIXELS = 4096 * 2304
_SMALLEST_NAME, _LARGEST_NAME = 14, 24


class Tile:
    """`show` goes forward only."""

    def __init__(self, files: Sequence[Path], name: str) -> None:
        self._name = name
        self._box: Box | None = None
        self._plate: Plane | None = None
        self._frames = _decoded(files)
        self._next: tuple[float, Any] | None = next(self._frames, None)
        self._shown: tuple[float, Any] | None = None
        # A frame's own one would be made anew for each: four times the time that scaling takes.
        self._scaler = VideoReformatter()

    @property
    def on(self) -> bool:
        """There is a picture now."""
        return self._shown is not None

    def place(self, box: Box | None, canvas: Plane) -> None:
        """From now on it is here; None: nowhere."""
        self._box, self._plate = box, None
        if box is not None and self._name:
            size = max(_SMALLEST_NAME, min(_LARGEST_NAME, box.height // 16))
            self._plate = lettering.plate(self._name, size, box.width)
        self._draw(canvas)

    def show(self, second: float, canvas: Plane) -> None:
        """Draws what is to be seen at this second of the recording, if that is another than before."""
        before = self._shown
        while self._next is not None and self._next[0] <= second:
            self._shown, self._next = self._next, next(self._frames, None)
        if self._shown is not None and second - self._shown[0] > SHOWN_S:
            self._shown = None
        if self._shown is not before:
            self._draw(canvas)

    def _draw(self, canvas: Plane) -> None:
        if self._box is None:
            return
        clear(canvas, self._box)
        if self._shown is not None:
            self._fit(canvas, self._box, self._shown[1])
        if self._plate is not None:
            high, wide = self._plate.shape
            under = Box(self._box.left, self._box.top + self._box.height - high, wide, high)
            clear(canvas, under)
            canvas[_part(under, 1)] = self._plate

    def _fit(self, canvas: Plane, box: Box, frame: Any) -> None:
        """The whole picture, as large as fits."""
        scale = min(box.width / frame.width, box.height / frame.height)
        width, height = max(2, int(frame.width * scale) // 2 * 2), max(2, int(frame.height * scale) // 2 * 2)
        picture = self._scaler.reformat(frame, width, height, "yuv420p").to_ndarray()
        inside = Box(
            box.left + (box.width - width) // 4 * 2, box.top + (box.height - height) // 4 * 2, width, height
        )
        bright, small = height * width, height * width // 4
        flat = picture.reshape(-1)
        parts = (flat[:bright], flat[bright : bright + small], flat[bright + small :])
        for (plane, divided), part in zip(_planes(canvas), parts, strict=True):
            plane[_part(inside, divided)] = part.reshape(height // divided, width // divided)


def blank() -> Plane:
    """A whole film picture, as yuv420p in one array of 3/2 HEIGHT rows."""
    canvas = np.full((HEIGHT * 3 // 2, WIDTH), _GREY, np.uint8)
    canvas[:HEIGHT] = _DARK
    return canvas


def clear(canvas: Plane, box: Box, brightness: int = _EMPTY) -> None:
    for (plane, scale), value in zip(_planes(canvas), (brightness, _GREY, _GREY), strict=True):
        plane[_part(box, scale)] = value


def _planes(canvas: Plane) -> list[tuple[Plane, int]]:
    """Views of the canvas, each with how much smaller it is."""
    blue = canvas[HEIGHT : HEIGHT * 5 // 4].reshape(HEIGHT // 2, WIDTH // 2)
    red = canvas[HEIGHT * 5 // 4 :].reshape(HEIGHT // 2, WIDTH // 2)
    return [(canvas[:HEIGHT], 1), (blue, 2), (red, 2)]


def _part(box: Box, scale: int) -> tuple[slice, slice]:
    top, left = box.top // scale, box.left // scale
    return slice(top, top + box.height // scale), slice(left, left + box.width // scale)


def _decoded(files: Sequence[Path]) -> Iterator[tuple[float, Any]]:
    """Seconds of the recording and the picture; what is broken or no camera sends is left out."""
    for file in files:
        with contextlib.suppress(av.error.FFmpegError), av.open(str(file)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in container.decode(stream):
                if frame.time is not None and frame.width * frame.height <= _MOST_PIXELS:
                    yield frame.time, frame
