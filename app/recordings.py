"""Recordings of past meetings, from the store of a host on this computer: which there are, and what plays one.

A part of `app.history`, which owns the store and brings answers to the window's thread.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from app.playing import Playing
from app.session.playback import Chapter, Reel, Spoken, Voice
from app.viewmodels.history import HistoryModel, RecordingRow
from sfu.core.tasks import UNFINISHED
from sfu.host.background import leave_behind
from sfu.rtp.errors import UserError
from sfu.store import keeping, recordings, records, tasks
from sfu.tasks.recording.play import playable
from sfu.wire.http import Playable
from sfu.wire.messages import TaskState

LOOK_AGAIN_MS = 700
Answer = Callable[[Any], None]
Ask = Callable[[Callable[[sqlite3.Connection], Any], Answer], None]
_FAILED = (TaskState.FAILED, TaskState.CANCELLED, TaskState.UNKNOWN)


class Recordings(QObject):
    """`ask` reads and `change` writes in the store's thread; what they call back comes in the window's."""

    def __init__(
        self, model: HistoryModel, folder: Path, ask: Ask, change: Ask, playing: Playing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._folder = folder
        self._ask = ask
        self._change = change
        self._playing = playing
        self._film = ""
        self._again = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._look)
        model.playing_wanted.connect(self._play)
        model.making_wanted.connect(self._make)
        model.closed.connect(self.close)
        playing.model.elsewhere_wanted.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._film)))

    def close(self) -> None:
        """Looks no more, until something is read again."""
        self._again.stop()
        self._playing.close()

    def read(self, meeting: str) -> None:
        """The one that is shown now."""
        self._ask(partial(rows_of, folder=self._folder, meeting=meeting), partial(self._show, meeting))

    def _look(self) -> None:
        if self._model.reading:
            self.read(self._model.reading)

    def _show(self, meeting: str, rows: list[RecordingRow]) -> None:
        if meeting != self._model.reading:
            return
        self._model.show_recordings(rows)
        if any(row.state in UNFINISHED for row in rows):
            self._again.start()

    def _make(self, recording: str, layout: str, captions: str) -> None:
        film = {"layout": layout, "captions": captions}
        work = partial(recordings.ask, meeting=self._model.reading, name=recording, film=film, wall=time.time())
        self._change(work, lambda _: self._do())

    def _do(self) -> None:
        leave_behind(self._folder)
        self._look()

    def _play(self, recording: str) -> None:
        meeting = self._model.reading
        made = self._folder / keeping.RECORDINGS / meeting / recording / keeping.MADE
        self._film = str(made / keeping.FILM)
        self._playing.begin(str(self._model.title), elsewhere=True)
        work = partial(_reel_or_why, folder=self._folder, meeting=meeting, recording=recording)
        self._ask(work, partial(self._begin, made))

    def _begin(self, made: Path, reel: Reel | str) -> None:
        if isinstance(reel, str):
            self._playing.model.refuse(reel)
        else:
            number = _number(made)
            self._playing.show(reel, lambda name: str(made / name), lambda: _number(made) == number)


def _number(made: Path) -> int:
    """Which folder it is; another one after somebody was erased, or the film was made anew.  0: none."""
    try:
        return made.stat().st_ino
    except OSError:
        return 0


def rows_of(db: sqlite3.Connection, folder: Path, meeting: str) -> list[RecordingRow]:
    """Those that are over, the first one first."""
    over = [row for row in reversed(recordings.listed(db, meeting)) if row.ended is not None]
    work = {task.payload["recording"]: task for task in tasks.listed(db, meeting) if task.kind == recordings.FILM}
    return [_row(number, row, folder, work.get(row.id)) for number, row in enumerate(over, 1)]


def _row(number: int, row: recordings.Row, folder: Path, task: tasks.Row | None) -> RecordingRow:
    made = folder / keeping.RECORDINGS / row.meeting / row.id / keeping.MADE
    there = all((made / file).is_file() for file in (keeping.FILM, keeping.TIMELINE))
    if task is None or task.state is TaskState.DONE:
        return RecordingRow(row.id, number, "ready" if there else "none", made=there)
    state = "failed" if task.state in _FAILED else task.state.value
    return RecordingRow(row.id, number, state, task.progress, task.error, there)


def reel_of(found: Playable, key: str, title: str, film: str, orders: dict[str, int]) -> Reel:
    """What a host says of a recording, as the player wants it.  `orders`: everybody's colour."""
    return Reel(
        key, title, found.seconds, film,
        [Voice(each.participant, each.name, orders.get(each.participant, 0), each.file) for each in found.voices],
        [
            Spoken(line.segment, line.speaker, line.name, orders.get(line.speaker, 0), line.start, line.end, line.text)
            for line in found.lines
        ],
        [Chapter(each.start, each.kind, each.name) for each in found.chapters],
    )  # fmt: skip


def _reel_or_why(db: sqlite3.Connection, folder: Path, meeting: str, recording: str) -> Reel | str:
    """Or why it cannot be played."""
    try:
        recordings.get(db, meeting, recording)
    except UserError:
        return "gone"
    try:
        found = playable(db, folder, meeting, recording)
    except UserError:
        return "not_made"
    orders = {stay.id: order for order, stay in enumerate(records.participants(db, meeting))}
    return reel_of(found, f"{meeting}/{recording}", "", keeping.FILM, orders)
