"""The transcript of a meeting, one that goes on too, as a file that its reader chose.  The forms are the host's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.session.transcript import Entry
from sfu.core.transcript import Line
from sfu.wire.analysis import Analysis
from sfu.wire.messages import Meeting


def save(path: Path, about: Meeting, elapsed: float, entries: Sequence[Entry]) -> None:
    """In the form that the name ends with: txt, md, srt, vtt, json, docx.  OSError where it cannot be written.

    `elapsed`: seconds since the meeting began.
    """
    began = datetime.now(UTC) - timedelta(seconds=elapsed)
    head: dict[str, object] = {"meeting": about.model_dump(), "began_at": began.isoformat(timespec="seconds")}
    write(path, head, [_line(entry) for entry in entries])


def write(path: Path, head: dict[str, object], lines: Sequence[Line]) -> None:
    """`head`: as a journal's (`sfu.host.exports`)."""
    from sfu.host.exports import FORMATS  # with it comes a word processor's library

    path.write_bytes(FORMATS[path.suffix.removeprefix(".")].write(head, lines))


def write_minutes(path: Path, head: dict[str, object], found: Analysis) -> None:
    """In the form that the name ends with: txt, md, json, docx.  OSError where it cannot be written."""
    from sfu.host.exports import MINUTES

    path.write_bytes(MINUTES[path.suffix.removeprefix(".")].write(head, found))


def save_as(
    suggestion: str, choose_file: Callable[[str], str], write: Callable[[Path], None], told: Callable[[str, bool], None]
) -> None:
    """Where the person chooses, if they do; `told` is then told the path, and whether it could be written there."""
    if not (chosen := choose_file(suggestion)):
        return
    path = Path(chosen).with_suffix(Path(suggestion).suffix)
    try:
        write(path)
    except OSError:
        told(str(path), False)
    else:
        told(str(path), True)


def suggested(title: str, form: str) -> str:
    """A file name that every system takes."""
    plain = "".join(character if character.isalnum() or character in " -_" else "_" for character in title).strip()
    return f"{plain[:80] or 'transcript'}.{form}"


def _line(entry: Entry) -> Line:
    return Line(
        segment=entry.segment, speaker=entry.speaker, name=entry.name, text=entry.text, language="",
        start=entry.start, end=max(entry.start, entry.end), confidence=0,
    )  # fmt: skip
