"""Fetching model weights while the window stays alive: a thread a model, progress, stop, and what is here now.

What to fetch, from where and whether it is right is `models.registry`'s business; this only runs it.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from app.viewmodels.models import ModelRow, ModelsModel
from models.catalogue import Model
from models.registry import Progress, Registry
from sfu.rtp.errors import UserError

MEGABYTE = 1_000_000
CAPTIONS = "captions"


class _Stopped(Exception):
    """The person stopped the fetch."""


class Weights(QObject):
    """Fulfils the wishes of a `ModelsModel`.  A thread that still waits for the network does not hold up the exit."""

    _progressed = Signal(str, int)
    _ended = Signal(str, str)

    def __init__(self, registry: Registry, model: ModelsModel) -> None:
        super().__init__(model)
        self._registry = registry
        self._model = model
        self._stops: dict[str, threading.Event] = {}
        model.fetch_wanted.connect(self._fetch)
        model.stop_wanted.connect(self._stop)
        model.delete_wanted.connect(self._delete)
        self._progressed.connect(model.progress)
        self._ended.connect(self._over)
        self.look()

    def look(self) -> None:
        """What is on the disk now, into the rows; fetches that run stay as they are."""
        running = {row.name: row for row in self._model.listed() if row.name in self._stops}
        listed = [model for model in self._registry.models() if _shown(model)]
        self._model.show([running.get(model.id) or self._row(model) for model in listed])

    def _row(self, model: Model) -> ModelRow:
        return ModelRow(model.id, model.title, model.task, _mb(model.size), self._registry.status(model.id).state.value)

    def _fetch(self, name: str) -> None:
        if name not in self._stops:
            stop = self._stops[name] = threading.Event()
            threading.Thread(target=self._run, args=(name, stop), name=f"fetch {name}", daemon=True).start()

    def _stop(self, name: str) -> None:
        if name in self._stops:
            self._stops[name].set()

    def _run(self, name: str, stop: threading.Event) -> None:
        shown = -1

        def progress(now: Progress) -> None:
            nonlocal shown
            if stop.is_set():
                raise _Stopped
            if _mb(now.received) != shown:
                shown = _mb(now.received)
                self._progressed.emit(name, shown)

        try:
            self._registry.fetch(name, progress)
        except _Stopped:
            self._ended.emit(name, "")
        except UserError as error:
            self._ended.emit(name, error.sentence)
        else:
            self._ended.emit(name, "")

    def _over(self, name: str, sentence: str) -> None:
        self._stops.pop(name, None)
        self.look()
        if sentence:
            self._model.failed(name, self._registry.status(name).state.value, sentence)

    def _delete(self, name: str) -> None:
        try:
            self._registry.delete(name)
        except UserError as error:
            self._model.failed(name, self._registry.status(name).state.value, error.sentence)
        else:
            self.look()


def _shown(model: Model) -> bool:
    """The page is about captions, and about files that a person can fetch and take away."""
    return model.task == CAPTIONS and model.bundled is None


def _mb(size: int) -> int:
    return round(size / MEGABYTE)
