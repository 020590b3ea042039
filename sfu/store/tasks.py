"""Background work as rows: the truth about what is to be done, is being done, and was done.

Whatever queue carries a task's id, only who takes the row here works on it, and only while the lease on it is theirs;
what they found out is stored in the transaction that ends the task.  So a task may be carried twice, and its worker
killed anywhere, and still it happens once.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from sfu.core.tasks import LEASE_S, UNFINISHED, Fate, Input, after, after_death
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import TaskState as State

MAX_ERROR = 500
GONE = "The program that worked on it stopped."
"""The error of a task whose worker died; people read it as it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Asking for the same `key` again is asking for the same task.  `payload` survives JSON."""

    id: str
    kind: str
    key: str
    meeting: str | None = None
    payload: Mapping[str, Any] | None = None
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    kind: str
    key: str
    meeting: str | None
    payload: dict[str, Any]
    state: State
    attempts: int
    progress: float
    error: str
    made_at: float
    due_at: float
    lease: str
    lease_until: float | None
    called_off: bool
    doubtful: bool


def new_id() -> str:
    return secrets.token_hex(8)


_COLUMNS = (
    "id, kind, key, meeting, payload, state, attempts, progress, error, made_at, due_at, lease, lease_until, "
    "called_off, doubtful"
)
_OPEN = f"state IN ({', '.join(repr(state.value) for state in sorted(UNFINISHED))})"


# -- asking --------------------------------------------------------------------------------------------------


def ask(db: sqlite3.Connection, wanted: Wanted, wall: float) -> Row:
    """The task of that key, new or not."""
    db.execute(
        "INSERT OR IGNORE INTO tasks(id, kind, key, meeting, payload, state, made_at, due_at) "
        "VALUES(?, ?, ?, ?, ?, 'waiting', ?, ?)",
        (wanted.id, wanted.kind, wanted.key, wanted.meeting, json.dumps(dict(wanted.payload or {})), wall,
         max(wall, wanted.due_at)),
    )
    return _row(db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE key = ?", (wanted.key,)).fetchone())


def ask_anew(db: sqlite3.Connection, wanted: Wanted, wall: float) -> Row:
    """As `ask`, but what is over already is begun anew, as another task."""
    db.execute(f"DELETE FROM tasks WHERE key = ? AND NOT {_OPEN}", (wanted.key,))
    return ask(db, wanted, wall)


def withdraw(db: sqlite3.Connection, key: str) -> None:
    """As if it had never been asked for, unless somebody works on it."""
    db.execute("DELETE FROM tasks WHERE key = ? AND state = 'waiting'", (key,))


def call_off(db: sqlite3.Connection, task: str) -> Row:
    """At once if nobody works on it; else whoever does is told.  Raises UserError: NOT_FOUND, TAKEN (it is over)."""
    row = get(db, task)
    if row.state is State.RUNNING:
        db.execute("UPDATE tasks SET called_off = 1 WHERE id = ?", (task,))
    else:
        _move(db, row, Input.CALLED_OFF)
    return get(db, task)


def ask_again(db: sqlite3.Connection, task: str, wall: float) -> Row:
    """What failed, was cancelled, or is in doubt and was looked after.  Raises UserError: NOT_FOUND, TAKEN."""
    row = get(db, task)
    _move(db, row, Input.ASKED_AGAIN)
    db.execute("UPDATE tasks SET attempts = 0, progress = 0, error = '', due_at = ? WHERE id = ?", (wall, task))
    return get(db, task)


# -- working -------------------------------------------------------------------------------------------------


def due(db: sqlite3.Connection, wall: float, most: int = 100) -> list[Row]:
    """What could be begun now, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        (wall, most),
    )
    return [_row(row) for row in rows]


def take(db: sqlite3.Connection, task: str, lease: str, wall: float) -> Row | None:
    """Whoever gets the row works on it; None: somebody else does, or it is over, or its time has not come."""
    found = db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE id = ?", (task,)).fetchone()
    if found is None or found["state"] != State.WAITING or found["due_at"] > wall:
        return None
    _move(db, _row(found), Input.TAKEN)
    db.execute(
        "UPDATE tasks SET lease = ?, lease_until = ?, attempts = attempts + 1, progress = 0, error = '' WHERE id = ?",
        (lease, wall + LEASE_S, task),
    )
    return get(db, task)


def renew(db: sqlite3.Connection, progress: Mapping[str, float], wall: float) -> dict[str, bool]:
    """By lease, how far each is; which are still ours, and whether they were called off."""
    db.executemany(
        "UPDATE tasks SET lease_until = ?, progress = ? WHERE lease = ? AND state = 'running'",
        [(wall + LEASE_S, part, lease) for lease, part in progress.items()],
    )
    ours: dict[str, bool] = {}
    for lease in progress:
        row = db.execute("SELECT called_off FROM tasks WHERE lease = ? AND state = 'running'", (lease,)).fetchone()
        if row is not None:
            ours[lease] = bool(row[0])
    return ours


def doubt(db: sqlite3.Connection, lease: str, doubtful: bool) -> bool:
    """From here on it may have happened (or it has turned out that it has not); whether it is still ours."""
    sql = "UPDATE tasks SET doubtful = ? WHERE lease = ? AND state = 'running'"
    return db.execute(sql, (int(doubtful), lease)).rowcount == 1


def finish(db: sqlite3.Connection, lease: str, result: Callable[[sqlite3.Connection], None] | None) -> bool:
    """Done, and what was found out is stored with that; False, and nothing stored, if it is not ours any more."""
    row = _held(db, lease)
    if row is None:
        return False
    _move(db, row, Input.FINISHED)
    db.execute("UPDATE tasks SET progress = 1, error = '' WHERE id = ?", (row.id,))
    if result is not None:
        result(db)
    return True


def let_go(db: sqlite3.Connection, lease: str, fate: Fate, error: str, wall: float, counted: bool = True) -> bool:
    """It did not finish.  `counted`: that was an attempt.  False: it was not ours any more.

    Beyond recall everything but an end leaves it in doubt; a worker that knows better takes the doubt back first.
    """
    row = _held(db, lease)
    if row is None:
        return False
    _settle(db, row, Fate(Input.DOUBTED) if row.doubtful else fate, error, wall)
    if not counted:
        db.execute("UPDATE tasks SET attempts = max(0, attempts - 1) WHERE id = ?", (row.id,))
    return True


def bury(
    db: sqlite3.Connection, alive: Callable[[str], bool], most: Callable[[str], int], wall: float
) -> list[str]:
    """Deals with what a dead worker held; which tasks.

    A lease says who holds it (`alive`), up to its last slash; that of somebody who lives is only good for its time.
    `most`: attempts that tasks of a kind have.
    """
    found: list[str] = []
    for each in db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE state = 'running'").fetchall():
        row = _row(each)
        if (row.lease_until or 0.0) >= wall and alive(row.lease.rpartition("/")[0]):
            continue
        _settle(db, row, after_death(row.attempts, most(row.kind), row.doubtful, row.called_off), GONE, wall)
        found.append(row.id)
    return found


# -- reading -------------------------------------------------------------------------------------------------


def get(db: sqlite3.Connection, task: str) -> Row:
    """Raises UserError(NOT_FOUND)."""
    row = db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE id = ?", (task,)).fetchone()
    if row is None:
        raise not_there()
    return _row(row)


def kind_of(db: sqlite3.Connection, task: str) -> str | None:
    """None: there is no such task."""
    row = db.execute("SELECT kind FROM tasks WHERE id = ?", (task,)).fetchone()
    return str(row[0]) if row is not None else None


def listed(
    db: sqlite3.Connection, meeting: str | None, state: State | None = None, most: int = 100, skip: int = 0
) -> list[Row]:
    """Newest first; `meeting` None: of all, and of none."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE (:meeting IS NULL OR meeting = :meeting) "
        "AND (:state IS NULL OR state = :state) ORDER BY made_at DESC, id LIMIT :most OFFSET :skip",
        {"meeting": meeting, "state": state, "most": most, "skip": skip},
    )
    return [_row(row) for row in rows]


def owned(
    db: sqlite3.Connection, account: str, state: State | None = None, most: int = 100, skip: int = 0
) -> list[Row]:
    """Newest first, of the meetings that this account owns."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE meeting IN (SELECT id FROM meetings WHERE owner = :account) "
        "AND (:state IS NULL OR state = :state) ORDER BY made_at DESC, id LIMIT :most OFFSET :skip",
        {"account": account, "state": state, "most": most, "skip": skip},
    )
    return [_row(row) for row in rows]


def count(db: sqlite3.Connection, kind: str, account: str, since: float) -> int:
    """How many of that kind were asked for since then, for meetings that this account owns."""
    sql = (
        "SELECT count(*) FROM tasks WHERE kind = ? AND made_at >= ? "
        "AND meeting IN (SELECT id FROM meetings WHERE owner = ?)"
    )
    return int(db.execute(sql, (kind, since, account)).fetchone()[0])


def unfinished(db: sqlite3.Connection, before: float = inf) -> set[str]:
    """Kinds of what is being worked on, or may be before then."""
    sql = f"SELECT DISTINCT kind FROM tasks WHERE {_OPEN} AND (state = 'running' OR due_at <= ?)"
    return {str(row[0]) for row in db.execute(sql, (before,))}


def not_there() -> UserError:
    return UserError(ErrorCode.NOT_FOUND, "There is no such work here.")


def is_held(db: sqlite3.Connection, lease: str) -> bool:
    """Whoever has this lease still has the task."""
    return _held(db, lease) is not None


def _held(db: sqlite3.Connection, lease: str) -> Row | None:
    found = db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE lease = ? AND state = 'running'", (lease,)).fetchone()
    return _row(found) if found is not None else None


def _settle(db: sqlite3.Connection, row: Row, fate: Fate, error: str, wall: float) -> None:
    _move(db, row, fate.happened)
    due_at = row.due_at if fate.wait is None else wall + fate.wait
    db.execute("UPDATE tasks SET error = ?, due_at = ? WHERE id = ?", (error[:MAX_ERROR], due_at, row.id))


def _move(db: sqlite3.Connection, row: Row, happened: Input) -> None:
    """The one place that changes a state.  Nothing of the old one is left but its error and its count."""
    db.execute(
        "UPDATE tasks SET state = ?, lease = '', lease_until = NULL, called_off = 0, doubtful = 0 WHERE id = ?",
        (after(row.state, happened), row.id),
    )


def _row(row: Any) -> Row:
    values = dict(row)
    return Row(**{
        **values, "payload": json.loads(values["payload"]), "state": State(values["state"]),
        "called_off": bool(values["called_off"]), "doubtful": bool(values["doubtful"]),
    })  # fmt: skip

