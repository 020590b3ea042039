"""Whether the meeting is recorded, as QML shows it, and the person's own say in it.

Starting, pausing and stopping is for those who run the meeting; being in the recording is for each person to say, once
the notice was shown.  Nothing is recorded here.
"""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session.state import Session
from sfu.wire.messages import AnswerRecording, Consent, Participant, Phase, Record


class RecordingModel(QObject):
    wanted = Signal(object)
    answered = Signal()
    """The notice was answered here."""
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = Session()
        self._settled: set[str] = set()
        """Feeds about which the person has answered here; the host's word may still be on its way."""

    def follow(self, session: Session) -> None:
        old, self._session = self._session, session
        if session.recording.since != old.recording.since:
            self._settled.clear()
        if _facts(old) != _facts(session):
            self.changed.emit()

    @Property(str, notify=changed)
    def phase(self) -> str:
        """off, on or paused."""
        return self._session.recording.phase.value

    @Property(str, notify=changed)
    def by(self) -> str:
        """Who started it."""
        return self._session.recording.by

    @Property(str, notify=changed)
    def sentence(self) -> str:
        """Why it stopped by itself; else empty."""
        return self._session.recording.sentence

    @Property(bool, notify=changed)
    def runs(self) -> bool:
        """Whether this person may start and stop it."""
        return self._session.moderates

    @Property(str, notify=changed)
    def mine(self) -> str:
        """What the person answered: unasked, yes, no."""
        return (self._session.me.recording if self._session.me else Consent.UNASKED).value

    @Property(bool, notify=changed)
    def must_ask(self) -> bool:
        return self._session.must_ask_recording

    @Property(list, notify=changed)
    def recorded(self) -> list[str]:
        """Who is being recorded now, by name."""
        return [person.name for person in self._session.roster if person.recorded]

    @Property(str, notify=changed)
    def feed(self) -> str:
        """The name of a feed for which the person has to answer; else empty."""
        return self._feed.name if self._feed is not None else ""

    @property
    def _feed(self) -> Participant | None:
        waiting = (feed for feed in self._session.unanswered_feeds if feed.id not in self._settled)
        return next(waiting, None)

    @Slot(bool)
    def answer_feed(self, yes: bool) -> None:
        """For the one that is asked about."""
        feed = self._feed
        if feed is not None:
            self._settled.add(feed.id)
            self.wanted.emit(AnswerRecording(yes=yes, participant=feed.id))
            self.changed.emit()

    @Slot(str)
    def turn(self, phase: str) -> None:
        self.wanted.emit(Record(phase=Phase(phase)))

    @Slot(bool)
    def answer(self, yes: bool) -> None:
        """The notice was shown, and this is what the person said."""
        self.wanted.emit(AnswerRecording(yes=yes))
        self.answered.emit()


def _facts(session: Session) -> tuple[object, ...]:
    return session.recording, session.roster, session.you, session.told
