"""What came out of past meetings, from the store of a host on this computer, and finding it out when nobody has yet.

A part of `app.history`, which owns the store and brings answers to the window's thread.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.exporting import save_as, suggested, write_minutes
from app.session.transcript import clock
from app.viewmodels.history import HistoryModel
from app.viewmodels.outcome import Outcome, OutcomeRow
from sfu.core.tasks import UNFINISHED, USUAL_ATTEMPTS
from sfu.host.background import leave_behind
from sfu.rtp.errors import UserError
from sfu.store import analyses, meetings, records, tasks
from sfu.store.holder import is_alive
from sfu.store.readable import head_of
from sfu.tasks.settings import settings
from sfu.wire.analysis import Analysis, Point
from sfu.wire.messages import TaskState

LOOK_AGAIN_MS = 700
Answer = Callable[[Any], None]
Ask = Callable[[Callable[[sqlite3.Connection], Any], Answer], None]


class Outcomes(QObject):
    """`ask` reads and `change` writes in the store's thread; what they call back comes in the window's."""

    def __init__(
        self, model: HistoryModel, folder: Path, ask: Ask, change: Ask, choose_file: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._model = model
        self._folder = folder
        self._ask = ask
        self._change = change
        self._choose_file = choose_file
        self._again = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._look)
        model.outcome.again_wanted.connect(self._find_out)
        model.outcome.cancel_wanted.connect(self._cancel)
        model.outcome.export_wanted.connect(self._export)
        model.closed.connect(self.close)

    def close(self) -> None:
        """Looks no more, until something is read again."""
        self._again.stop()

    def begin(self) -> None:
        """Meetings that nobody has looked at are looked at now, as long as nobody else does that work."""
        self._change(_owed, self._do)

    def read(self, meeting: str) -> None:
        """The one that is shown now."""
        has_model = _has_model(self._folder)
        self._ask(partial(outcome_of, meeting=meeting, has_model=has_model), partial(self._show, meeting))

    def _look(self) -> None:
        if self._model.reading:
            self.read(self._model.reading)

    def _show(self, meeting: str, outcome: Outcome) -> None:
        if meeting != self._model.reading:
            return
        self._model.outcome.show(outcome)
        if self._model.outcome.busy:
            self._again.start()

    def _find_out(self, how: str) -> None:
        kind = analyses.MODEL if how == "model" else analyses.RULES
        work = partial(analyses.ask, meeting=self._model.reading, kind=kind, wall=time.time())
        self._change(work, lambda _: self._do(1))

    def _do(self, owed: int) -> None:
        if owed:
            leave_behind(self._folder)
        self._look()

    def _cancel(self) -> None:
        self._change(partial(_called_off, meeting=self._model.reading), lambda _: self._look())

    def _export(self, form: str) -> None:
        def save(found: tuple[meetings.Row, Analysis]) -> None:
            row, analysis = found
            put = partial(write_minutes, head=head_of(row), found=analysis)
            save_as(suggested(row.title, form), self._choose_file, put, self._model.exported.emit)

        self._ask(partial(_whole, meeting=self._model.reading), save)


def outcome_of(db: sqlite3.Connection, meeting: str, has_model: bool) -> Outcome:
    found = analyses.get(db, meeting)
    orders = {stay.id: order for order, stay in enumerate(records.participants(db, meeting))}
    names = {stay.name: orders[stay.id] for stay in records.participants(db, meeting)}
    work = _work(db, meeting)
    return Outcome(
        rows=_rows(found, orders, names),
        by=found.minutes.made_by if found.minutes is not None else "",
        model=found.minutes.model if found.minutes is not None else "",
        work=work.state.value if work is not None else "",
        progress=work.progress if work is not None else 0.0,
        error=work.error if work is not None else "",
        has_model=has_model,
    )


def _rows(found: Analysis, orders: dict[str, int], names: dict[str, int]) -> list[OutcomeRow]:
    rows: list[OutcomeRow] = []

    def add(part: str, items: Sequence[OutcomeRow]) -> None:
        if items:
            rows.extend([OutcomeRow(part, "heading", part), *items])

    def point(part: str, number: int, said: Point) -> OutcomeRow:
        time_of = clock(said.start) if said.start is not None else ""
        order = names.get(said.name, 0)
        return OutcomeRow(f"{part}/{number}", "point", said.text, said.name, order, time_of, said.segment)

    if found.minutes is not None:
        told = found.minutes
        add("summary", [point("summary", number, each) for number, each in enumerate(told.summary)])
        add("decisions", [point("decisions", number, each) for number, each in enumerate(told.decisions)])
        add("actions", [
            OutcomeRow(
                f"actions/{number}", "action", each.text, each.owner, names.get(each.owner, -1),
                clock(each.start) if each.start is not None else "", each.segment, due=each.due,
            )
            for number, each in enumerate(told.actions)
        ])  # fmt: skip
    if found.topics is not None:
        add("topics", [
            OutcomeRow(f"topics/{number}", "topic", ", ".join(each.words), time=clock(each.start))
            for number, each in enumerate(found.topics.topics)
        ])  # fmt: skip
    if found.talk_time is not None:
        add("talk", [
            OutcomeRow(
                f"talk/{each.participant}", "talker", each.name, each.name, orders.get(each.participant, 0),
                clock(each.seconds), share=each.share,
            )
            for each in found.talk_time.people
        ])  # fmt: skip
    return rows


def _work(db: sqlite3.Connection, meeting: str) -> tasks.Row | None:
    """The newest that finds something out."""
    kinds = (analyses.RULES, analyses.MODEL)
    return next((row for row in tasks.listed(db, meeting) if row.kind in kinds), None)


def _owed(db: sqlite3.Connection) -> int:
    """How much is to be done that nobody does: whoever lives and works on something does the rest too."""
    wall = time.time()
    analyses.ask_owed(db, wall)
    tasks.bury(db, is_alive, lambda _: USUAL_ATTEMPTS, wall)
    waiting = [row for row in tasks.due(db, inf) if row.kind in (analyses.RULES, analyses.MODEL)]
    return 0 if tasks.listed(db, None, TaskState.RUNNING, most=1) else len(waiting)


def _called_off(db: sqlite3.Connection, meeting: str) -> None:
    work = _work(db, meeting)
    if work is not None and work.state in UNFINISHED:
        tasks.call_off(db, work.id)


def _whole(db: sqlite3.Connection, meeting: str) -> tuple[meetings.Row, Analysis]:
    return meetings.get(db, meeting), analyses.get(db, meeting)


def _has_model(folder: Path) -> bool:
    try:
        return settings(folder).minutes is not None
    except UserError:
        return False
