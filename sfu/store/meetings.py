"""Meetings that are planned, held or over, whoever holds them.

One row has one code for ever, so a link in an old invitation never opens somebody else's meeting.  A host marks its
meeting with who it is (`holder`); what a dead holder left open is closed by whoever starts next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.search import index


class State(StrEnum):
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a meeting is made of.  `starts_at` None: whenever somebody starts it."""

    id: str
    code: str
    title: str
    owner: str | None = None
    starts_at: float | None = None
    minutes: int = 60
    invited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    code: str
    title: str
    state: State
    owner: str | None
    made_at: float
    starts_at: float | None
    minutes: int
    began_at: float | None
    ended_at: float | None


_COLUMNS = "id, code, title, state, owner, made_at, starts_at, minutes, began_at, ended_at"
_SEEN = (
    "(:account IS NULL OR owner = :account OR EXISTS "
    "(SELECT 1 FROM participants p WHERE p.meeting = meetings.id AND p.account = :account))"
)


def plan(db: sqlite3.Connection, planned: Planned, wall: float) -> Row:
    of_it = (planned.id, planned.code, planned.title, State.SCHEDULED, planned.owner, wall)
    db.execute(
        "INSERT INTO meetings(id, code, title, state, owner, made_at, starts_at, minutes) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (*of_it, planned.starts_at, planned.minutes),
    )
    db.executemany(
        "INSERT OR IGNORE INTO invitations VALUES(?, ?)", [(planned.id, email) for email in planned.invited]
    )
    index(db, planned.id, "title", "", planned.title)
    return get(db, planned.id)


def begin(db: sqlite3.Connection, meeting: str, holder: str, wall: float) -> None:
    """It is held now.  Raises UserError when it is not there, or was begun before."""
    changed = db.execute(
        "UPDATE meetings SET state = 'live', began_at = ?, holder = ? WHERE id = ? AND state = 'scheduled'",
        (wall, holder, meeting),
    )
    if changed.rowcount != 1:
        get(db, meeting)
        raise UserError(ErrorCode.TAKEN, "That meeting has already begun, or is over.")


def end(db: sqlite3.Connection, meeting: str, wall: float) -> None:
    """Nothing when it is over already."""
    db.execute("UPDATE meetings SET state = 'ended', ended_at = ? WHERE id = ? AND state = 'live'", (wall, meeting))


def drop(db: sqlite3.Connection, meeting: str) -> None:
    """As if it had never been, with all its records."""
    db.execute("DELETE FROM meetings WHERE id = ?", (meeting,))


def get(db: sqlite3.Connection, meeting: str) -> Row:
    """By its id or its code.  Raises UserError(NOT_FOUND)."""
    row = db.execute(f"SELECT {_COLUMNS} FROM meetings WHERE id = ? OR code = ?", (meeting, meeting)).fetchone()
    if row is None:
        raise not_there()
    return _row(row)


def seen(db: sqlite3.Connection, meeting: str, account: str | None) -> Row:
    """As `get`, for whoever owns it or was there; None: sees all.  Raises UserError(NOT_FOUND)."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM meetings WHERE (id = :meeting OR code = :meeting) AND {_SEEN}",
        {"meeting": meeting, "account": account},
    ).fetchone()
    if row is None:
        raise not_there()
    return _row(row)


def was_run_by(db: sqlite3.Connection, meeting: str, account: str) -> bool:
    """Whether somebody with this account was host or co-host in it, when their role last changed."""
    row = db.execute(
        "SELECT 1 FROM participants p WHERE meeting = ? AND account = ? AND COALESCE((SELECT what FROM audit a WHERE "
        "a.meeting = p.meeting AND a.about = p.id AND a.what LIKE 'role.%' ORDER BY number DESC LIMIT 1), "
        "'role.' || p.role) IN ('role.host', 'role.co_host')",
        (meeting, account),
    )
    return row.fetchone() is not None


def listed(
    db: sqlite3.Connection, account: str | None, state: State | None = None, most: int = 50, skip: int = 0
) -> list[Row]:
    """Newest first; `account` None: everybody's."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM meetings WHERE {_SEEN} AND (:state IS NULL OR state = :state) "
        "ORDER BY made_at DESC, id LIMIT :most OFFSET :skip",
        {"account": account, "state": state, "most": most, "skip": skip},
    )
    return [_row(row) for row in rows]


def invited(db: sqlite3.Connection, meeting: str) -> list[str]:
    return [row[0] for row in db.execute("SELECT email FROM invitations WHERE meeting = ? ORDER BY email", (meeting,))]


def left_open(db: sqlite3.Connection, alive: Callable[[str], bool], wall: float) -> None:
    """Ends what a holder that is not `alive` was killed in."""
    for meeting, holder in db.execute("SELECT id, holder FROM meetings WHERE state = 'live'").fetchall():
        if not alive(holder):
            end(db, meeting, wall)


def anybody_there(db: sqlite3.Connection, alive: Callable[[str], bool]) -> bool:
    """Whether somebody is in a meeting whose holder is `alive`."""
    rows = db.execute(
        "SELECT holder FROM meetings WHERE state = 'live' AND EXISTS "
        "(SELECT 1 FROM participants p WHERE p.meeting = meetings.id AND p.went IS NULL)"
    )
    return any(alive(row[0]) for row in rows.fetchall())


def unexported(db: sqlite3.Connection) -> Sequence[Row]:
    """Meetings that are over, in which something was said, and of which no readable file was written."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM meetings WHERE state = 'ended' AND exported = 0 "
        "AND EXISTS (SELECT 1 FROM lines WHERE lines.meeting = meetings.id)"
    )
    return [_row(row) for row in rows]


def exported(db: sqlite3.Connection, meeting: str) -> None:
    db.execute("UPDATE meetings SET exported = 1 WHERE id = ?", (meeting,))


def not_there() -> UserError:
    return UserError(ErrorCode.NOT_FOUND, "There is no such meeting here. Check its code with whoever invited you.")


def _row(row: Any) -> Row:
    values = dict(row)
    return Row(**{**values, "state": State(values["state"])})
