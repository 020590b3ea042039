"""How busy the computer is that is the meeting room, and which programs of the meeting make it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal

from app.viewmodels.rows import Rows


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """`name` as the host calls it; `cpu` in percent of one core, `memory` in MB; `state`: started, died, given up."""

    name: str
    cpu: int
    memory: int
    state: str = "started"


class LoadModel(QObject):
    """Empty where this computer is not the meeting room."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._programs = Rows(ProgramRow, lambda row: row.name, self)
        self._busy = 0
        self._cores = 0

    def show(self, programs: Sequence[ProgramRow], busy: int, cores: int) -> None:
        """`busy`: percent of all cores together."""
        self._programs.show(programs)
        self._busy, self._cores = busy, cores
        self.changed.emit()

    @Property(QObject, constant=True)
    def programs(self) -> Rows:
        return self._programs

    @Property(int, notify=changed)
    def busy(self) -> int:
        return self._busy

    @Property(int, notify=changed)
    def cores(self) -> int:
        return self._cores
