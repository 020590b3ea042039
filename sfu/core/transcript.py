"""What was said, by whom, when: finals only, and how it is written down.

A line is stored once its caption is final; what was shown as a partial is never stored.  The journal is JSON
lines, written as people speak; readable forms are made from it in `exports`.  No files here.
"""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfu.wire.messages import Caption, Meeting

NOT_CAPTIONED = "[not captioned]"


class Line(BaseModel):
    """One final caption.  Times are seconds since the meeting began."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    segment: str
    speaker: str
    name: str
    text: str
    language: str
    start: Annotated[float, Field(ge=0)]
    end: Annotated[float, Field(ge=0)]
    confidence: float


def line_of(caption: Caption) -> Line | None:
    """None for what is not to be kept: partials, and segments that were taken back."""
    text = caption.committed.strip()
    if not caption.final or not text:
        return None
    return as_line(caption)


def as_line(caption: Caption) -> Line:
    """Also for a line that was struck: its text is empty, and it takes the place of what was there."""
    return Line(
        segment=caption.segment,
        speaker=caption.speaker,
        name=caption.name,
        text=caption.committed.strip(),
        language=caption.language,
        start=round(caption.start, 3),
        end=round(caption.end, 3),
        confidence=round(caption.confidence, 3),
    )


def journal_head(meeting: Meeting, began_at: str) -> str:
    """First line of a journal.  `began_at` is the wall-clock time of meeting time 0, ISO 8601."""
    return json.dumps({"meeting": meeting.model_dump(), "began_at": began_at}, ensure_ascii=False) + "\n"


def journal_entry(line: Line) -> str:
    return line.model_dump_json() + "\n"


def read_journal(text: str) -> tuple[dict[str, object], list[Line]]:
    """The head and the lines as they read at the end; a last line that was cut by a crash is left out.

    A line that was corrected takes the place of its first reading; one that was struck is gone.

    Raises ValueError when the head is not that of a journal.
    """
    first, *rest = text.split("\n")
    head = json.loads(first)
    if not isinstance(head, dict) or "meeting" not in head:
        raise ValueError("not a transcript journal")
    lines: dict[str, Line] = {}
    for entry in rest:
        try:
            line = Line.model_validate_json(entry)
        except ValidationError:
            continue
        lines[line.segment] = line
    return head, [line for line in lines.values() if line.text]


def not_captioned(speaker: str, name: str, at: float) -> Line:
    """Whoever refuses captions is not listened to, and the transcript says so once they have answered."""
    at = round(at, 3)
    return Line(
        segment=f"{speaker}-refused-{at}", speaker=speaker, name=name, text=NOT_CAPTIONED, language="",
        start=at, end=at, confidence=1.0,
    )  # fmt: skip
