"""What came out of a past meeting: its minutes, who spoke how long, what it was about when.

One list of rows of several kinds, so that it scrolls and is walked through as one.  Wishes go out as signals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.viewmodels.rows import Rows


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """`kind`: heading (then `text` is summary, decisions, actions, talk, topics), point, action, talker or topic.

    `segment`: the line of the transcript that it stands for; `order`: the speaker's colour; `share`: 0 to 1.
    `due`: until when something is to be done, in the words that were said.
    """

    key: str
    kind: str
    text: str
    name: str = ""
    order: int = 0
    time: str = ""
    segment: str = ""
    share: float = 0.0
    due: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`by`: rules or model, empty without minutes.  `work`: state of the task that finds it out, empty without one."""

    rows: Sequence[OutcomeRow] = ()
    by: str = ""
    model: str = ""
    work: str = ""
    progress: float = 0.0
    error: str = ""
    has_model: bool = False
    """A language model is set up on this computer."""


class OutcomeModel(QObject):
    again_wanted = Signal(str)
    """By rules or model."""
    cancel_wanted = Signal()
    export_wanted = Signal(str)
    """Form (txt, md, json, docx)."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(OutcomeRow, lambda row: row.key, self)
        self._outcome = Outcome()

    def show(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._rows.show(outcome.rows)
        self.changed.emit()

    @property
    def busy(self) -> bool:
        return self._outcome.work in ("waiting", "running")

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        return self._rows

    @Property(str, notify=changed)
    def by(self) -> str:
        return self._outcome.by

    @Property(str, notify=changed)
    def model(self) -> str:
        return self._outcome.model

    @Property(str, notify=changed)
    def work(self) -> str:
        return self._outcome.work

    @Property(float, notify=changed)
    def progress(self) -> float:
        return self._outcome.progress

    @Property(str, notify=changed)
    def error(self) -> str:
        return self._outcome.error

    @Property(bool, notify=changed)
    def hasModel(self) -> bool:
        return self._outcome.has_model

    @Slot(str)
    def again(self, how: str) -> None:
        self.again_wanted.emit(how)

    @Slot()
    def cancel(self) -> None:
        self.cancel_wanted.emit()

    @Slot(str)
    def export(self, form: str) -> None:
        self.export_wanted.emit(form)
