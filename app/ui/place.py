"""Where the window stood and how large it was, remembered from one start to the next."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QWindow

_WRITTEN = re.compile(r"(\d+)x(\d+)([+-]\d+)([+-]\d+)(!?)")
MAXIMIZED = "!"
SEEN = 100
"""So much of the window, in pixels each way, must lie on a screen that is there now."""


def described(window: QWindow) -> str:
    """For example `1280x800+10-20`; with a `!` where it filled the screen."""
    full = window.visibility() in (QWindow.Visibility.Maximized, QWindow.Visibility.FullScreen)
    place = window.geometry()
    mark = MAXIMIZED if full else ""
    return f"{place.width()}x{place.height()}{place.x():+d}{place.y():+d}{mark}"


def restore(window: QWindow, written: str) -> None:
    """What is not understood, or lies where no screen is any more, changes nothing."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return
    width, height, x, y = (int(number) for number in match.groups()[:4])
    place = QRect(x, y, width, height)
    seen = (screen.availableGeometry().intersected(place) for screen in QGuiApplication.screens())
    if any(part.width() >= SEEN and part.height() >= SEEN for part in seen):
        window.setGeometry(place)
        if match[5]:
            window.showMaximized()
