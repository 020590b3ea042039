"""The weights of this computer, as rows: what is here, what can be fetched, how far a fetch is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.viewmodels.carried import CarriedModel
from app.viewmodels.rows import Rows


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`state`: ready, missing, damaged or fetching.  Sizes in whole megabytes; `sentence` says why a fetch failed."""

    name: str
    title: str
    task: str
    size: int
    state: str
    received: int = 0
    sentence: str = ""


class ModelsModel(QObject):
    """Wishes go out as signals; whoever fetches says `show`, `progress` and `failed`."""

    fetch_wanted = Signal(str)
    stop_wanted = Signal(str)
    delete_wanted = Signal(str)
    changed = Signal()

    def __init__(self, needed: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stick = CarriedModel(self)
        self._needed = needed
        self._rows = Rows(ModelRow, lambda row: row.name, self)
        self._lacking = Rows(ModelRow, lambda row: row.name, self)

    def show(self, rows: Sequence[ModelRow]) -> None:
        self._rows.show(rows)
        self._lacking.show([row for row in rows if row.name == self._needed and row.state != "ready"])
        self.changed.emit()

    def listed(self) -> list[ModelRow]:
        return list(self._rows.items())

    def progress(self, name: str, received: int) -> None:
        """So many megabytes of a model are here."""
        self._alter(name, state="fetching", received=received, sentence="")

    def failed(self, name: str, state: str, sentence: str) -> None:
        """A fetch ended without success; an empty sentence: because the person stopped it."""
        self._alter(name, state=state, sentence=sentence)

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        return self._rows

    @Property(QObject, constant=True)
    def lacking(self) -> Rows:
        """What captions in meetings hosted here need and is not ready; empty when all is well."""
        return self._lacking

    @Property(QObject, constant=True)
    def carried(self) -> CarriedModel:
        return self.stick

    @Slot(str)
    def fetch(self, name: str) -> None:
        self.progress(name, 0)
        self.fetch_wanted.emit(name)

    @Slot(str)
    def stop(self, name: str) -> None:
        """What has arrived is kept; fetching again goes on from there."""
        self.stop_wanted.emit(name)

    @Slot(str)
    def delete(self, name: str) -> None:
        self.delete_wanted.emit(name)

    def _alter(self, name: str, **facts: object) -> None:
        self.show([replace(row, **facts) if row.name == name else row for row in self._rows.items()])
