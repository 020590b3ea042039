"""What a meeting wanted written down (`sfu.core.records`), as rows, and back as what people read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sfu.core.records import (
    Came,
    Consented,
    Deed,
    FileIs,
    Record,
    RecordingBegan,
    RecordingEnded,
    Said,
    Unsaid,
    Went,
    WordsCorrected,
)
from sfu.core.transcript import Line
from sfu.store import recordings
from sfu.store.search import index
from sfu.wire.messages import ChatMessage, SharedFile


def keep(db: sqlite3.Connection, meeting: str, record: Record, wall: float) -> None:
    match record:
        case Line():
            _keep_line(db, meeting, record)
        case Said(message):
            _keep_message(db, meeting, message)
        case Unsaid(number):
            db.execute("UPDATE chat SET text = '', deleted = 1 WHERE meeting = ? AND id = ?", (meeting, number))
            index(db, meeting, "chat", str(number), "")
        case WordsCorrected():
            db.execute(
                "INSERT INTO corrections VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                (meeting, record.segment, record.revision, record.before, record.text, record.by, record.name,
                 record.at),
            )
        case Came():
            db.execute(
                "INSERT INTO participants(meeting, id, name, role, client, account, came) VALUES(?, ?, ?, ?, ?, ?, ?)",
                (meeting, record.participant, record.name, record.role, record.client, record.account, record.at),
            )
        case Went(participant, at):
            db.execute("UPDATE participants SET went = ? WHERE meeting = ? AND id = ?", (at, meeting, participant))
        case Consented():
            db.execute(
                "INSERT INTO consents(meeting, participant, name, about, yes, at, wall) VALUES(?, ?, ?, ?, ?, ?, ?)",
                (meeting, record.participant, record.name, record.about, int(record.yes), record.at, wall),
            )
        case RecordingBegan(name, at):
            db.execute(
                "INSERT INTO recordings(meeting, id, began, made_at) VALUES(?, ?, ?, ?)", (meeting, name, at, wall)
            )
        case RecordingEnded(name, at):
            db.execute("UPDATE recordings SET ended = ? WHERE meeting = ? AND id = ?", (at, meeting, name))
            recordings.ask_owed(db, wall)
        case FileIs(file):
            _keep_file(db, meeting, file)
        case Deed(by, name, what, about, at):
            db.execute(
                "INSERT INTO audit(meeting, doer, name, what, about, at, wall) VALUES(?, ?, ?, ?, ?, ?, ?)",
                (meeting, by, name, what, about, at, wall),
            )


def _keep_line(db: sqlite3.Connection, meeting: str, line: Line) -> None:
    """A line that was corrected takes the place of its first reading."""
    values = (meeting, line.segment, line.speaker, line.name, line.text, line.language, line.start, line.end)
    db.execute("INSERT OR REPLACE INTO lines VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, line.confidence))
    index(db, meeting, "line", line.segment, f"{line.name} {line.text}" if line.text else "")


def _keep_message(db: sqlite3.Connection, meeting: str, said: ChatMessage) -> None:
    db.execute(
        "INSERT INTO chat(meeting, id, sender, name, recipient, text, at) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (meeting, said.id, said.sender, said.name, said.to, said.text, said.at),
    )
    index(db, meeting, "chat", str(said.id), said.text)


def _keep_file(db: sqlite3.Connection, meeting: str, file: SharedFile) -> None:
    whose = (meeting, file.id, file.owner, file.owner_name, file.to)
    what = (file.name, file.size, file.sha256, file.state, file.at)
    db.execute("INSERT OR REPLACE INTO files VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*whose, *what))


# -- reading -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody's stay; `went` None: still there, or the host was killed."""

    id: str
    name: str
    role: str
    client: str
    account: str | None
    came: float
    went: float | None


def transcript(db: sqlite3.Connection, meeting: str) -> list[Line]:
    """As it reads now, struck lines left out, in the order in which people began to speak."""
    return [line for line in every_line(db, meeting) if line.text]


def every_line(db: sqlite3.Connection, meeting: str) -> list[Line]:
    """As `transcript`, with those that were struck: they have no text."""
    rows = db.execute(
        'SELECT segment, speaker, name, text, language, start, "end", confidence FROM lines '
        'WHERE meeting = ? ORDER BY start, "end", segment',
        (meeting,),
    )
    return [Line(**dict(row)) for row in rows]


def chat(
    db: sqlite3.Connection, meeting: str, seen_by: frozenset[str] | None, after: int = 0, most: int = 500
) -> list[ChatMessage]:
    """Oldest first.  `seen_by`: these participants' private messages too; None: everybody's."""
    rows = db.execute("SELECT * FROM chat WHERE meeting = ? AND id > ? ORDER BY id", (meeting, after))
    found: list[ChatMessage] = []
    for row in rows:
        if len(found) == most:
            break
        private = row["recipient"] is not None
        if seen_by is None or not private or seen_by & {row["sender"], row["recipient"]}:
            found.append(
                ChatMessage(
                    id=row["id"], sender=row["sender"], name=row["name"], to=row["recipient"], text=row["text"],
                    at=row["at"], deleted=bool(row["deleted"]),
                )
            )  # fmt: skip
    return found


def files(db: sqlite3.Connection, meeting: str, seen_by: frozenset[str] | None) -> list[SharedFile]:
    rows = db.execute("SELECT * FROM files WHERE meeting = ? ORDER BY at, id", (meeting,))
    return [
        SharedFile(
            id=row["id"], owner=row["owner"], owner_name=row["owner_name"], name=row["name"], to=row["recipient"],
            size=row["size"], sha256=row["sha256"], state=row["state"], at=row["at"],
        )
        for row in rows
        if seen_by is None or row["recipient"] is None or seen_by & {row["owner"], row["recipient"]}
    ]  # fmt: skip


def participants(db: sqlite3.Connection, meeting: str) -> list[Attendance]:
    rows = db.execute(
        "SELECT id, name, role, client, account, came, went FROM participants WHERE meeting = ? ORDER BY came, id",
        (meeting,),
    )
    return [Attendance(**row) for row in rows]


def consents(db: sqlite3.Connection, meeting: str) -> list[Consented]:
    rows = db.execute("SELECT * FROM consents WHERE meeting = ? ORDER BY number", (meeting,))
    return [Consented(row["participant"], row["name"], row["about"], bool(row["yes"]), row["at"]) for row in rows]


def corrections(db: sqlite3.Connection, meeting: str) -> list[WordsCorrected]:
    rows = db.execute("SELECT * FROM corrections WHERE meeting = ? ORDER BY segment, revision", (meeting,))
    return [
        WordsCorrected(r["segment"], r["revision"], r["before"], r["text"], r["editor"], r["name"], r["at"])
        for r in rows
    ]


def audit(db: sqlite3.Connection, meeting: str) -> list[Deed]:
    rows = db.execute("SELECT * FROM audit WHERE meeting = ? ORDER BY number", (meeting,))
    return [Deed(row["doer"], row["name"], row["what"], row["about"], row["at"]) for row in rows]
