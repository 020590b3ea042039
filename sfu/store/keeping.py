"""How long things are kept, and what their files are called.  How somebody is forgotten is in `erasing`."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

FILES, MEETINGS, RECORDINGS = "files", "meetings", "recordings"
"""Folders beside the database: what people shared, readable transcripts, and recordings, by meeting."""
MADE, FILM, CAPTIONS, SUBRIP, BUNDLE = "made", "film.mp4", "captions.vtt", "captions.srt", "bundle.zip"
"""The folder beside a recording's tracks in which lies what was made of them, and what is in it."""
MAKING = ".making"
"""How the folder beside it begins in which that grows."""
OUTCOMES = (FILM, CAPTIONS, SUBRIP, BUNDLE)
VOICES, VOICE = "voices", ".webm"
"""The folder of people's voices beside the film, and how the name of each goes on after the participant."""
TIMELINE = "timeline.json"
"""When it ran, as the film has it, and how that was made."""
_DAY_S = 86_400.0


def retain(db: sqlite3.Connection, days: int, wall: float) -> list[str]:
    """Deletes the meetings that ended longer ago, with everything in them; their ids."""
    before = wall - days * _DAY_S
    rows = db.execute("SELECT id FROM meetings WHERE state = 'ended' AND ended_at < ?", (before,)).fetchall()
    gone = [str(row[0]) for row in rows]
    db.executemany("DELETE FROM meetings WHERE id = ?", [(meeting,) for meeting in gone])
    return gone


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
