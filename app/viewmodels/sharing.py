"""The own screen: what of it can be shown, and whether it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session import commands
from app.session.sharing import Shareable, ShareMode
from app.session.state import Session

Look = Callable[[], Sequence[Shareable]]


class SharingModel(QObject):
    """`look` says which screens and windows there are; it is asked when the person wants to choose."""

    wanted = Signal(object)
    changed = Signal()

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sharing = self._sound = False
        self._may = True
        self._what: list[dict[str, Any]] = []

    def follow(self, session: Session) -> None:
        local = session.local
        now = (
            local is not None and local.screen,
            local is not None and local.screen_sound,
            session.moderates or session.policy.screen,
        )
        if now != (self._sharing, self._sound, self._may):
            self._sharing, self._sound, self._may = now
            self.changed.emit()

    @Property(bool, notify=changed)
    def sharing(self) -> bool:
        return self._sharing

    @Property(bool, notify=changed)
    def sound(self) -> bool:
        """What this computer plays is heard by the others."""
        return self._sound

    @Property(bool, notify=changed)
    def allowed(self) -> bool:
        """The host lets people share."""
        return self._may

    @Property(list, notify=changed)
    def what(self) -> list[dict[str, Any]]:
        """What could be shown when it was last looked at: `value`, `text`, `window`."""
        return self._what

    @Slot()
    def look(self) -> None:
        self._what = [{"value": one.id, "text": one.name, "window": one.window} for one in self._look()]
        self.changed.emit()

    @Slot(str, str, bool)
    def share(self, what: str, mode: str, sound: bool) -> None:
        self.wanted.emit(commands.ShareScreen(what, ShareMode(mode), sound))

    @Slot()
    def stop(self) -> None:
        self.wanted.emit(commands.StopSharing())
