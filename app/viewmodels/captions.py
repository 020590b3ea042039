"""The caption bar's lines; a partial that grows touches one row and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.session.captions import CaptionBar, Measure
from app.viewmodels.rows import Rows
from sfu.wire.messages import Caption

Ruler = Callable[[int], Measure]
"""Gives the function that measures text in a caption font of so many pixels."""

# Until QML says how wide the bar is.
FIRST_WIDTH = 640.0
FIRST_PIXELS = 20


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """`named`: this line begins what the speaker says, as far as it is in sight."""

    line: int
    speaker: str
    order: int
    named: bool
    committed: str
    tail: str


class CaptionLines(Rows):
    """At most two lines.  A row is a line for good; the bar moves up by taking the first row away."""

    def __init__(self, ruler: Ruler, parent: QObject | None = None) -> None:
        super().__init__(CaptionRow, lambda row: row.line, parent)
        self._ruler = ruler
        self._pixels = FIRST_PIXELS
        self._bar = CaptionBar(FIRST_WIDTH, ruler(FIRST_PIXELS))
        self._orders: dict[str, int] = {}
        self.finals_only = False
        """Nothing is shown that may still change."""

    def hear(self, caption: Caption, order: int) -> None:
        """`order`: the speaker's join order, for the colour of the name."""
        if self.finals_only and not caption.final:
            return
        self._orders[caption.speaker] = order
        self._bar = self._bar.heard(caption)
        self._announce()

    @Slot(float, int)
    def fit(self, width: float, pixels: int) -> None:
        """The text column is so wide and its letters so tall; whole pixels, so that animations break nothing anew."""
        if width < 1 or pixels < 1:
            return
        measure = self._bar.measure
        if pixels != self._pixels:
            self._pixels, measure = pixels, self._ruler(pixels)
        self._bar = self._bar.refitted(float(int(width)), measure)
        self._announce()

    def _announce(self) -> None:
        rows = []
        above = ""
        for line in self._bar.shown:
            named = line.speaker != above and not line.blank
            rows.append(
                CaptionRow(line.row, line.name, self._orders.get(line.speaker, 0), named, line.committed, line.tail)
            )
            above = line.speaker
        self.show(rows)
