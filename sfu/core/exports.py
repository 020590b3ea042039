"""A transcript as text that other programs read: TXT, Markdown, SubRip, WebVTT, JSON.

Text and names come from people and models and are plain text: in each form whatever that form could read as markup,
as a new line or as a new cue is escaped.  Lines stand in the order in which people began to speak.  DOCX, which needs
a library, and the table of all forms are in `sfu.host.exports`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from sfu.core.transcript import Line

# CommonMark 0.31, 2.4: every ASCII punctuation character may be escaped; these are the ones that mean something.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&=:$^])")
# SubRip has no escape of its own; players read tags and, some of them, braces.
_SUBRIP = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")"})


def in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.start, line.end, line.segment))


def one_line(text: str) -> str:
    """Without line breaks, tabs or control characters, which no form survives unharmed."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def title_of(head: dict[str, object]) -> str:
    """The meeting's title from a journal's head."""
    meeting = head.get("meeting")
    return one_line(str(meeting.get("title", ""))) if isinstance(meeting, dict) else ""


def began_of(head: dict[str, object]) -> str:
    """When it began, as the journal's head says it (ISO 8601)."""
    return one_line(str(head.get("began_at", "")))


def clock(seconds: float, separator: str = ".") -> str:
    """HH:MM:SS.mmm"""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{separator}{ms % 1000:03}"


def to_json(head: dict[str, object], lines: Iterable[Line]) -> str:
    """`{"meeting", "began_at", "lines": [...]}`."""
    document = {**head, "lines": [line.model_dump() for line in in_order(lines)]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_txt(head: dict[str, object], lines: Iterable[Line]) -> str:
    said = [f"[{clock(line.start)[:8]}] {one_line(line.name)}: {one_line(line.text)}" for line in in_order(lines)]
    return "\n".join([title_of(head), began_of(head), "", *said, ""])


def to_markdown(head: dict[str, object], lines: Iterable[Line]) -> str:
    """A paragraph a line; neither names nor words can become headings, links or HTML."""
    said = [
        f"**{markdown(line.name)}** ({clock(line.start)[:8]}): {markdown(line.text)}\n" for line in in_order(lines)
    ]
    return "\n".join([f"# {markdown(title_of(head))}\n", f"{markdown(began_of(head))}\n", *said])


def to_srt(_head: dict[str, object], lines: Iterable[Line]) -> str:
    cues = [
        f"{number}\n{clock(line.start, ',')} --> {clock(_after(line), ',')}\n"
        f"{_subrip(line.name)}: {_subrip(line.text)}\n"
        for number, line in enumerate(in_order(lines), 1)
    ]
    return "\n".join(cues)


def to_vtt(_head: dict[str, object], lines: Iterable[Line]) -> str:
    """WebVTT with one voice span a cue (W3C WebVTT, sections 3.5 and 4.2.2)."""
    cues = [
        f"{clock(line.start)} --> {clock(_after(line))}\n<v {_cue(line.name)}>{_cue(line.text)}</v>\n"
        for line in in_order(lines)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _after(line: Line) -> float:
    """A cue's end: no player shows a cue without any length."""
    return max(line.end, line.start + 0.001)


def _cue(text: str) -> str:
    """A blank line would end the cue, `-->` begin another, and `>` end the name."""
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _subrip(text: str) -> str:
    return one_line(text).translate(_SUBRIP)


def markdown(text: str) -> str:
    """One line of plain text that no reader of Markdown takes for more."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))
