"""What others said in their own language, in English, for the reader who wants that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal

from app.session.state import Session
from sfu.wire.messages import SetTranslation

SHOWN_FOR = 12.0
"""Seconds; a long sentence is read in less, and an old one beside new words would mislead."""


class TranslationModel(QObject):
    """One line, the newest.  The host is asked once it knows us, again after a reconnection, and when the reader's
    wish changes; never when its model cannot."""

    changed = Signal()
    wanted = Signal(object)
    """A command for the engine."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._session = Session()
        self._wish = self._asked = False
        self._shown: tuple[str, int, str] = ("", 0, "")

    def welcomed(self) -> None:
        """The host knows nothing of this reader's wish."""
        self._asked = False

    def wish(self, on: bool) -> None:
        self._wish = on
        self._ask()

    def follow(self, session: Session) -> None:
        self._session = session
        self._ask()
        self.tick()

    def tick(self) -> None:
        said = self._session.translated
        shown = ("", 0, "")
        if self._asked and said is not None and self._now() - said.at < SHOWN_FOR:
            person = self._session.person(said.speaker)
            shown = (person.name, person.order, said.text) if person is not None else shown
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def _ask(self) -> None:
        on = self._wish and self._session.captions.translates
        if on != self._asked and self._session.me is not None:
            self._asked = on
            self.wanted.emit(SetTranslation(on=on))
            self.changed.emit()

    # -- what QML reads --------------------------------------------------------------------------------------

    @Property(bool, notify=changed)
    def on(self) -> bool:
        return self._asked

    @Property(str, notify=changed)
    def speaker(self) -> str:
        return self._shown[0]

    @Property(int, notify=changed)
    def order(self) -> int:
        return self._shown[1]

    @Property(str, notify=changed)
    def text(self) -> str:
        return self._shown[2]
