"""A film's whole picture: everybody who is there where the layout puts them, shared screens first, subtitles below.

Subtitles that are drawn into the picture have a band of their own, so that they hide nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from sfu.core.staging import Box, Director, grid, spotlight
from sfu.core.subtitles import Cue
from sfu.tasks.recording import lettering
from sfu.tasks.recording.facts import Cast
from sfu.tasks.recording.picture import HEIGHT, WIDTH, Plane, Tile, blank, clear
from sfu.wire.http import FilmLayout

TEXT_SIZE = 28
_ROW = round(TEXT_SIZE * 1.4)
BAND = (2 * _ROW + 16) // 2 * 2
_INSET, _NAMES = 24, 208
TEXT_WIDTH = WIDTH - 2 * _INSET - _NAMES


class Scene:
    """`show` goes forward only."""

    def __init__(self, people: Mapping[str, Cast], layout: FilmLayout, height: int) -> None:
        """`height`: of the part above the subtitles."""
        self.canvas = blank()
        self._people = people
        self._layout = layout
        self._height = height
        cameras = {person: Tile(cast.camera, cast.name) for person, cast in people.items()}
        self._screens = {f"{person}/screen": Tile(cast.screen, cast.name)
                         for person, cast in people.items() if cast.screen}  # fmt: skip
        self._tiles = {**cameras, **self._screens}
        self._on: list[str] = []
        self._seats: list[str] | None = None

    def show(self, second: float, director: Director) -> None:
        """What is to be seen at this second of the recording."""
        for tile in self._tiles.values():
            tile.show(second, self.canvas)
        on = [key for key, tile in self._screens.items() if tile.on]
        self._on = [*[key for key in self._on if key in on], *[key for key in on if key not in self._on]]
        there = [person for person, cast in self._people.items() if cast.came <= second < cast.went]
        self._seat([*self._on, *there] if self._layout == "grid" else director.seats(self._on, there))

    def _seat(self, seats: list[str]) -> None:
        if seats == self._seats:
            return
        self._seats = seats
        clear(self.canvas, Box(0, 0, WIDTH, self._height), lettering.PLATE)
        for tile in self._tiles.values():
            tile.place(None, self.canvas)
        lay = grid if self._layout == "grid" else _large
        for key, box in zip(seats, lay(len(seats), WIDTH, self._height), strict=True):
            self._tiles[key].place(box, self.canvas)


class Band:
    """Subtitles in the picture: names in a column of their own, words to the left, two rows."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._waiting = deque(cues)
        self._shown: Cue | None = None

    def show(self, second: float, canvas: Plane) -> None:
        """`second`: of the film; forward only."""
        before = self._shown
        if before is not None and before.end <= second:
            self._shown = None
        while self._waiting and self._waiting[0].start <= second:
            self._shown = self._waiting.popleft()
        if self._shown is not before:
            self._draw(canvas)

    def _draw(self, canvas: Plane) -> None:
        clear(canvas, Box(0, HEIGHT - BAND, WIDTH, BAND), lettering.PLATE)
        onto, above = canvas[HEIGHT - BAND : HEIGHT], ""
        for number, row in enumerate(self._shown.rows if self._shown is not None else ()):
            top = 8 + number * _ROW
            if row.name != above:
                name = lettering.shortened(row.name, TEXT_SIZE, _NAMES - _INSET)
                lettering.write(onto, name, _INSET, top, TEXT_SIZE)
            lettering.write(onto, row.text, _INSET + _NAMES, top, TEXT_SIZE)
            above = row.name


def _large(count: int, width: int, height: int) -> list[Box]:
    return spotlight(count - 1, width, height) if count else []
