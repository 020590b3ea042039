"""Past meetings, out of the store that a host on this computer writes; opened when somebody looks, closed after.

All reading and writing happens on the store's own thread; answers come back to the window's as queued signals.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.exporting import save_as, suggested, write
from app.outcomes import Outcomes
from app.playing import Playing
from app.recordings import Recordings
from app.session.transcript import clock
from app.viewmodels.history import AttendeeRow, HistoryModel, HitRow, LineRow, MeetingRow, Opened
from sfu.core.transcript import Line
from sfu.host.background import leave_behind
from sfu.rtp.errors import UserError
from sfu.store import erasing, keeping, meetings, records, search
from sfu.store.readable import head_of
from sfu.store.thread import NAME, Store

log = logging.getLogger(__name__)

MOST = 500
"""Meetings in the list."""
Answer = Callable[[Any], None]


class History(QObject):
    """Answers a `HistoryModel` from the store in `folder`."""

    _answered = Signal(object, object)
    _failed = Signal(str)

    def __init__(
        self, model: HistoryModel, folder: Path, choose_file: Callable[[str], str], playing: Playing,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._model = model
        self._folder = folder
        self._choose_file = choose_file
        self._store: Store | None = None
        self._outcomes = Outcomes(model, folder, self._ask, self._change, choose_file, self)
        self._recordings = Recordings(model, folder, self._ask, self._change, playing)
        # From the store's thread, hence queued.
        self._answered.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(model.refuse, Qt.ConnectionType.QueuedConnection)
        model.opened.connect(self._open)
        model.closed.connect(self.close)
        model.opening_wanted.connect(self._read)
        model.search_wanted.connect(self._find)
        model.export_wanted.connect(self._export)
        model.deleting_wanted.connect(self._delete)
        model.forgetting_wanted.connect(self._forget)
        if model.is_open:  # somebody was quicker than this was loaded
            self._open()

    def close(self) -> None:
        """Idempotent."""
        self._outcomes.close()
        self._recordings.close()
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _open(self) -> None:
        if not (self._folder / NAME).exists():  # nothing was ever hosted here: looking makes no file
            self._model.show_meetings(())
            return
        try:
            self._store = self._store or Store(self._folder)
        except UserError as error:
            self._model.refuse(error.code)
            return
        self._ask(_listed, self._model.show_meetings)
        self._outcomes.begin()

    def _read(self, meeting: str) -> None:
        def show(one: Opened) -> None:
            self._model.show_one(one)
            self._outcomes.read(meeting)
            self._recordings.read(meeting)

        self._ask(partial(_opened, meeting=meeting), show)

    def _find(self, query: str) -> None:
        self._ask(partial(_found, query=query), partial(self._model.show_hits, query))

    def _export(self, meeting: str, form: str) -> None:
        def save(found: tuple[meetings.Row, list[Line]]) -> None:
            row, lines = found
            put = partial(write, head=head_of(row), lines=lines)
            save_as(suggested(row.title, form), self._choose_file, put, self._model.exported.emit)

        self._ask(partial(_whole, meeting=meeting), save)

    def _delete(self, meeting: str) -> None:
        self._change(partial(_dropped, meeting=meeting), self._deleted)

    def _deleted(self, gone: list[str]) -> None:
        for meeting in gone:
            keeping.delete_files(self._folder, meeting)
        self._ask(_shrunk, self._model.show_meetings)

    def _forget(self, meeting: str, person: str) -> None:
        def forgotten(_stays: erasing.Stays) -> None:
            self._ask(_shrunk, self._model.show_meetings)
            leave_behind(self._folder)
            self._read(meeting)

        self._change(partial(
            erasing.erase_stay, folder=self._folder, meeting=meeting, participant=person, wall=time.time()
        ), forgotten)  # fmt: skip

    def _ask(self, work: Callable[[sqlite3.Connection], Any], answer: Answer) -> None:
        if self._store is not None:
            self._store.read(work).add_done_callback(lambda done: self._done(done, answer))

    def _change(self, work: Callable[[sqlite3.Connection], Any], answer: Answer) -> None:
        if self._store is not None:
            self._store.write(work).add_done_callback(lambda done: self._done(done, answer))

    def _done(self, done: Any, answer: Answer) -> None:
        error = done.exception()
        if error is None:
            self._answered.emit(answer, done.result())
        elif isinstance(error, UserError):
            self._failed.emit(error.code)
        else:
            log.error("history failed", exc_info=error)

    def _pass_on(self, answer: Answer, result: object) -> None:
        answer(result)


def _listed(db: sqlite3.Connection) -> list[MeetingRow]:
    return [_meeting(db, row) for row in meetings.listed(db, None, most=MOST) if row.began_at is not None]


def _meeting(db: sqlite3.Connection, row: meetings.Row) -> MeetingRow:
    began = row.began_at or row.made_at
    minutes = round(((row.ended_at or began) - began) / 60)
    people = len(records.participants(db, row.id))
    return MeetingRow(row.id, row.title, began * 1000, minutes, people, row.state is meetings.State.LIVE)


def _opened(db: sqlite3.Connection, meeting: str) -> Opened:
    row = meetings.get(db, meeting)
    stays = records.participants(db, meeting)
    orders = {stay.id: order for order, stay in enumerate(stays)}
    lines = records.transcript(db, meeting)
    return Opened(
        _meeting(db, row),
        [AttendeeRow(stay.id, stay.name) for stay in stays if stay.name != erasing.ERASED],
        [
            LineRow(
                line.segment, line.name, orders.get(line.speaker, 0), clock(line.start), line.text,
                before is None or before.speaker != line.speaker,
            )
            for before, line in pairwise([None, *lines])
            if line is not None
        ],
    )  # fmt: skip


def _found(db: sqlite3.Connection, query: str) -> list[HitRow]:
    return [
        HitRow(
            f"{hit.meeting}/{hit.kind}/{hit.reference}", hit.meeting, hit.reference if hit.kind == "line" else "",
            hit.title, hit.name, clock(hit.at), hit.text,
        )
        for hit in search.find(db, query, None)
    ]  # fmt: skip


def _whole(db: sqlite3.Connection, meeting: str) -> tuple[meetings.Row, list[Line]]:
    return meetings.get(db, meeting), records.transcript(db, meeting)


def _dropped(db: sqlite3.Connection, meeting: str) -> list[str]:
    """One meeting, or all; but none that goes on.  Their ids."""
    rows = [meetings.get(db, meeting)] if meeting else meetings.listed(db, None, meetings.State.ENDED, most=-1)
    gone = [row.id for row in rows if row.state is not meetings.State.LIVE]
    for one in gone:
        meetings.drop(db, one)
    return gone


def _shrunk(db: sqlite3.Connection) -> list[MeetingRow]:
    keeping.shrink(db)
    return _listed(db)
