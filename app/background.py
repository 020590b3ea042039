"""What a meeting needs beyond its window: the icon beside the clock, notifications, a computer that stays awake.

Follows the desk; decides nothing about the meeting.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from app.awake import Awake
from app.desk import Desk
from app.ui.tray import Tray


class Background(QObject):
    """`tray` None: this system has no such place, and the window cannot be hidden."""

    def __init__(self, desk: Desk, window: QQuickWindow, tray: Tray | None, awake: Awake) -> None:
        super().__init__(desk)
        self._desk = desk
        self._window = window
        self._tray = tray
        self._awake = awake
        desk.parley.screen_changed.connect(self._follow)
        desk.parley.hide_wanted.connect(self.hide)
        desk.parley.notice_wanted.connect(self._notify)
        if tray is not None:
            desk.parley.can_hide()
            tray.show_wanted.connect(self.show)
            tray.leave_wanted.connect(self._leave)

    def hide(self) -> None:
        """The meeting goes on without its window."""
        QGuiApplication.setQuitOnLastWindowClosed(False)
        self._window.hide()

    def show(self) -> None:
        QGuiApplication.setQuitOnLastWindowClosed(True)
        self._window.show()
        self._window.requestActivate()

    def close(self) -> None:
        self._awake.end()
        if self._tray is not None:
            self._tray.disappear()

    def _follow(self) -> None:
        parley = self._desk.parley
        meets = parley.property("screen") == "meeting"
        if meets and parley.property("here"):
            self._awake.begin()
        else:
            self._awake.end()
        if self._tray is None:
            return
        if meets:
            words = self._window.property("trayWords")
            self._tray.appear(self._window.title(), *(words.toVariant() if hasattr(words, "toVariant") else words))
        else:
            self._tray.disappear()
            if not self._window.isVisible():
                self.show()

    def _leave(self) -> None:
        """Leaving asks first, so the window must be there."""
        self.show()
        self._window.close()

    def _notify(self, sentence: str) -> None:
        if self._tray is not None and not (self._window.isVisible() and self._window.isActive()):
            self._tray.say(self._window.title(), sentence)
