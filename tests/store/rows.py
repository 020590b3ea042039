"""A meeting in a store, for tests of what the store does with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sfu.core.records import Came, Record, Said
from sfu.core.transcript import Line
from sfu.store import meetings, records
from sfu.store.meetings import Planned
from sfu.store.thread import NAME, open_database
from sfu.wire.messages import ChatMessage, ClientKind, Role


def opened(folder: Path) -> sqlite3.Connection:
    return open_database(folder / NAME)


def begun(db: sqlite3.Connection, meeting: str = "m1", title: str = "Weekly", wall: float = 1000.0) -> None:
    meetings.plan(db, Planned(meeting, f"CODE{meeting}", title), wall)
    meetings.begin(db, meeting, "nobody", wall)


def kept(db: sqlite3.Connection, *what: Record, meeting: str = "m1") -> None:
    for record in what:
        records.keep(db, meeting, record, wall=1000.0)


def came(participant: str, name: str, account: str | None = None) -> Came:
    return Came(participant, name, Role.MEMBER, ClientKind.DESKTOP, 1.0, account)


def said(number: int, text: str, sender: str = "p1", name: str = "Ana", to: str | None = None) -> Said:
    return Said(ChatMessage(id=number, sender=sender, name=name, to=to, text=text, at=2.0))


def line(segment: str, text: str, speaker: str = "p1", name: str = "Ana", start: float = 1.0) -> Line:
    return Line(
        segment=segment, speaker=speaker, name=name, text=text, language="", start=start, end=start + 1, confidence=0.9
    )
