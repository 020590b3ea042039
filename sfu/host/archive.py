"""One meeting's place in the store, and the readable files that are written of it when it is over.

Everything a meeting decides in one answer is kept in one transaction, before anybody is told.  At the end
`<data>/meetings/<id>/` gets `transcript.json` and `transcript.vtt`; what a killed host could not write, the next one
to start in this folder does.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from sfu.core.inheritance import Past
from sfu.core.records import Record
from sfu.core.transcript import Line
from sfu.store import analyses, meetings, readable, recordings, records
from sfu.store.holder import holder, is_alive
from sfu.store.keeping import MEETINGS, delete_old
from sfu.store.meetings import Planned, Row
from sfu.store.thread import Store
from sfu.wire.messages import Meeting

log = logging.getLogger("sfu.host.archive")

_ALL = 1 << 30


class Archive:
    """`begin` first; `end` makes the files.  Every method but `keep` waits for the disk: call it in a thread."""

    def __init__(self, store: Store, folder: Path, meeting: str, process: int | None = None) -> None:
        """`process`: which lives as long as the meeting does; ours, if none is named."""
        self._holder = holder(process)
        self.store = store
        self.meeting = meeting
        self.folder = folder

    def begin(self, about: Meeting) -> None:
        """A meeting that nobody had planned.  Raises UserError when it cannot be stored."""
        planned = Planned(about.id, about.code, about.title)
        self.store.write(partial(_begin_unplanned, planned=planned, holder=self._holder, wall=time.time())).result()

    def take_up(self, meeting: str) -> None:
        """The one that was begun had nobody in it; a planned one is held in its place.  Raises UserError."""
        replace = partial(_replace, one=self.meeting, other=meeting, holder=self._holder, wall=time.time())
        self.store.write(replace).result()
        self.meeting = meeting

    def recalled(self) -> Past:
        """What was said to everybody, and every file: for another life of this meeting.  Raises UserError."""
        return self.store.read(partial(_past, meeting=self.meeting)).result()

    def keep(self, kept: Sequence[Record]) -> Future[None]:
        """Done: it survives the death of this process and of the computer.  Raises UserError when the disk refuses."""
        return self.store.write(partial(_keep, meeting=self.meeting, kept=kept, wall=time.time()))

    def end(self) -> Path | None:
        """It is over: the folder of the readable files, or None when nothing was said.  Raises OSError, UserError."""
        over, lines = self.store.write(partial(_end, meeting=self.meeting, wall=time.time())).result()
        return _export(self.store, self.folder / MEETINGS, over, lines) if over is not None and lines else None


def recover(store: Store, folder: Path, keep_days: int = 0) -> None:
    """Ends what earlier hosts were killed in, deletes what is too old, and makes up for what they still owed."""
    store.write(partial(meetings.left_open, alive=is_alive, wall=time.time())).result()
    if keep_days:
        store.write(partial(delete_old, folder=folder, days=keep_days, wall=time.time())).result()
    store.write(partial(_ask_owed, wall=time.time())).result()
    for row in store.read(meetings.unexported).result():
        lines = store.read(partial(records.transcript, meeting=row.id)).result()
        try:
            _export(store, folder / MEETINGS, row, lines)
        except OSError as error:
            log.warning("transcript not exported", extra={"meeting": row.id, "why": error.strerror})


def _past(db: sqlite3.Connection, meeting: str) -> Past:
    lines = sorted(records.every_line(db, meeting), key=lambda line: line.end)
    return Past(
        records.chat(db, meeting, seen_by=frozenset(), most=_ALL), records.files(db, meeting, seen_by=None), lines,
        records.corrections(db, meeting),
    )  # fmt: skip


def _begin_unplanned(db: sqlite3.Connection, planned: Planned, holder: str, wall: float) -> None:
    meetings.plan(db, planned, wall)
    meetings.begin(db, planned.id, holder, wall)


def _replace(db: sqlite3.Connection, one: str, other: str, holder: str, wall: float) -> None:
    meetings.begin(db, other, holder, wall)
    _end(db, one, wall)


def _keep(db: sqlite3.Connection, meeting: str, kept: Sequence[Record], wall: float) -> None:
    for record in kept:
        records.keep(db, meeting, record, wall)


def _end(db: sqlite3.Connection, meeting: str, wall: float) -> tuple[Row | None, list[Line]]:
    """A meeting to which nobody came is not remembered."""
    if not records.participants(db, meeting):
        meetings.drop(db, meeting)
        return None, []
    meetings.end(db, meeting, wall)
    _ask_owed(db, wall)
    return meetings.get(db, meeting), records.transcript(db, meeting)


def _ask_owed(db: sqlite3.Connection, wall: float) -> None:
    analyses.ask_owed(db, wall)
    recordings.close_left(db)
    recordings.ask_owed(db, wall)


def _export(store: Store, folder: Path, row: Row, lines: Sequence[Line]) -> Path:
    here = readable.write(folder, row, lines)
    store.write(partial(meetings.exported, meeting=row.id)).result()
    return here
