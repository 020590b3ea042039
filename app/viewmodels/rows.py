"""Lists for QML that say exactly which row changed, and which of its roles.

A reset makes every tile flicker and loses the reader's place, so there is none: `show` is given the whole new list
and works out the few steps that lead to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.session.rows import Inserted, Removed, Replaced, steps

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_FIRST_ROLE = Qt.ItemDataRole.UserRole + 1


class Rows(QAbstractListModel):
    """Rows of one dataclass; every field is a role of the same name."""

    count_changed = Signal()

    def __init__(
        self, kind: type[DataclassInstance], key: Callable[[Any], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._names = [field.name for field in fields(kind)]
        self._items: list[Any] = []

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

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = role - _FIRST_ROLE
        if not index.isValid() or not 0 <= place < len(self._names):
            return None
        return getattr(self._items[index.row()], self._names[place])

    def roleNames(self) -> dict[int, QByteArray]:
        return {_FIRST_ROLE + place: QByteArray(name.encode()) for place, name in enumerate(self._names)}

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(NOWHERE, row, row)
        del self._items[row]
        self.endRemoveRows()

    def _insert(self, row: int, item: Any) -> None:
        self.beginInsertRows(NOWHERE, row, row)
        self._items.insert(row, item)
        self.endInsertRows()

    def _replace(self, row: int, item: Any) -> None:
        old, self._items[row] = self._items[row], item
        changed = [
            _FIRST_ROLE + place
            for place, name in enumerate(self._names)
            if getattr(old, name) != getattr(item, name)
        ]
        index = self.index(row)
        self.dataChanged.emit(index, index, changed)
