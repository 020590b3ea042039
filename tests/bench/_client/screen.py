"""A display that nobody looks at, and its pixels, read where the X server keeps them: what a person would see."""

from __future__ import annotations

import mmap
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench._client import timecode

WIDTH, HEIGHT = 1280, 720
LOOK_EVERY = 0.002
_NCOLORS, _BYTES_PER_LINE = 19, 12
"""Words of the header of an X window dump (XWDFile.h)."""


class Screen:
    """`watch` a rectangle for time codes: `seen` grows by (instant, code) whenever another code stands there."""

    def __init__(self, display: str, file: Path) -> None:
        self.display = display
        with file.open("rb") as memory:
            self._memory = mmap.mmap(memory.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self._memory[:100])
        self._start = header[0] + header[_NCOLORS] * 12
        self._line = header[_BYTES_PER_LINE]
        self._places: list[tuple[int, int]] = []
        self._stop = threading.Event()
        self.seen: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._look, name="screen", daemon=True)
        self._thread.start()

    def watch(self, x: float, y: float, width: float, height: float) -> None:
        """From now on the picture in this rectangle."""
        self._places = timecode.places(x, y, width, height)
        self.seen = []

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._memory.close()

    def _luma(self, x: int, y: int) -> int:
        at = self._start + y * self._line + 4 * x
        return self._memory[at + 1]  # green: most of luma, and the picture is grey there

    def _look(self) -> None:
        last = 0.0
        while not self._stop.wait(LOOK_EVERY):
            places = self._places
            if not places:
                continue
            now = time.monotonic()
            code = timecode.read(self._luma, places, now)
            if code is not None and abs(code - last) > 0.0005:
                last = code
                self.seen.append((now, code))


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """Raises OSError where there is no Xvfb."""
    reading, writing = (subprocess.PIPE, subprocess.DEVNULL)
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)]
    server = subprocess.Popen([*command, "-nolisten", "tcp"], stdout=reading, stderr=writing, text=True)
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()
        if not number:
            raise OSError("Xvfb did not start")
        shown = Screen(f":{number}", folder / "Xvfb_screen0")
        try:
            yield shown
        finally:
            shown.close()
    finally:
        server.terminate()
        server.wait()
