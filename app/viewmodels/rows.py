"""Lists for QML that say exactly which row changed, and which of its roles.

A reset makes every tile flicker and loses the reader's place, so there is none: `show` is given the whole new list
and works out the few steps that lead to it.  Values lie in Qt's own model: a tile reads twenty of them when it is
made, and each read of Python's would wait for the interpreter, which sound and pictures use meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Property, QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from app.session.rows import Inserted, Removed, Replaced, steps

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_FIRST_ROLE = Qt.ItemDataRole.UserRole + 1


class Rows(QStandardItemModel):
    """Rows of one dataclass; every field is a role of the same name."""

    count_changed = Signal()

    def __init__(
        self, kind: type[DataclassInstance], key: Callable[[Any], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._roles = {field.name: _FIRST_ROLE + place for place, field in enumerate(fields(kind))}
        self._items: list[Any] = []
        self.setItemRoleNames({role: QByteArray(name.encode()) for name, role in self._roles.items()})

    def show(self, items: Sequence[Any]) -> None:
        """From now on the rows are `items`."""
        before = len(self._items)
        for step in steps(self._items, items, self._key):
            match step:
                case Removed(row):
                    self._remove(row)
                case Inserted(row, item):
                    self._insert(row, item)
                case Replaced(row, item):
                    self._replace(row, item)
        if len(self._items) != before:
            self.count_changed.emit()

    def items(self) -> list[Any]:
        return list(self._items)

    @Property(int, notify=count_changed)
    def count(self) -> int:
        return len(self._items)

    def _remove(self, row: int) -> None:
        del self._items[row]
        self.removeRow(row)

    def _insert(self, row: int, item: Any) -> None:
        self._items.insert(row, item)
        place = QStandardItem()
        for name, role in self._roles.items():
            place.setData(getattr(item, name), role)
        self.insertRow(row, place)

    def _replace(self, row: int, item: Any) -> None:
        old, self._items[row] = self._items[row], item
        changed = {role: getattr(item, name) for name, role in self._roles.items()
                   if getattr(old, name) != getattr(item, name)}
        self.setItemData(self.index(row, 0), changed)
