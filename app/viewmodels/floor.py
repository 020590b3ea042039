"""Who may do what to whom, and who waits outside: what host and co-hosts see more than others.

Every wish goes to the host as a message of the protocol; what then happens comes back as an event.  Nothing is hidden
from the host's rules by hiding it here: a button that is missing only spares people a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session.state import Session
from app.session.transcript import clock
from app.viewmodels.rows import Rows
from sfu.wire import messages as wire
from sfu.wire.messages import MAX_CORRECTION, MAX_GLOSSARY, MAX_NAME, MAX_PASSCODE, Reaction, Role, SourceKind


@dataclass(frozen=True, slots=True)
class WaiterRow:
    """`client`: what they come with (`sfu.wire` ClientKind); `time`: since when, on the meeting's clock."""

    person: str
    name: str
    client: str
    time: str


class FloorModel(QObject):
    wanted = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = Session()
        self._waiters = Rows(WaiterRow, lambda row: row.person, self)

    def follow(self, session: Session) -> None:
        old, self._session = self._session, session
        if old.lobby != session.lobby:
            self._waiters.show([
                WaiterRow(waiter.id, waiter.name, waiter.client.value, clock(waiter.since)) for waiter in session.lobby
            ])  # fmt: skip
        if _seen(old) != _seen(session):
            self.changed.emit()

    @Property(QObject, constant=True)
    def waiters(self) -> Rows:
        return self._waiters

    @Property(bool, notify=changed)
    def moderates(self) -> bool:
        """Host or co-host."""
        return self._session.moderates

    @Property(bool, notify=changed)
    def hosts(self) -> bool:
        return self._session.hosting

    @Property(bool, notify=changed)
    def may_take_back(self) -> bool:
        """Whoever sits at the meeting's computer can always become its host again."""
        me = self._session.me
        return me is not None and me.owner and me.role is not Role.HOST

    @Property(bool, notify=changed)
    def guest(self) -> bool:
        return self._session.me is not None and self._session.me.role is Role.GUEST

    @Property(int, notify=changed)
    def hands(self) -> int:
        return len(self._session.hands)

    @Property(str, notify=changed)
    def spotlight(self) -> str:
        """Who is shown large to everybody."""
        return self._session.spotlight

    @Property(dict, notify=changed)
    def policy(self) -> dict[str, Any]:
        """How the meeting is run, by the names of `sfu.wire` Policy."""
        return self._session.policy.model_dump(mode="json")

    @Slot(str)
    def admit(self, who: str) -> None:
        """Somebody who waits; empty: everybody."""
        self.wanted.emit(wire.Admit(who=who or None))

    @Slot(str)
    def deny(self, who: str) -> None:
        self.wanted.emit(wire.Deny(who=who))

    @Slot(str, "QVariant")
    def rule(self, name: str, value: Any) -> None:
        """One choice of the policy."""
        self.wanted.emit(wire.SetPolicy.model_validate({name: value}))

    @Slot(str)
    def set_passcode(self, passcode: str) -> None:
        """For who joins from now on; empty: none is needed."""
        self.wanted.emit(wire.SetPasscode(passcode=passcode.strip()[:MAX_PASSCODE]))

    @Slot(str, str)
    def set_role(self, person: str, role: str) -> None:
        self.wanted.emit(wire.SetRole(participant=person, role=Role(role)))

    @Slot()
    def take_back(self) -> None:
        self.set_role(self._session.you, Role.HOST)

    @Slot(str, str)
    def mute(self, person: str, kind: str) -> None:
        """Somebody's microphone, camera or screen; nobody named: everybody's but host's and co-hosts'."""
        self.wanted.emit(wire.Mute(participant=person or None, kind=SourceKind(kind)))

    @Slot(str, str)
    def ask(self, person: str, kind: str) -> None:
        """Asks them to turn it on; they decide."""
        self.wanted.emit(wire.AskUnmute(participant=person, kind=SourceKind(kind)))

    @Slot(str)
    def lower(self, person: str) -> None:
        self.wanted.emit(wire.Hand(up=False, participant=person))

    @Slot()
    def lower_all(self) -> None:
        self.wanted.emit(wire.LowerHands())

    @Slot(str)
    def show_large(self, person: str) -> None:
        """To everybody; empty: nobody in particular."""
        self.wanted.emit(wire.SetSpotlight(participant=person or None))

    @Slot(str, bool)
    def remove(self, person: str, bar: bool) -> None:
        self.wanted.emit(wire.Remove(participant=person, bar=bar))

    @Slot(str)
    def react(self, reaction: str) -> None:
        self.wanted.emit(wire.React(reaction=Reaction(reaction)))

    @Slot(str, str)
    def correct(self, segment: str, text: str) -> None:
        """Words that were misheard; empty: the line is struck."""
        self.wanted.emit(wire.Correct(segment=segment, text=" ".join(text.split())[:MAX_CORRECTION]))

    @Property(list, notify=changed)
    def glossary(self) -> list[str]:
        """Names and words that captions should get right."""
        return list(self._session.captions.glossary)

    @Slot(str)
    def set_glossary(self, text: str) -> None:
        """One a line, the most important first; what is too long or too much is left out."""
        terms = list(dict.fromkeys(" ".join(line.split())[:MAX_NAME] for line in text.splitlines() if line.strip()))
        self.wanted.emit(wire.SetGlossary(terms=terms[:MAX_GLOSSARY]))

    @Slot(int)
    def delete_message(self, number: int) -> None:
        self.wanted.emit(wire.DeleteChat(message=number))


def _seen(session: Session) -> tuple[object, ...]:
    """All that the properties read."""
    return session.me, session.policy, session.hands, session.spotlight, session.captions.glossary
