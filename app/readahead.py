"""What the window needs later, fetched from disk as soon as it stands: nobody has to wait for a disk in a meeting.

After the computer was started nothing of the program is in memory.  What was loaded when it was first wanted made the
window wait: Qt's multimedia, with twenty libraries behind it, for 130 to 190 ms of a join, and a font with Chinese for
130 ms when the settings opened (measured with caches dropped, on a disk that is not slow; 1.2 s on one that was busy).
An import is worse, because it keeps the interpreter's lock while the system's loader reads: then all threads wait.
So libraries are loaded here without that lock, in a thread of its own, and imported after that.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, Signal, Slot

from app import pauses
from app.ui import fonts
from app.ui.images import drawing
from app.ui.resources import ICONS

LIBRARIES = (
    "PySide6/QtMultimedia.*",
    "PySide6/plugins/multimedia/*ffmpeg*", "PySide6/Qt/plugins/multimedia/*ffmpeg*",   # Windows, elsewhere
    "livekit/rtc/resources/*livekit_ffi.*",
    "cv2/cv2*",
)  # fmt: skip
"""What is loaded after the window stands, in the folder of packages; each brings what it depends on."""
NATIVE = (".so", ".dylib", ".dll", ".pyd")
MODULES = ("app.instruments", "app.history", "app.borrowing", "livekit.rtc.apm", "httpcore", "app.screens")
"""Imported before a press has to wait for it.  The window stands in half the time when they come after it."""
PIECE = 1 << 20


class Readahead(QObject):
    """`begin` when the window stands."""

    over = Signal()
    """All modules are there; from a thread, hence connect it queued."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None

    @Slot()
    def begin(self) -> None:
        """Idempotent."""
        if self._thread is None:
            self._thread = pauses.shorten(self._fetch)

    def wait(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _fetch(self) -> None:
        try:
            fetch_modules()
        finally:
            self.over.emit()
        fetch_files()


def fetch_modules() -> None:
    """Takes a moment, and the disk; for a thread of its own."""
    for library in libraries():
        load(library)
    for name in MODULES:
        importlib.import_module(name)


def fetch_files() -> None:
    for icon in ICONS.glob("*.svg"):
        drawing(icon.stem)
    for font in fonts.files():
        read(font)


def libraries() -> Iterator[Path]:
    packages = Path(PySide6.__file__).parents[1]
    for pattern in LIBRARIES:
        yield from (path for path in packages.glob(pattern) if path.suffix in NATIVE)


def load(library: Path) -> bool:
    """Into this process, with what it depends on, while other threads go on.  False: whoever needs it will say why."""
    if sys.platform == "win32":
        try:
            ctypes.WinDLL(str(library))  # lets go of the interpreter by itself
        except OSError:
            return False
        return True
    dlopen = ctypes.CDLL(None).dlopen  # `ctypes.CDLL(library)` would keep the interpreter's lock
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    return dlopen(os.fsencode(library), os.RTLD_NOW) is not None


def read(file: Path) -> int:
    """Bytes that are in the system's memory now; for whoever maps the file later."""
    piece, size = bytearray(PIECE), 0
    try:
        with file.open("rb", buffering=0) as opened:
            while count := opened.readinto(piece):
                size += count
    except OSError:
        return size
    return size
