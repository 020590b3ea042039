"""Checks of cameras as QML draws them: asking for one, being asked, what is to be done, and what came out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session.state import Session
from sfu.wire import messages as wire
from sfu.wire.messages import Askers, StandingAnswer


class ChecksModel(QObject):
    wanted = Signal(object)
    changed = Signal()
    answered = Signal()
    """The question was answered here."""
    closed = Signal()
    """The person wants to see no more of the check that they asked for."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._session = Session()

    def follow(self, session: Session) -> None:
        old, self._session = self._session, session
        if _facts(old) != _facts(session):
            self.changed.emit()

    # -- who may, and what one answers -----------------------------------------------------------------------

    @Property(bool, notify=changed)
    def possible(self) -> bool:
        """Whether this person may ask for a check now."""
        allowed = self._session.policy.checks
        may = allowed is Askers.ANYONE or (allowed is Askers.HOST and self._session.moderates)
        return may and self._session.checking.possible

    @Property(str, notify=changed)
    def sentence(self) -> str:
        """Why there are no checks, if something is missing."""
        return self._session.checking.sentence

    @Property(str, notify=changed)
    def answer(self) -> str:
        """What the host answers for this person: ask, always, never."""
        return self._session.me.checks.value if self._session.me else StandingAnswer.ASK.value

    @Property(list, notify=changed)
    def cameras(self) -> list[dict[str, str]]:
        """Whose camera could be checked."""
        others = [person for person in self._session.roster if person.id != self._session.you and person.camera]
        return [{"person": person.id, "name": person.name} for person in others]

    @Property(list, notify=changed)
    def workers(self) -> list[dict[str, Any]]:
        return [worker.model_dump() for worker in self._session.checking.workers]

    # -- a check of one's own camera -------------------------------------------------------------------------

    @Property(dict, notify=changed)
    def question(self) -> dict[str, Any]:
        """Somebody asks (name, seconds); empty: nobody does."""
        asked = self._session.checks.asked
        return {} if asked is None else {"name": asked.name, "seconds": round(asked.seconds)}

    @Property(dict, notify=changed)
    def task(self) -> dict[str, Any]:
        """What is to be shown now (act, colour, code) and who asked (name); empty: the own camera is not checked."""
        mine, step = self._session.checks.mine, self._session.checks.step
        if mine is None or mine.stage == "asking":
            return {}
        task = {"act": "", "colour": "", "code": "", "stage": mine.stage, "name": self._name(mine.by)}
        if step is None or step.check != mine.check or mine.stage != "running":
            return task
        return task | step.model_dump(include={"act", "colour", "code"})

    # -- a check that one asked for --------------------------------------------------------------------------

    @Property(dict, notify=changed)
    def going(self) -> dict[str, Any]:
        """Of whom (name, person), how far (stage), seconds until it is over; empty: none was asked for."""
        theirs = self._session.checks.theirs
        if theirs is None:
            return {}
        left = 0.0 if theirs.until is None else max(0.0, theirs.until - self._session.elapsed(self._now()))
        who = theirs.participant
        return {"name": self._name(who), "person": who, "stage": theirs.stage, "left": left}

    @Property(dict, notify=changed)
    def result(self) -> dict[str, Any]:
        """As `sfu.wire` CheckResult; empty: not there yet."""
        result = self._session.checks.result
        return {} if result is None else result.model_dump()

    # -- wishes ----------------------------------------------------------------------------------------------

    @Slot(str)
    def ask(self, person: str) -> None:
        self.wanted.emit(wire.AskCheck(participant=person))

    @Slot(bool, bool)
    def reply(self, accept: bool, remember: bool) -> None:
        """The notice was shown, and this is what the person chose; `remember`: for the rest of this meeting."""
        asked = self._session.checks.asked
        if asked is None:
            return
        if remember:
            self.standing((StandingAnswer.ALWAYS if accept else StandingAnswer.NEVER).value)
        self.wanted.emit(wire.AnswerCheck(check=asked.check, accept=accept))
        self.answered.emit()

    @Slot(str)
    def standing(self, answer: str) -> None:
        self.wanted.emit(wire.AllowChecks(answer=StandingAnswer(answer)))

    @Slot()
    def stop_mine(self) -> None:
        if (mine := self._session.checks.mine) is not None:
            self.wanted.emit(wire.CancelCheck(check=mine.check))

    @Slot()
    def close(self) -> None:
        """Stops the check that one asked for, if it goes on; its result is put away."""
        theirs = self._session.checks.theirs
        if theirs is not None and theirs.stage != "over":
            self.wanted.emit(wire.CancelCheck(check=theirs.check))
        self.closed.emit()

    def _name(self, participant: str) -> str:
        person = self._session.person(participant)
        return person.name if person is not None else ""


def _facts(session: Session) -> tuple[object, ...]:
    return session.roster, session.you, session.policy, session.checking, session.checks
