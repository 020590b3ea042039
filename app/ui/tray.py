"""The icon beside the clock: a meeting goes on without its window, and says when something happens.

Only where the system has such a place.  What is shown is decided elsewhere; a press is a signal.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.ui.images import icon

SIDE = 64
INK = "0b6b63"
SHOWN_MS = 6_000


class Tray(QObject):
    """`words` are in the reader's language already."""

    show_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu()
        self._show = self._menu.addAction("")
        self._leave = self._menu.addAction("")
        self._show.triggered.connect(self.show_wanted)
        self._leave.triggered.connect(self.leave_wanted)
        self._icon = QSystemTrayIcon(QIcon(QPixmap.fromImage(icon("audio-lines", INK, SIDE))), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(lambda _reason: self.show_wanted.emit())
        self._icon.messageClicked.connect(self.show_wanted)

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def appear(self, title: str, show: str, leave: str) -> None:
        """A meeting is on: its title as the tip, and words for the two things to do."""
        self._icon.setToolTip(title)
        self._show.setText(show)
        self._leave.setText(leave)
        self._icon.show()

    def disappear(self) -> None:
        self._icon.hide()

    def say(self, title: str, sentence: str) -> None:
        """A notification of the system, which decides whether and how to show it."""
        if self._icon.isVisible():
            self._icon.showMessage(title, sentence, self._icon.icon(), SHOWN_MS)
