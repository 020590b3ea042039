"""Push to talk: a key that is held opens a muted microphone; the space bar, unless somebody chose another.

Must come before QML sees the key, or Space would press whatever button has the focus.  In a text field a key that
types is typed.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtQuick import QQuickWindow

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class TalkKey(QObject):
    """`talk(True)` when the key goes down and may be used so, `talk(False)` when it comes up.

    `keys` says which, in Qt's portable form; empty: none.
    """

    def __init__(
        self, window: QQuickWindow, keys: Callable[[], str], usable: Callable[[], bool], talk: Callable[[bool], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._keys = keys
        self._usable = usable
        self._talk = talk
        self._held: int | None = None
        """The key that is down."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._held is not None:
            self._release()
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        if self._held is not None and event.key() == self._held:
            if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._release()
            return True
        if event.type() == QEvent.Type.KeyRelease or not self._is_meant(event) or not self._usable():
            return False
        self._held = event.key()
        self._talk(True)
        return True

    def _is_meant(self, event: QKeyEvent) -> bool:
        if QKeySequence(event.keyCombination()) != QKeySequence(self._keys()):
            return False
        return bool(event.modifiers() & _COMMAND) or not self._typing()

    def _release(self) -> None:
        self._held = None
        self._talk(False)

    def _typing(self) -> bool:
        item = self._window.activeFocusItem()
        return item is not None and bool(item.flags() & item.Flag.ItemAcceptsInputMethod)
