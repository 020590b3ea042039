"""Help from others: a report for whoever helps, and whether a newer version is offered.  Only announces and asks."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot


class SupportModel(QObject):
    """`said`: the outcome of what was asked for last, a sentence."""

    changed = Signal()
    report_wanted = Signal()
    update_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._busy = False
        self._updates = False

    def offer_updates(self) -> None:
        """An administrator has named a place to ask."""
        self._updates = True
        self.changed.emit()

    def begin(self) -> None:
        self._busy, self._said = True, ""
        self.changed.emit()

    def end(self, sentence: str) -> None:
        self._busy, self._said = False, sentence
        self.changed.emit()

    @Slot()
    def save_report(self) -> None:
        self.report_wanted.emit()

    @Slot()
    def look_for_update(self) -> None:
        self.update_wanted.emit()

    @Property(str, notify=changed)
    def said(self) -> str:
        return self._said

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        return self._busy

    @Property(bool, notify=changed)
    def updates(self) -> bool:
        return self._updates
