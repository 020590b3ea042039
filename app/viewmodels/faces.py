"""Guesses about faces as QML draws them, and the person's own say in it.

Whether the boxes are drawn is this reader's choice (`visible`); whether a face is read is its owner's (`share`), within
what the host allows.  A guess disappears by itself when no newer one comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from app.session.faces import Faces, fresh
from app.session.state import Session
from sfu.wire import messages as wire
from sfu.wire.messages import Audience

LOOK_EVERY_MS = 100


class FacesModel(QObject):
    wanted = Signal(object)
    changed = Signal()
    """Who may, who does, where."""
    seen = Signal()
    """The guesses, or whether they are drawn."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._session = Session()
        self._visible = True
        self._faces = self._session.faces
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._expire)

    def follow(self, session: Session) -> None:
        old, self._session = self._session, session
        if _facts(old) != _facts(session):
            self.changed.emit()
        if old.faces is not session.faces:
            self._show(fresh(session.faces, self._now()))

    @Property(dict, notify=seen)
    def shown(self) -> dict[str, dict[str, Any]]:
        """By participant: label, unclear and the box (`sfu.wire` Face); empty while they are not drawn."""
        if not self._visible:
            return {}
        return {shown.face.participant: shown.face.model_dump() for shown in self._faces}

    @Property(bool, notify=seen)
    def visible(self) -> bool:
        return self._visible

    @Property(str, notify=changed)
    def mine(self) -> str:
        """Who sees guesses about the own face: off, me, everyone."""
        return self._session.me.emotions.value if self._session.me else Audience.OFF.value

    @Property(str, notify=changed)
    def allowed(self) -> str:
        """The most that the host allows in this meeting."""
        return self._session.policy.emotions.value

    @Property(str, notify=changed)
    def limit(self) -> str:
        """The most that the meeting's computer allows: at work and at school, oneself."""
        return self._session.emotions.limit.value

    @Property(str, notify=changed)
    def sentence(self) -> str:
        """Why there are no guesses, if something is missing."""
        return self._session.emotions.sentence

    @Property(list, notify=changed)
    def workers(self) -> list[dict[str, Any]]:
        return [worker.model_dump() for worker in self._session.emotions.workers]

    @Property(list, notify=changed)
    def analysed(self) -> list[dict[str, str]]:
        """Whose face is read now (name), and who sees the guess (audience)."""
        people = (person for person in self._session.roster if person.analysed)
        return [{"name": person.name, "audience": person.emotions.value} for person in people]

    @Property(list, notify=changed)
    def captioned(self) -> list[str]:
        """Whose voice becomes text now."""
        yes = wire.Consent.YES
        return [person.name for person in self._session.roster if person.captions is yes and self._session.captions.on]

    @Slot()
    def toggle(self) -> None:
        """Draws the boxes, or not; nothing else changes."""
        self._visible = not self._visible
        self.seen.emit()

    @Slot(str)
    def share(self, audience: str) -> None:
        """The notice was shown, and this is what the person chose for their own face."""
        self.wanted.emit(wire.ShareEmotions(audience=Audience(audience)))

    def _expire(self) -> None:
        kept = fresh(self._faces, self._now())
        if kept is not self._faces:
            self._show(kept)

    def _show(self, faces: Faces) -> None:
        self._faces = faces
        if faces and not self._timer.isActive():
            self._timer.start()
        elif not faces:
            self._timer.stop()
        self.seen.emit()


def _facts(session: Session) -> tuple[object, ...]:
    return session.roster, session.you, session.policy, session.emotions, session.captions
