"""Recordings of the meeting that is on, asked of its host over HTTPS and played from there.

The host is asked in a thread; answers come to the window's as queued signals, and who asked meanwhile for something
else does not hear the old ones.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.engine.playback.files import Unplayable
from app.engine.playback.remote import Listed, Opened, RemoteFile, Shelf, listed, opened
from app.playing import Playing
from app.recordings import reel_of
from app.viewmodels.history import RecordingRow
from app.viewmodels.shelf import ShelfModel
from sfu.core.tasks import UNFINISHED

LOOK_AGAIN_MS = 2000
FILM = "film.mp4"
Where = Callable[[], tuple[Shelf, str, str] | None]
"""Where recordings of the meeting that is on are, its id and its title; None: there is none."""


class Borrowing(QObject):

    _answered = Signal(object, object)

    def __init__(
        self, model: ShelfModel, playing: Playing, where: Where, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._playing = playing
        self._where = where
        self._asking = ThreadPoolExecutor(1, "borrowing")
        self._open = False
        self._again = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._look)
        self._answered.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        model.opened.connect(self._begin)
        model.closed.connect(self._end)
        model.playing_wanted.connect(self._play)

    def close(self) -> None:
        """Idempotent."""
        self._end()
        self._asking.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        self._open = True
        self._look()

    def _end(self) -> None:
        self._open = False
        self._again.stop()

    def _look(self) -> None:
        if (where := self._where()) is not None and self._open:
            self._ask(partial(listed, where[0]), self._show)

    def _show(self, found: Listed | str) -> None:
        if not self._open:
            return
        if isinstance(found, str):
            self._model.refuse(found)
        else:
            self._model.show(rows_of(found))
        self._again.start()

    def _play(self, recording: str) -> None:
        if (where := self._where()) is None:
            return
        shelf, meeting, title = where
        self._playing.begin(title)
        self._ask(partial(opened, shelf, recording), partial(self._show_film, shelf, f"{meeting}/{recording}"))

    def _show_film(self, shelf: Shelf, key: str, found: Opened | str) -> None:
        if isinstance(found, str):
            self._playing.model.refuse(found)
            return
        people = dict.fromkeys([voice.participant for voice in found.recording.voices])
        people |= dict.fromkeys([line.speaker for line in found.recording.lines])
        reel = reel_of(found.recording, key, "", FILM, {person: order for order, person in enumerate(people)})
        self._playing.show(reel, _Source(shelf, found, self._where).open)

    def _ask(self, work: Callable[[], Any], answer: Callable[[Any], None]) -> None:
        self._asking.submit(work).add_done_callback(lambda done: self._done(done, answer))

    def _done(self, done: Future[Any], answer: Callable[[Any], None]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None and not isinstance(error, Unplayable):
            raise error
        self._answered.emit(answer, error.why if isinstance(error, Unplayable) else done.result())

    def _pass_on(self, answer: Callable[[Any], None], result: object) -> None:
        answer(result)


class _Source:
    """The files of one recording.  A host that was started again knows no link of before, and us by another key."""

    def __init__(self, shelf: Shelf, found: Opened, where: Where) -> None:
        self._shelf = shelf
        self._found = found
        self._where = where

    def open(self, name: str) -> RemoteFile:
        """In the player's threads.  Raises Unplayable."""
        try:
            return RemoteFile(self._shelf, self._found.path(name))
        except Unplayable as error:
            where = self._where()
            if error.why != "refused" or where is None or where[0] == self._shelf:
                raise
            self._shelf = where[0]
            self._found = opened(self._shelf, self._found.recording.id)
            return RemoteFile(self._shelf, self._found.path(name))


def rows_of(found: Listed) -> list[RecordingRow]:
    """Those that are over, the first one first.  A film that is being made is the newest one's."""
    over = [one for one in reversed(found.recordings) if one.ended is not None]
    work = next((task for task in found.tasks if task.kind == "film" and task.state in UNFINISHED), None)
    return [
        RecordingRow(
            one.id, number, "ready" if FILM in one.made else work.state.value if work is not None else "none",
            work.progress if work is not None else 0.0, made=FILM in one.made,
        )
        for number, one in enumerate(over, 1)
    ]  # fmt: skip
