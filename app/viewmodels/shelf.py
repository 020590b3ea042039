"""The recordings of the meeting that is on, for who runs it: which there are, and how far their films are.

Wishes go out as signals; whoever asks the host answers with `show` or `refuse`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.viewmodels.history import RecordingRow
from app.viewmodels.rows import Rows


class ShelfModel(QObject):
    opened = Signal()
    closed = Signal()
    playing_wanted = Signal(str)

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(RecordingRow, lambda row: row.recording, self)
        self._problem = ""
        self._loaded = False

    def show(self, rows: Sequence[RecordingRow]) -> None:
        """The first one first."""
        self._rows.show(rows)
        self._loaded, self._problem = True, ""
        self.changed.emit()

    def refuse(self, why: str) -> None:
        """As `PlayerModel.refuse`."""
        self._loaded, self._problem = True, why
        self.changed.emit()

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        return self._rows

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._problem

    @Property(bool, notify=changed)
    def loaded(self) -> bool:
        return self._loaded

    @Slot()
    def open(self) -> None:
        self._loaded, self._problem = False, ""
        self._rows.show(())
        self.changed.emit()
        self.opened.emit()

    @Slot()
    def close(self) -> None:
        self.closed.emit()

    @Slot(str)
    def play(self, recording: str) -> None:
        self.playing_wanted.emit(recording)
