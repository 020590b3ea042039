"""How long things are kept, and how somebody is forgotten.

Forgetting a person leaves the others' words: where they spoke a line stays empty of text, and their name is nowhere
any more, not in the search, not in freed pages of the file.  Backups made before are the owner's business.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILES, MEETINGS, RECORDINGS = "files", "meetings", "recordings"
"""Folders beside the database: what people shared, readable transcripts, and recordings, by meeting."""
MADE, FILM, CAPTIONS, SUBRIP, BUNDLE = "made", "film.mp4", "captions.vtt", "captions.srt", "bundle.zip"
"""The folder beside a recording's tracks in which lies what was made of them, and what is in it."""
OUTCOMES = (FILM, CAPTIONS, SUBRIP, BUNDLE)
VOICES, VOICE = "voices", ".webm"
"""The folder of people's voices beside the film, and how the name of each goes on after the participant."""
TIMELINE = "timeline.json"
"""When it ran, as the film has it, and how that was made."""
ERASED = "[erased]"
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Erased:
    """What was found of a person: stays as (meeting, participant), and the files that they had shared."""

    stays: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def retain(db: sqlite3.Connection, days: int, wall: float) -> list[str]:
    """Deletes the meetings that ended longer ago, with everything in them; their ids."""
    before = wall - days * _DAY_S
    rows = db.execute("SELECT id FROM meetings WHERE state = 'ended' AND ended_at < ?", (before,)).fetchall()
    gone = [str(row[0]) for row in rows]
    db.executemany("DELETE FROM meetings WHERE id = ?", [(meeting,) for meeting in gone])
    return gone


def erase_account(db: sqlite3.Connection, account: str) -> Erased:
    """The account, and every stay of whoever was signed in with it."""
    stays = _stays(db, "account = ?", account)
    erased = _erase(db, stays)
    db.execute("DELETE FROM accounts WHERE id = ?", (account,))
    return erased


def erase_name(db: sqlite3.Connection, name: str) -> Erased:
    """Everybody who took part under exactly this name without an account."""
    return _erase(db, _stays(db, "name = ? AND account IS NULL", name))


def erase_stay(db: sqlite3.Connection, meeting: str, participant: str) -> Erased:
    """One person of one meeting."""
    return _erase(db, [(meeting, participant)])


def shrink(db: sqlite3.Connection) -> None:
    """Outside a transaction: freed pages are given back, so that nothing of them can be read from the file."""
    db.execute("INSERT INTO words(words) VALUES('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def delete_old(db: sqlite3.Connection, folder: Path, days: int, wall: float) -> int:
    """Meetings that ended more than so many days ago, with their files; how many."""
    gone = retain(db, days, wall)
    for meeting in gone:
        delete_files(folder, meeting)
    return len(gone)


def delete_files(folder: Path, meeting: str) -> None:
    """All that lies in files of a meeting whose records are gone."""
    for kept in (FILES, MEETINGS, RECORDINGS):
        shutil.rmtree(folder / kept / meeting, ignore_errors=True)


def delete_of(folder: Path, erased: Erased) -> None:
    """What lies in files of theirs; readable forms without them are written when a host next starts."""
    for meeting, file in erased.files:
        (folder / FILES / meeting / file).unlink(missing_ok=True)
    for meeting, participant in erased.stays:
        shutil.rmtree(folder / MEETINGS / meeting, ignore_errors=True)
        for recording in (folder / RECORDINGS / meeting).glob("*"):
            shutil.rmtree(recording / MADE, ignore_errors=True)
            for track in recording.glob(f"tracks/{participant}-*"):
                track.unlink(missing_ok=True)


def _stays(db: sqlite3.Connection, where: str, value: str) -> list[tuple[str, str]]:
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
    "DELETE FROM tasks WHERE meeting = :m AND kind = 'film' AND state NOT IN ('waiting', 'running')",
    "DELETE FROM tasks WHERE meeting = :m AND kind IN ('analysis', 'model_minutes', 'second_transcript')",
    "UPDATE meetings SET exported = 0 WHERE id = :m",
    "UPDATE participants SET name = :erased, account = NULL WHERE meeting = :m AND id = :p",
)


def _erase(db: sqlite3.Connection, stays: Sequence[tuple[str, str]]) -> Erased:
    files: list[tuple[str, str]] = []
    for meeting, participant in stays:
        rows = db.execute("SELECT id FROM files WHERE meeting = ? AND owner = ?", (meeting, participant))
        files += [(meeting, row[0]) for row in rows]
        for statement in _FORGET:
            db.execute(statement, {"m": meeting, "p": participant, "erased": ERASED})
    return Erased(tuple(stays), tuple(files))
