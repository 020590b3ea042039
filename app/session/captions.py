"""The caption bar: which words stand on which line, decided once.

Readers lose their place when words move.  So a line is broken when its words commit, and never again: a committed
word stays on its line behind the same words until the whole line moves up.  Uncommitted words (the tail) come after
the last committed word; when they do not fit there they start the next line early, and what commits next goes there.
People who talk at once have a line each, so the words of two people never mix in one.  Where a final reads otherwise
than what was committed, its words take the places of those; a final without words takes them away.

Widths come from a function that is passed in; this file knows no font.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.session.words import letters, space_between, tidy, units
from sfu.wire.messages import Caption

Measure = Callable[[str], float]

SHOWN = 2
KEPT_LINES = 8
_KEPT_CAPTIONS = 12
_KEPT_VOICES = 16


@dataclass(frozen=True, slots=True)
class Line:
    """`row` counts lines since the meeting began; a line keeps it for ever, and its committed text only grows."""

    row: int
    speaker: str = ""
    name: str = ""
    committed: str = ""
    tail: str = ""

    @property
    def blank(self) -> bool:
        return not self.committed and not self.tail


_Placed = tuple[int, str]
"""A row, and a piece of text on it."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """A segment that is still being spoken: what of it is laid out, and on which rows its next words go."""

    caption: Caption
    laid: str
    rows: tuple[int, ...]
    before: str = ""
    """What stood on its first row already."""
    placed: tuple[_Placed, ...] = ()
    """The pieces of `laid`."""


@dataclass(frozen=True, slots=True)
class CaptionBar:
    """Frozen; `heard` gives the next one.  `width` is that of the text column, in the units of `measure`."""

    width: float
    measure: Measure
    lines: tuple[Line, ...] = ()
    voices: tuple[_Voice, ...] = ()
    recent: tuple[Caption, ...] = ()

    @property
    def shown(self) -> tuple[Line, ...]:
        """The newest lines, oldest first."""
        return self.lines[-SHOWN:]

    def heard(self, caption: Caption) -> CaptionBar:
        if any(old.segment == caption.segment and old.final for old in self.recent):
            return self  # said already; a late partial must not write it twice
        recent = [old for old in self.recent if old.segment != caption.segment]
        kept = (*recent, caption)[-_KEPT_CAPTIONS:]
        pen = _Pen(self)
        if not pen.write(caption):
            return self._anew(self.width, self.measure, kept)
        return replace(
            self,
            lines=tuple(pen.lines[-KEPT_LINES:]),
            voices=tuple(pen.voices.values())[-_KEPT_VOICES:],
            recent=kept,
        )

    def refitted(self, width: float, measure: Measure) -> CaptionBar:
        """For a window or a letter size that the reader changed."""
        if width == self.width and measure is self.measure:
            return self
        return self._anew(width, measure, self.recent)

    def _anew(self, width: float, measure: Measure, captions: Iterable[Caption]) -> CaptionBar:
        """All lines broken anew: else only where a corrected word is too long for its line."""
        next_row = self.lines[-1].row + 1 if self.lines else 0
        bar = CaptionBar(width, measure, lines=(Line(next_row),) if self.lines else ())
        for caption in captions:
            bar = bar.heard(caption)
        return bar


class _Pen:
    """Writes one caption into a copy of the bar's lines."""

    def __init__(self, bar: CaptionBar) -> None:
        self.lines = list(bar.lines)
        self.voices = {voice.caption.segment: voice for voice in bar.voices}
        self._width = bar.width
        self._measure = bar.measure
        self._placed: list[_Placed] = []

    def write(self, caption: Caption) -> bool:
        """Whether it found room where it has to stand."""
        committed, tail = tidy(caption.committed), tidy(caption.tail)
        voice = self.voices.pop(caption.segment, None)
        if voice is None and not committed and not tail:
            return True
        if voice is None:
            row = self._first_row(caption)
            voice = _Voice(caption, "", (row,), self._line(row).committed)
        self._wipe_tail(voice)
        if not committed.startswith(voice.laid):
            corrected = self._correct(voice, committed)
            if corrected is None:
                return False
            voice = corrected
        voice = self._append_tail(self._commit(voice, committed), tail)
        if not caption.final:
            self.voices[caption.segment] = replace(voice, caption=caption)
        return True

    def _correct(self, voice: _Voice, committed: str) -> _Voice | None:
        """Words that were laid read as in `committed`, each on the row where it stood; None where one has no room."""
        placed = _in_place(voice.placed, units(committed))
        for row in dict.fromkeys(row for row, _ in voice.placed if row >= self.lines[0].row):
            text = voice.before if row == voice.placed[0][0] else ""
            for piece in (piece for place, piece in placed if place == row):
                text += space_between(text, piece) + piece if text else piece.lstrip(" ")
            if not self._fits(text):
                return None
            self._change(row, committed=text)
        return replace(voice, laid="".join(piece for _, piece in placed), placed=placed)

    def _commit(self, voice: _Voice, committed: str) -> _Voice:
        rows, self._placed = voice.rows, list(voice.placed)
        for number, unit in enumerate(units(committed[len(voice.laid) :])):
            rows = self._still_visible(rows, voice.caption)
            begins = number == 0 and not voice.laid
            separator = space_between(self._line(rows[0]).committed, unit) if begins else ""
            rows = self._put(rows, separator + unit, voice.caption)
        return replace(voice, laid=committed, rows=rows, placed=tuple(self._placed))

    def _put(self, rows: tuple[int, ...], unit: str, caption: Caption) -> tuple[int, ...]:
        """Commits one unit; the rows that remain open for this voice, the one it now writes on first."""
        so_far = self._line(rows[0]).committed
        if so_far and self._fits(so_far + unit):
            self._grow(rows[0], unit)
            return rows
        if so_far:
            rows = self._onward(rows, caption)
        word = unit.lstrip(" ")
        if self._fits(word):
            self._grow(rows[0], word)
            return rows
        for letter in letters(word):
            if self._line(rows[0]).committed and not self._fits(self._line(rows[0]).committed + letter):
                rows = self._onward(rows, caption)
            self._grow(rows[0], letter)
        return rows

    def _append_tail(self, voice: _Voice, tail: str) -> _Voice:
        if not tail:
            return voice
        rows = self._still_visible(voice.rows, voice.caption)
        line = self._line(rows[0])
        spaced = space_between(line.committed, tail) + tail
        if self._fits(line.committed + spaced):
            self._change(rows[0], tail=spaced)
            return replace(voice, rows=rows)
        if line.committed:
            rows = self._onward(rows, voice.caption)
        return replace(voice, rows=self._flow(rows, tail, voice.caption))

    def _flow(self, rows: tuple[int, ...], tail: str, caption: Caption) -> tuple[int, ...]:
        """A tail longer than a line flows over at most SHOWN lines; what is beyond waits until words commit."""
        used = [rows[0]]
        text = ""
        for unit in self._pieces(tail):
            if not text or self._fits(text + unit):
                text += unit
                continue
            self._change(used[-1], tail=text)
            if len(used) == SHOWN:
                return rows
            if len(rows) == len(used):
                rows = (*rows, self._new_row(caption, held=rows))
            used.append(rows[len(used)])
            text = unit.lstrip(" ")
        self._change(used[-1], tail=text)
        return rows

    def _pieces(self, text: str) -> Iterator[str]:
        """What stays together on a line; a word longer than a line comes letter by letter."""
        for unit in units(text):
            if self._fits(unit.lstrip(" ")):
                yield unit
            else:
                yield from letters(unit.lstrip(" "))

    # -- rows ------------------------------------------------------------------------------------------------

    def _first_row(self, caption: Caption) -> int:
        """A new segment goes on behind its speaker's last words if those end the bar, else on a line of its own."""
        last = self.lines[-1] if self.lines else None
        owned = self._owned()
        if last and last.speaker == caption.speaker and last.committed and last.row not in owned:
            return last.row
        return self._new_row(caption)

    def _new_row(self, caption: Caption, held: tuple[int, ...] = ()) -> int:
        """The first of the empty lines at the end that nobody writes on, or one more."""
        owned = self._owned().union(held)
        place = len(self.lines)
        while place and self.lines[place - 1].blank and self.lines[place - 1].row not in owned:
            place -= 1
        if place == len(self.lines):
            row = self.lines[-1].row + 1 if self.lines else 0
            self.lines.append(Line(row, caption.speaker, tidy(caption.name)))
            return row
        self.lines[place] = Line(self.lines[place].row, caption.speaker, tidy(caption.name))
        return self.lines[place].row

    def _onward(self, rows: tuple[int, ...], caption: Caption) -> tuple[int, ...]:
        return rows[1:] or (self._new_row(caption, held=rows),)

    def _still_visible(self, rows: tuple[int, ...], caption: Caption) -> tuple[int, ...]:
        """A line that others have pushed out of sight is given up for a new one at the bottom."""
        visible = tuple(row for row in rows if row > self.lines[-1].row - SHOWN)
        return visible or (self._new_row(caption),)

    def _owned(self) -> set[int]:
        return {row for voice in self.voices.values() for row in voice.rows}

    def _line(self, row: int) -> Line:
        return self.lines[row - self.lines[0].row]

    def _change(self, row: int, *, committed: str | None = None, tail: str | None = None) -> None:
        line = self._line(row)
        committed = line.committed if committed is None else committed
        self.lines[row - self.lines[0].row] = replace(line, committed=committed, tail=tail or "")

    def _grow(self, row: int, text: str) -> None:
        self._placed.append((row, text))
        self._change(row, committed=self._line(row).committed + text)

    def _wipe_tail(self, voice: _Voice) -> None:
        for row in voice.rows:
            if row >= self.lines[0].row:
                self._change(row)

    def _fits(self, text: str) -> bool:
        return self._measure(text.rstrip()) <= self._width


def _in_place(placed: Sequence[_Placed], pieces: Sequence[str]) -> tuple[_Placed, ...]:
    """On which rows the first of `pieces` stand when they take the places of others; the rest goes on behind them."""
    before, now = ([piece.strip() for piece in each] for each in ([text for _, text in placed], pieces))
    found: list[_Placed] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag == "delete":
            continue
        if i2 == len(placed):
            j2 = min(j2, j1 + i2 - i1)
        for at in range(j1, j2):
            row = placed[max(0, min(i1 + at - j1, i2 - 1))][0]
            found.append((row, pieces[at]))
    return tuple(found)
