"""Second transcripts: a meeting's words, made again from its recording; beside the first, which stays."""

from __future__ import annotations

import sqlite3

from sfu.core.reheard import Second
from sfu.core.transcript import Line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import recordings, records, tasks
from sfu.store.tasks import Row, Wanted, new_id
from sfu.wire.analysis import Version

HEAR = "second_transcript"
"""The kind of task that makes one, and of what is kept."""


def ask(db: sqlite3.Connection, meeting: str, wall: float) -> Row:
    """To be made, or made anew; what is not begun or not done yet is not asked twice.

    Raises UserError(NOT_FOUND) for a meeting that was not recorded.
    """
    if not any(row.ended is not None for row in recordings.listed(db, meeting)):
        sentence = "That meeting was not recorded, so its words cannot be made again. Its transcript stays as it is."
        raise UserError(ErrorCode.NOT_FOUND, sentence)
    return tasks.ask_anew(db, Wanted(new_id(), HEAR, f"{HEAR}:{meeting}", meeting), wall)


def keep(db: sqlite3.Connection, meeting: str, found: Second, wall: float) -> None:
    """Among what was found out about the meeting, and forgotten with that."""
    db.execute(
        "INSERT OR REPLACE INTO analyses(meeting, kind, made_at, body) VALUES(?, ?, ?, ?)",
        (meeting, HEAR, wall, found.model_dump_json()),
    )


def get(db: sqlite3.Connection, meeting: str) -> Second:
    """Raises UserError(NOT_FOUND) when there is none (yet)."""
    row = db.execute("SELECT body FROM analyses WHERE meeting = ? AND kind = ?", (meeting, HEAR)).fetchone()
    if row is None:
        sentence = "There is no second transcript of that meeting. Ask for one, or read the first."
        raise UserError(ErrorCode.NOT_FOUND, sentence)
    return Second.model_validate_json(row[0])


def lines(db: sqlite3.Connection, meeting: str, version: Version) -> list[Line]:
    """Raises UserError(NOT_FOUND), as `get`."""
    return records.transcript(db, meeting) if version == "first" else get(db, meeting).lines
