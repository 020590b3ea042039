"""Who is here, one row a person, and what was said, one row an entry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session.chat import links
from app.session.names import initials
from app.session.state import Session
from app.session.transcript import Entry, as_text, clock, found, headed
from app.viewmodels.rows import Rows
from sfu.wire.messages import ChatMessage, Consent


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`hand`: its place among the raised hands, from 1; 0: down."""

    person: str
    name: str
    initials: str
    order: int
    you: bool
    muted: bool
    camera: bool
    captioned: bool
    connected: bool
    hand: int
    role: str
    client: str
    screen: bool
    spotlight: bool


class PeopleRows(Rows):
    """The roster in join order, raised hands first, as they went up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(PersonRow, lambda row: row.person, parent)

    def follow(self, session: Session) -> None:
        hands = {person: place for place, person in enumerate(session.hands, 1)}
        roster = sorted(session.roster, key=lambda person: (hands.get(person.id, len(hands) + 1), person.order))
        self.show([
            PersonRow(
                person=person.id,
                name=person.name,
                initials=initials(person.name),
                order=person.order,
                you=person.id == session.you,
                muted=not person.microphone,
                camera=person.camera,
                captioned=person.captions is Consent.YES,
                connected=person.connected,
                hand=hands.get(person.id, 0),
                role=person.role.value,
                client=person.client.value,
                screen=person.screen,
                spotlight=person.spotlight,
            )
            for person in roster
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidRow:
    """`headed`: the speaker's name and the time stand above it.  `mine`: this reader said it.  `remark`: nobody did
    (`sfu.wire` Remark); "" for speech."""

    segment: str
    speaker: str
    order: int
    time: str
    text: str
    headed: bool
    mine: bool
    remark: str


class TranscriptRows(Rows):
    """Finals only, in the order people began to speak; while the reader searches, those that were found."""

    query_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(SaidRow, lambda row: row.segment, parent)
        self._transcript: tuple[Entry, ...] = ()
        self._query = ""
        self._you = ""

    def follow(self, session: Session) -> None:
        self._transcript, self._you = session.transcript, session.you
        self._show()

    @Property(str, notify=query_changed)
    def query(self) -> str:
        return self._query

    @Slot(str)
    def search(self, query: str) -> None:
        """Shows only what answers these words; all of it for none."""
        self._query = query.strip()
        self.query_changed.emit()
        self._show()

    @Slot(result=str)
    def text(self) -> str:
        """What is shown now, as plain text for the clipboard."""
        return as_text(found(self._transcript, self._query))

    def _show(self) -> None:
        entries = found(self._transcript, self._query)
        self.show([
            self._row(before, entry) for before, entry in pairwise((None, *entries)) if entry is not None
        ])  # fmt: skip


    def _row(self, before: Entry | None, entry: Entry) -> SaidRow:
        return SaidRow(
            segment=entry.segment,
            speaker=entry.name,
            order=entry.order,
            time=clock(entry.start),
            text=entry.text,
            headed=headed(before, entry),
            mine=entry.speaker == self._you,
            remark=entry.remark or "",
        )

    @Slot(str, result=int)
    def place(self, segment: str) -> int:
        """The row of this entry among those that are shown; -1: not among them."""
        return next((row for row, item in enumerate(self.items()) if item.segment == segment), -1)


@dataclass(frozen=True, slots=True)
class ChatRow:
    """`isPrivate`: to one person; `to` is the name of that person when you wrote it."""

    number: int
    sender: str
    order: int
    you: bool
    time: str
    text: str
    deleted: bool
    isPrivate: bool  # a QML role; `private` is a reserved word there
    to: str
    sentBy: str  # their id
    links: str  # addresses in the text, one a line


class ChatRows(Rows):
    """What was written, oldest first, and how much of it by others has come since the chat was last in sight."""

    unread_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(ChatRow, lambda row: row.number, parent)
        self._in_sight = False
        self._read_to = -1
        self._unread = 0

    @Property(int, notify=unread_changed)
    def unread(self) -> int:
        return self._unread

    @Slot(bool)
    def look(self, in_sight: bool) -> None:
        self._in_sight = in_sight
        self._count()

    def follow(self, session: Session) -> None:
        self.show([self._row(session, message) for message in session.chat])
        self._count()

    def _count(self) -> None:
        if self._in_sight:
            self._read_to = max([row.number for row in self.items()], default=self._read_to)
        unread = sum(row.number > self._read_to and not row.you and not row.deleted for row in self.items())
        if unread != self._unread:
            self._unread = unread
            self.unread_changed.emit()

    @staticmethod
    def _row(session: Session, message: ChatMessage) -> ChatRow:
        sender = session.person(message.sender)
        reader = session.person(message.to) if message.to else None
        return ChatRow(
            number=message.id,
            sender=message.name,
            order=sender.order if sender else 0,
            you=message.sender == session.you,
            time=clock(message.at),
            text=message.text,
            deleted=message.deleted,
            isPrivate=message.to is not None,
            to=reader.name if reader is not None else "",
            sentBy=message.sender,
            links="\n".join(links(message.text)),
        )
