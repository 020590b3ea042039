"""The film's pictures: everybody in a grid, as their files say, and an empty tile where nothing was recorded.

All work is on planes of brightness and colour as they come out of the decoder and go into the encoder; a tile is made
anew only when its picture changes.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
# Longer without a picture, and it is not the network: the camera is off.
SHOWN_S = 3.0
_DARK, _EMPTY, _GREY = 16, 40, 128
_MOST_PIXELS = 4096 * 2304


@dataclass(frozen=True, slots=True)
class Box:
    """A tile of the film, in pixels; even numbers, because colour has half the size."""

    left: int
    top: int
    width: int
    height: int


def grid(count: int) -> list[Box]:
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    width, height = WIDTH // columns // 2 * 2, HEIGHT // rows // 2 * 2
    boxes = []
    for number in range(count):
        row, column = divmod(number, columns)
        inline = min(columns, count - row * columns)
        left = (WIDTH - inline * width) // 4 * 2 + column * width
        boxes.append(Box(left, row * height, width, height))
    return boxes


class Tile:
    """One person's pictures, file after file; `show` goes forward only."""

    def __init__(self, files: Sequence[Path], box: Box) -> None:
        self._box = box
        self._frames = _decoded(files)
        self._next: tuple[float, Any] | None = next(self._frames, None)
        self._shown_at = -math.inf
        self._empty = True

    def show(self, second: float, canvas: Plane) -> None:
        """Draws what is to be seen at this second of the recording, if that is another than before."""
        newest = None
        while self._next is not None and self._next[0] <= second:
            newest, self._next = self._next, next(self._frames, None)
        if newest is not None:
            self._shown_at, self._empty = newest[0], False
            _draw(canvas, self._box, newest[1])
        elif not self._empty and second - self._shown_at > SHOWN_S:
            self._empty = True
            clear(canvas, self._box)


def blank() -> Plane:
    """A whole film picture, as yuv420p in one array of 3/2 HEIGHT rows."""
    canvas = np.full((HEIGHT * 3 // 2, WIDTH), _GREY, np.uint8)
    canvas[:HEIGHT] = _DARK
    return canvas


def clear(canvas: Plane, box: Box) -> None:
    for (plane, scale), value in zip(_planes(canvas), (_EMPTY, _GREY, _GREY), strict=True):
        plane[_part(box, scale)] = value


def _draw(canvas: Plane, box: Box, frame: Any) -> None:
    """The whole picture, as large as fits."""
    clear(canvas, box)
    scale = min(box.width / frame.width, box.height / frame.height)
    width, height = max(2, int(frame.width * scale) // 2 * 2), max(2, int(frame.height * scale) // 2 * 2)
    picture = frame.reformat(width, height, "yuv420p").to_ndarray()
    inside = Box(
        box.left + (box.width - width) // 4 * 2, box.top + (box.height - height) // 4 * 2, width, height
    )
    bright, small = height * width, height * width // 4
    flat = picture.reshape(-1)
    parts = (flat[:bright], flat[bright : bright + small], flat[bright + small :])
    for (plane, divided), part in zip(_planes(canvas), parts, strict=True):
        plane[_part(inside, divided)] = part.reshape(height // divided, width // divided)


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
