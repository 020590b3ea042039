"""What was found out about meetings that are over, and which of them have not been looked at yet."""

from __future__ import annotations

import sqlite3
from typing import TypeVar

from sfu.store import tasks
from sfu.store.tasks import Row, Wanted, new_id
from sfu.wire.analysis import Analysis, Minutes, TalkTime, Topics, Version
from sfu.wire.parts import Message

RULES, MODEL = "analysis", "model_minutes"
"""Kinds of tasks: everything by rules; minutes by a language model."""
_TALK_TIME, _TOPICS, _MINUTES = "talk_time", "topics", "minutes"
M = TypeVar("M", bound=Message)


def keep(db: sqlite3.Connection, meeting: str, found: Analysis, wall: float) -> None:
    """In place of what was known before; None leaves that."""
    for kind, what in ((_TALK_TIME, found.talk_time), (_TOPICS, found.topics), (_MINUTES, found.minutes)):
        if what is not None:
            db.execute(
                "INSERT OR REPLACE INTO analyses(meeting, kind, made_at, body) VALUES(?, ?, ?, ?)",
                (meeting, kind, wall, what.model_dump_json()),
            )


def get(db: sqlite3.Connection, meeting: str) -> Analysis:
    return Analysis(
        talk_time=_read(db, meeting, _TALK_TIME, TalkTime), topics=_read(db, meeting, _TOPICS, Topics),
        minutes=_read(db, meeting, _MINUTES, Minutes),
    )  # fmt: skip


def ask(db: sqlite3.Connection, meeting: str, kind: str, wall: float, version: Version = "first") -> Row:
    """To be found out anew from how the transcript reads now; what is not begun or not done yet is not asked twice."""
    key = f"{kind}:{meeting}" if version == "first" else f"{kind}:{meeting}:{version}"
    return tasks.ask_anew(db, Wanted(new_id(), kind, key, meeting, {"version": version}), wall)


def ask_owed(db: sqlite3.Connection, wall: float) -> int:
    """For every meeting that is over, in which something was said, and that was never looked at; how many."""
    owed = db.execute(
        "SELECT id FROM meetings WHERE state = 'ended' "
        "AND EXISTS (SELECT 1 FROM lines WHERE lines.meeting = meetings.id AND lines.text <> '') "
        "AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.key = ? || ':' || meetings.id)",
        (RULES,),
    ).fetchall()
    for row in owed:
        ask(db, row[0], RULES, wall)
    return len(owed)


def _read(db: sqlite3.Connection, meeting: str, kind: str, form: type[M]) -> M | None:
    row = db.execute("SELECT body FROM analyses WHERE meeting = ? AND kind = ?", (meeting, kind)).fetchone()
    return form.model_validate_json(row[0]) if row is not None else None
