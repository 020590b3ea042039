"""Every form a transcript can be had in, by the name people type: `FORMATS["docx"].write(head, lines)`.

And minutes: `MINUTES["docx"].write(head, analysis)`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sfu.core import exports
from sfu.core.analysis import writing
from sfu.core.transcript import Line
from sfu.wire.analysis import Analysis

T = TypeVar("T")

Head = dict[str, object]
"""The first line of a journal: `{"meeting": {...}, "began_at": "…"}`."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """`write(head, what)` gives the whole file."""

    media_type: str
    write: Callable[[Head, T], bytes]


def to_docx(head: Head, lines: Iterable[Line]) -> bytes:
    """A Word document: the title, when it began, and a paragraph a line with the name in bold."""
    import docx  # slow to load, and only who exports needs it

    document = docx.Document()
    document.add_heading(exports.title_of(head), level=1)
    document.add_paragraph(exports.began_of(head))
    for line in exports.in_order(lines):
        paragraph = document.add_paragraph()
        paragraph.add_run(exports.one_line(line.name)).bold = True
        paragraph.add_run(f" ({exports.clock(line.start)[:8]}): {exports.one_line(line.text)}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def minutes_docx(head: Head, found: Analysis) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(exports.title_of(head), level=1)
    document.add_paragraph(exports.began_of(head))
    document.add_paragraph().add_run(writing.made_by(found)).italic = True
    for section in writing.sections(found):
        document.add_heading(section.heading, level=2)
        for item in section.items:
            document.add_paragraph(item, style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _utf8(write: Callable[[Head, T], str]) -> Callable[[Head, T], bytes]:
    return lambda head, what: write(head, what).encode("utf-8", errors="replace")


FORMATS: dict[str, Format[Iterable[Line]]] = {
    "txt": Format("text/plain; charset=utf-8", _utf8(exports.to_txt)),
    "md": Format("text/markdown; charset=utf-8", _utf8(exports.to_markdown)),
    "srt": Format("application/x-subrip; charset=utf-8", _utf8(exports.to_srt)),
    "vtt": Format("text/vtt; charset=utf-8", _utf8(exports.to_vtt)),
    "json": Format("application/json", _utf8(exports.to_json)),
    "docx": Format(_WORD, to_docx),
}
MINUTES: dict[str, Format[Analysis]] = {
    "txt": Format("text/plain; charset=utf-8", _utf8(writing.to_txt)),
    "md": Format("text/markdown; charset=utf-8", _utf8(writing.to_markdown)),
    "json": Format("application/json", _utf8(writing.to_json)),
    "docx": Format(_WORD, minutes_docx),
}
