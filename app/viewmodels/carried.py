"""Files for captions on a stick, to or from another computer: what was found, how far copying is, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from app.viewmodels.rows import Rows


class Doing(StrEnum):
    """`OVER`: what came of it is shown until the person closes it."""

    NOTHING = ""
    LOOKING = "looking"
    COPYING = "copying"
    WRITING = "writing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """Megabytes.  `fate` of a model: wanted, copying, taken, here, other, part, unknown, damaged, stopped or absent;
    of a file that is made for another computer: writing, written or stopped."""

    name: str
    title: str
    size: int
    fate: str
    received: int = 0


class CarriedModel(QObject):
    """Wishes go out as signals; whoever fulfils them says `look`, `copy`, `alter` and `end`."""

    file_wanted = Signal()
    folder_wanted = Signal()
    bring_wanted = Signal(str)
    write_wanted = Signal()
    stop_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(CarriedRow, lambda row: row.name, self)
        self._doing = Doing.NOTHING
        self._place = self._problem = self._sentence = ""
        self._needed = self._free = 0

    def look(self, place: str) -> None:
        """A file or folder of this name is being looked into."""
        self._rows.show([])
        self._doing, self._place, self._problem = Doing.LOOKING, place, ""
        self.changed.emit()

    def copy(self, rows: Sequence[CarriedRow]) -> None:
        """This was found, and what of it is wanted is being copied."""
        self._rows.show(rows)
        self._doing = Doing.COPYING
        self.changed.emit()

    def write(self, row: CarriedRow) -> None:
        """What is here is being written to one file, for another computer."""
        self._rows.show([row])
        self._doing, self._place, self._problem = Doing.WRITING, row.title, ""
        self.changed.emit()

    def alter(self, name: str, fate: str, received: int, size: int) -> None:
        changed = {"fate": fate, "received": received, "size": size}
        self._rows.show([replace(row, **changed) if row.name == name else row for row in self._rows.items()])

    def end(self, problem: str = "", sentence: str = "", needed: int = 0, free: int = 0) -> None:
        """`problem`: why it went no further, empty if it did; `needed` and `free` megabytes are for `no_room`."""
        ends = dict.fromkeys(("copying", "wanted", "writing"), "stopped")
        self._rows.show([replace(row, fate=ends.get(row.fate, row.fate)) for row in self._rows.items()])
        self._doing, self._problem, self._sentence = Doing.OVER, problem, sentence
        self._needed, self._free = needed, free
        self.changed.emit()

    def add(self, row: CarriedRow) -> None:
        self._rows.show([*self._rows.items(), row])

    @property
    def rows_now(self) -> list[CarriedRow]:
        return self._rows.items()

    @Slot()
    def choose_file(self) -> None:
        self.file_wanted.emit()

    @Slot()
    def choose_folder(self) -> None:
        self.folder_wanted.emit()

    @Slot()
    def choose_target(self) -> None:
        """Where to write a file for another computer."""
        self.write_wanted.emit()

    @Slot("QVariantList")
    def drop(self, addresses: Sequence[QUrl]) -> None:
        """The first of what was dropped that lies on this computer."""
        paths = [address.toLocalFile() for address in addresses if address.isLocalFile()]
        if paths and not self.busy:
            self.bring_wanted.emit(paths[0])

    @Slot()
    def stop(self) -> None:
        """What has been copied whole stays."""
        self.stop_wanted.emit()

    @Slot()
    def dismiss(self) -> None:
        self._rows.show([])
        self._doing, self._problem = Doing.NOTHING, ""
        self.changed.emit()

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        return self._rows

    @Property(str, notify=changed)
    def doing(self) -> str:
        return self._doing

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        return self._doing in (Doing.LOOKING, Doing.COPYING, Doing.WRITING)

    @Property(str, notify=changed)
    def place(self) -> str:
        """The name of the file or folder."""
        return self._place

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._problem

    @Property(str, notify=changed)
    def sentence(self) -> str:
        """What is told of a problem that has no words of its own."""
        return self._sentence

    @Property(int, notify=changed)
    def needed(self) -> int:
        return self._needed

    @Property(int, notify=changed)
    def free(self) -> int:
        return self._free
