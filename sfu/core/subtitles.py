"""What was said as subtitles: two rows at a time, with the speaker's name, as long as it takes to read along.

Lines of a transcript are whole sentences; one that is longer than two rows is shown page by page, each for its share
of the time.  When two people talk, the newest is shown whole, and the other as far as there is room.  How wide a text
is, is for whoever draws it to say.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sfu.core.exports import one_line
from sfu.core.transcript import Line

ROWS = 2
LINGERS = 1.0
"""So long the last page stays, unless another comes."""
LEAST = 1.0
"""Nobody reads faster."""
Measure = Callable[[str], float]
# A Chinese, Japanese or Korean character is a word by itself; what closes a sentence stays with the one before it.
_ALONE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_CLOSES = "\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\u300b\u300d\u201d"
_WORD = re.compile(rf"[{_ALONE}][{_CLOSES}]*|[^\s{_ALONE}]+|\s+")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown from `start` to `end`, in seconds; cues never overlap."""

    start: float
    end: float
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Without columns: the name stands before the first of its rows."""
        before = [None, *[row.name for row in self.rows]]
        return "\n".join(
            row.text if row.name == above else f"{row.name}: {row.text}"
            for row, above in zip(self.rows, before, strict=False)
        )


def cues(lines: Iterable[Line], measure: Measure, width: float) -> list[Cue]:
    """`width`: of a row's text, in what `measure` answers."""
    pages = sorted((page for line in lines for page in _pages(line, measure, width)), key=lambda page: page.start)
    edges = sorted({edge for page in pages for edge in (page.start, page.end, page.end + LINGERS)})
    found: list[Cue] = []
    waiting, shown = deque(pages), list[Cue]()
    for start, end in pairwise(edges):
        shown = [page for page in shown if page.end + LINGERS > start]
        while waiting and waiting[0].start <= start:
            shown.append(waiting.popleft())
        rows = _rows(shown, start)
        if rows and found and found[-1].rows == rows and found[-1].end == start:
            found[-1] = replace(found[-1], end=end)
        elif rows:
            found.append(Cue(start, end, rows))
    return found


def wrapped(text: str, measure: Measure, width: float) -> list[str]:
    """Rows that fit; a word that does not is cut."""
    rows, row = [], ""
    for word in _cut_words(text, measure, width):
        if row and measure((row + word).rstrip()) > width:
            rows.append(row.rstrip())
            row = word.lstrip()
        else:
            row += word
    return [each for each in [*rows, row.rstrip()] if each]


def _rows(shown: Sequence[Cue], at: float) -> tuple[Row, ...]:
    """The newest page, and above it what still goes on of those before; in silence, the one that was shown last."""
    talking = [page for page in shown if page.end > at] or shown[-1:]
    if not talking:
        return ()
    above = [row for page in talking[:-1] for row in page.rows]
    room = ROWS - len(talking[-1].rows)
    return (*(above[-room:] if room else ()), *talking[-1].rows)


def _pages(line: Line, measure: Measure, width: float) -> Iterator[Cue]:
    name, rows = one_line(line.name), wrapped(one_line(line.text), measure, width)
    pages = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
    total = sum(map(len, rows)) or 1
    start, seconds = line.start, max(line.end - line.start, LEAST * len(pages))
    for page in pages:
        end = start + seconds * sum(map(len, page)) / total
        yield Cue(start, end, tuple(Row(name, text) for text in page))
        start = end


def _cut_words(text: str, measure: Measure, width: float) -> Iterator[str]:
    for word in _WORD.findall(text):
        piece = ""
        for character in word if measure(word) > width else ():
            if piece and measure(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece or word
