"""How somebody is forgotten: in records, in what they recorded and shared, and in all that was made of it.

The others' words stay: where the person spoke a line stays empty of text, and their name is nowhere any more, not in
the search, not in freed pages of the file (after `keeping.shrink`).  What was made of recordings they were in is
gone when this returns, and asked for anew; whoever works on the old one finds that it is not theirs any more.
Backups made before are the owner's business.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import again, analyses, meetings, readable, recordings, records, tasks
from sfu.store.holder import is_alive
from sfu.store.keeping import FILES, MADE, MAKING, MEETINGS, RECORDINGS
from sfu.store.tasks import Wanted, new_id

ERASED = "[erased]"
_REMADE = (recordings.FILM, again.HEAR, analyses.RULES, analyses.MODEL)
_IS_ON = "They are in the meeting that is going on. They can be forgotten when it is over."
Stays = Sequence[tuple[str, str]]
"""Meetings, and who somebody was in each."""


def erase_account(db: sqlite3.Connection, folder: Path, account: str, wall: float) -> Stays:
    """The account, and every stay of whoever was signed in with it.  Raises UserError(TAKEN) while they are in one."""
    stays = _stays(db, "account = ?", account)
    _erase(db, folder, stays, wall)
    row = db.execute("SELECT email FROM accounts WHERE id = ?", (account,)).fetchone()
    if row is not None and row["email"]:
        db.execute("DELETE FROM invitations WHERE email = ?", (row["email"],))
        db.execute("DELETE FROM tasks WHERE kind = 'mail' AND json_extract(payload, '$.to') = ?", (row["email"],))
    db.execute("DELETE FROM accounts WHERE id = ?", (account,))
    return stays


def erase_name(db: sqlite3.Connection, folder: Path, name: str, wall: float) -> Stays:
    """Everybody who took part under exactly this name without an account.  Raises UserError(TAKEN)."""
    stays = _stays(db, "name = ? AND account IS NULL", name)
    _erase(db, folder, stays, wall)
    return stays


def erase_stay(db: sqlite3.Connection, folder: Path, meeting: str, participant: str, wall: float) -> Stays:
    """One person of one meeting.  Raises UserError(TAKEN)."""
    stays = [(meeting, participant)]
    _erase(db, folder, stays, wall)
    return stays


def _stays(db: sqlite3.Connection, where: str, value: str) -> Stays:
    return [(row[0], row[1]) for row in db.execute(f"SELECT meeting, id FROM participants WHERE {where}", (value,))]


# What becomes of each table, as (statement); `:m` the meeting, `:p` the participant.
_FORGET = (
    "DELETE FROM findable WHERE meeting = :m AND kind = 'line' "
    "AND reference IN (SELECT segment FROM lines WHERE meeting = :m AND speaker = :p)",
    "DELETE FROM findable WHERE meeting = :m AND kind = 'chat' "
    "AND reference IN (SELECT CAST(id AS TEXT) FROM chat WHERE meeting = :m AND sender = :p)",
    "DELETE FROM corrections WHERE meeting = :m "
    "AND segment IN (SELECT segment FROM lines WHERE meeting = :m AND speaker = :p)",
    "UPDATE corrections SET name = :erased WHERE meeting = :m AND editor = :p",
    "UPDATE lines SET name = :erased, text = '' WHERE meeting = :m AND speaker = :p",
    "UPDATE chat SET name = :erased, text = '', deleted = 1 WHERE meeting = :m AND sender = :p",
    "UPDATE consents SET name = :erased WHERE meeting = :m AND participant = :p",
    "UPDATE audit SET name = :erased WHERE meeting = :m AND doer = :p",
    "UPDATE audit SET about = :erased WHERE meeting = :m "
    "AND about = (SELECT name FROM participants WHERE meeting = :m AND id = :p)",
    "UPDATE files SET owner_name = :erased, name = :erased, state = 'gone' WHERE meeting = :m AND owner = :p",
    "DELETE FROM analyses WHERE meeting = :m",
    "UPDATE participants SET name = :erased, account = NULL WHERE meeting = :m AND id = :p",
)


def _erase(db: sqlite3.Connection, folder: Path, stays: Stays, wall: float) -> None:
    """Files go before the records of them are safe: a kill between the two loses what is made anew, and shows nothing.

    May be done twice: the store repeats work that stood in one transaction with work that failed.
    """
    held = sorted({meeting for meeting, _ in stays})
    _require_over(db, held)
    for meeting, participant in stays:
        rows = db.execute("SELECT id FROM files WHERE meeting = ? AND owner = ?", (meeting, participant)).fetchall()
        for row in rows:
            (folder / FILES / meeting / row["id"]).unlink(missing_ok=True)
        for statement in _FORGET:
            db.execute(statement, {"m": meeting, "p": participant, "erased": ERASED})
        for track in (folder / RECORDINGS / meeting).glob(f"*/tracks/{participant}-*"):
            track.unlink(missing_ok=True)
    for meeting in held:
        _make_anew(db, folder, meeting, wall)
    recordings.ask_owed(db, wall)
    analyses.ask_owed(db, wall)


def _require_over(db: sqlite3.Connection, held: Iterable[str]) -> None:
    """What goes on is in the memory of its host, too."""
    for meeting in held:
        row = db.execute("SELECT holder FROM meetings WHERE id = ? AND state = 'live'", (meeting,)).fetchone()
        if row is not None and is_alive(row["holder"]):
            raise UserError(ErrorCode.TAKEN, _IS_ON)


def _make_anew(db: sqlite3.Connection, folder: Path, meeting: str, wall: float) -> None:
    """Everything that was made of what was said and recorded in it."""
    for recording in (folder / RECORDINGS / meeting).glob("*"):
        for made in (recording / MADE, *recording.glob(f"{MAKING}*")):
            shutil.rmtree(made, ignore_errors=True)
    marks = ", ".join("?" * len(_REMADE))
    rows = db.execute(f"SELECT * FROM tasks WHERE meeting = ? AND kind IN ({marks})", (meeting, *_REMADE)).fetchall()
    for row in rows:
        db.execute("DELETE FROM tasks WHERE id = ?", (row["id"],))
        wanted = Wanted(new_id(), row["kind"], row["key"], meeting, json.loads(row["payload"]))
        tasks.ask(db, wanted, wall)
    if (folder / MEETINGS / meeting).exists():
        shutil.rmtree(folder / MEETINGS / meeting, ignore_errors=True)
        db.execute("UPDATE meetings SET exported = 0 WHERE id = ?", (meeting,))
        with contextlib.suppress(OSError):  # the next host to start here makes up for it
            readable.write(folder / MEETINGS, meetings.get(db, meeting), records.transcript(db, meeting))
            meetings.exported(db, meeting)
