"""Push to talk: holding the space bar opens a muted microphone.

Must come before QML sees the key, or Space would press whatever button has the focus.  In a text field Space is a
space.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickWindow

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class TalkKey(QObject):
    """`talk(True)` when the key goes down and may be used so, `talk(False)` when it comes up."""

    def __init__(self, window: QQuickWindow, usable: Callable[[], bool], talk: Callable[[bool], None]) -> None:
        super().__init__(window)
        self._window = window
        self._usable = usable
        self._talk = talk
        self._held = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._held:
            self._release()
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Space:
            return False
        if self._held:
            if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._release()
            return True
        if event.type() == QEvent.Type.KeyRelease or event.modifiers() or self._typing() or not self._usable():
            return False
        self._held = True
        self._talk(True)
        return True

    def _release(self) -> None:
        self._held = False
        self._talk(False)

    def _typing(self) -> bool:
        item = self._window.activeFocusItem()
        return item is not None and bool(item.flags() & item.Flag.ItemAcceptsInputMethod)
