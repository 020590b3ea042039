"""Weights from and to a stick while the window stays alive: one thread that looks, copies, and can be stopped.

What is in a file or a folder is found out by `models.carried`, whether the bytes are right by `models.registry`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.viewmodels.carried import CarriedModel, CarriedRow
from models.carried import Carried, Fate, Useless, survey
from models.registry import NoRoom, Progress, Registry
from models.sources import SourceFailed
from sfu.rtp.errors import UserError

log = logging.getLogger(__name__)
MEGABYTE = 1_000_000
SUGGESTED = "parley-models.zip"
_FILE = "."
"""The row of the file that is written; no model has such a name."""


class _Stopped(Exception):
    """The person stopped it."""


@dataclass(frozen=True, slots=True)
class _End:
    """As `CarriedModel.end`."""

    problem: str = ""
    sentence: str = ""
    needed: int = 0
    free: int = 0


class Stick(QObject):
    """Fulfils the wishes of a `CarriedModel`, one at a time.  A thread that still copies does not hold up the exit."""

    brought = Signal()
    """Something may be here now that was not before."""
    _found = Signal(object)
    _altered = Signal(str, str, int, int)
    _ended = Signal(object)

    def __init__(self, registry: Registry, model: CarriedModel, needed: str) -> None:
        super().__init__(model)
        self._registry, self._model, self._needed = registry, model, needed
        self._stop = threading.Event()
        model.bring_wanted.connect(self._bring)
        model.stop_wanted.connect(self._stop.set)
        queued = Qt.ConnectionType.QueuedConnection
        self._found.connect(self._show, queued)
        self._altered.connect(model.alter, queued)
        self._ended.connect(self._over, queued)

    def ask(
        self, choose_file: Callable[[], str], choose_folder: Callable[[], str], choose_target: Callable[[str], str]
    ) -> None:
        """The dialogs by which a person says where; they answer nothing when they are closed."""
        self._model.write_wanted.connect(lambda: self._write(choose_target(SUGGESTED)))
        self._model.file_wanted.connect(lambda: self._bring(choose_file()))
        self._model.folder_wanted.connect(lambda: self._bring(choose_folder()))

    def _bring(self, path: str) -> None:
        if path and not self._model.busy:
            place = Path(path)
            self._model.look(place.name or path)
            self._begin(lambda: self._copy(survey(place, self._registry)))

    def _write(self, path: str) -> None:
        if path and not self._model.busy:
            file = Path(path)
            self._model.write(CarriedRow(_FILE, file.name, 0, "writing"))
            self._begin(lambda: self._pack(file))

    def _begin(self, work: Callable[[], None]) -> None:
        self._stop.clear()
        threading.Thread(target=self._run, args=(work,), name="stick", daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except _Stopped:
            self._ended.emit(_End("stopped"))
        except Useless as error:
            self._ended.emit(_End(error.reason, error.sentence))
        except NoRoom as error:
            self._ended.emit(_End("no_room", error.sentence, _mb(error.needed), _mb(error.free)))
        except UserError as error:
            self._ended.emit(_End(error.code, error.sentence))
        else:
            self._ended.emit(_End())

    def _copy(self, found: list[Carried]) -> None:
        self._found.emit(found)
        wanted = [carried for carried in found if carried.fate is Fate.WANTED]
        self._registry.check_room(sum(carried.size for carried in wanted))
        for carried in wanted:
            try:
                self._registry.take(carried.name, self._watched(carried.name, "copying"), carried.place)
            except SourceFailed as failure:
                log.info("carried weights are not right", extra={"model": carried.name, "reason": str(failure)})
                self._altered.emit(carried.name, "damaged", 0, _mb(carried.size))
            else:
                self._altered.emit(carried.name, "taken", 0, _mb(carried.size))

    def _pack(self, file: Path) -> None:
        self._registry.bundle(file, (), self._watched(_FILE, "writing"))
        self._altered.emit(_FILE, "written", 0, 0)

    def _watched(self, name: str, fate: str) -> Callable[[Progress], None]:
        shown = -1

        def progress(now: Progress) -> None:
            nonlocal shown
            if self._stop.is_set():
                raise _Stopped
            if _mb(now.received) != shown:
                shown = _mb(now.received)
                self._altered.emit(name, fate, shown, _mb(now.total))

        return progress

    @Slot(object)
    def _show(self, found: list[Carried]) -> None:
        self._model.copy([_row(carried) for carried in found])

    @Slot(object)
    def _over(self, end: _End) -> None:
        self._model.end(end.problem, end.sentence, end.needed, end.free)
        self.brought.emit()
        if not end.problem and self._model.rows_now[0].name != _FILE and self._lacks():
            needed = self._registry.model(self._needed)
            self._model.add(CarriedRow(needed.id, needed.title, _mb(needed.size), "absent"))

    def _lacks(self) -> bool:
        """Whether captions still need what was not in it at all."""
        return self._needed not in {row.name for row in self._model.rows_now} and (
            self._registry.status(self._needed).problem is not None
        )


def _row(carried: Carried) -> CarriedRow:
    return CarriedRow(carried.name, carried.title or carried.name, _mb(carried.size), carried.fate)


def _mb(size: int) -> int:
    return round(size / MEGABYTE)
