"""Recordings as rows, and the work that is owed for those that are over."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import tasks
from sfu.store.tasks import Wanted, new_id

FILM = "film"
"""The kind of task that makes film, voices and bundle."""
# The recorder closes its files within a second or two of the end.
_CLOSED_S = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """`began`, `ended`: meeting time; `ended` None: it runs."""

    meeting: str
    id: str
    began: float
    ended: float | None


def get(db: sqlite3.Connection, meeting: str, name: str) -> Row:
    """Raises UserError(NOT_FOUND)."""
    row = db.execute(
        "SELECT meeting, id, began, ended FROM recordings WHERE meeting = ? AND id = ?", (meeting, name)
    ).fetchone()
    if row is None:
        raise UserError(ErrorCode.NOT_FOUND, "There is no such recording here.")
    return Row(**dict(row))


def listed(db: sqlite3.Connection, meeting: str | None = None) -> list[Row]:
    """Newest first; None: of all meetings."""
    rows = db.execute(
        "SELECT meeting, id, began, ended FROM recordings WHERE ? IS NULL OR meeting = ? ORDER BY made_at DESC",
        (meeting, meeting),
    )
    return [Row(**dict(row)) for row in rows]


def close_left(db: sqlite3.Connection) -> None:
    """Recordings of meetings that are over and were never ended: their host was killed.  They ran until it was."""
    db.execute(
        "UPDATE recordings SET ended = MAX(began, COALESCE((SELECT m.ended_at - m.began_at FROM meetings m "
        "WHERE m.id = recordings.meeting), began)) WHERE ended IS NULL "
        "AND meeting IN (SELECT id FROM meetings WHERE state = 'ended')"
    )


def ask(db: sqlite3.Connection, meeting: str, name: str, film: dict[str, str], wall: float) -> tasks.Row:
    """To be made anew, and its film so (`sfu.wire.http.FilmChoice`).  What waits to be made is made so instead.

    Raises UserError: NOT_FOUND, TAKEN (it runs, or somebody makes it now).
    """
    if get(db, meeting, name).ended is None:
        raise UserError(ErrorCode.TAKEN, "That recording goes on. Its film is made when it is over.")
    key = _key(meeting, name)
    tasks.withdraw(db, key)
    wanted = Wanted(new_id(), FILM, key, meeting, {"recording": name, "film": film}, wall + _CLOSED_S)
    asked = tasks.ask_anew(db, wanted, wall)
    if asked.id != wanted.id:
        raise UserError(ErrorCode.TAKEN, "A film of it is being made. Wait until it is done, or cancel that.")
    return asked


def ask_owed(db: sqlite3.Connection, wall: float) -> None:
    """A task for every recording that is over and has none."""
    owed = db.execute(
        "SELECT meeting, id FROM recordings WHERE ended IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM tasks WHERE tasks.key = ? || ':' || recordings.meeting || ':' || recordings.id)",
        (FILM,),
    ).fetchall()
    for row in owed:
        wanted = Wanted(new_id(), FILM, _key(*row), row["meeting"], {"recording": row["id"]}, wall + _CLOSED_S)
        tasks.ask(db, wanted, wall)


def _key(meeting: str, name: str) -> str:
    return f"{FILM}:{meeting}:{name}"
