"""What was said, by whom, when: finals only, and how it is written down.

A line is stored once its caption is final; what was shown as a partial is never stored.  Readable forms are made in
`exports`.  No files here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sfu.wire.messages import Caption, Remark

NOT_CAPTIONED = "[not captioned]"
INTERRUPTED = "[captions were interrupted; up to 10 seconds may be missing]"
_REMARKS = {NOT_CAPTIONED: Remark.NOT_CAPTIONED, INTERRUPTED: Remark.INTERRUPTED}


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


def as_caption(line: Line) -> Caption:
    """As it was told when it was final, and corrected since."""
    return Caption(
        segment=line.segment, speaker=line.speaker, name=line.name, committed=line.text, final=True,
        language=line.language, start=line.start, end=line.end, confidence=line.confidence,
        remark=_REMARKS.get(line.text),
    )  # fmt: skip


def is_said(line: Line) -> bool:
    """Whether these are somebody's words: not struck, and no remark."""
    return bool(line.text.strip()) and line.text not in _REMARKS


def not_captioned(speaker: str, name: str, at: float) -> Line:
    """Whoever refuses captions is not listened to, and the transcript says so once they have answered."""
    at = round(at, 3)
    return Line(
        segment=f"{speaker}-refused-{at}", speaker=speaker, name=name, text=NOT_CAPTIONED, language="",
        start=at, end=at, confidence=1.0,
    )  # fmt: skip
