"""What was said, by whom, when: finals only, and how it is written down.

A line is stored once its caption is final; what was shown as a partial is never stored.  The journal is JSON
lines, written as people speak; `transcript.json` and `transcript.vtt` (WebVTT, `<v Name>`) are made from it.
Text from people and models is plain text, so whatever WebVTT could read as markup is escaped.  No files here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfu.wire.messages import Caption, Meeting


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
    return Line(
        segment=caption.segment,
        speaker=caption.speaker,
        name=caption.name,
        text=text,
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
    """The head and the lines; a last line that was cut by a crash is left out.

    Raises ValueError when the head is not that of a journal.
    """
    first, *rest = text.split("\n")
    head = json.loads(first)
    if not isinstance(head, dict) or "meeting" not in head:
        raise ValueError("not a transcript journal")
    lines = []
    for entry in rest:
        try:
            lines.append(Line.model_validate_json(entry))
        except ValidationError:
            continue
    return head, lines


def to_json(head: dict[str, object], lines: Iterable[Line]) -> str:
    """`{"meeting", "began_at", "lines": [...]}`, in the order in which people began to speak."""
    document = {**head, "lines": [line.model_dump() for line in _in_order(lines)]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_vtt(lines: Iterable[Line]) -> str:
    """WebVTT with one voice span a cue (W3C WebVTT, sections 3.5 and 4.2.2)."""
    cues = [
        f"{_clock(line.start)} --> {_clock(max(line.end, line.start + 0.001))}\n"
        f"<v {_annotation(line.name)}>{_cue_text(line.text)}</v>\n"
        for line in _in_order(lines)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.start, line.end, line.segment))


def _clock(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _cue_text(text: str) -> str:
    """One line; a blank one would end the cue, and `-->` would begin another."""
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _annotation(name: str) -> str:
    """A name inside the tag: the same escapes, and no line break or `>` can end it early."""
    return _cue_text(name)
