"""A meeting's words in forms that people and other programs read, in `<data>/meetings/<id>/`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sfu.core import exports
from sfu.core.transcript import Line
from sfu.store.meetings import Row
from sfu.wire.messages import Meeting

_JSON, _VTT = "transcript.json", "transcript.vtt"


def head_of(row: Row) -> dict[str, object]:
    """What an export says about its meeting."""
    about = Meeting(id=row.id, title=row.title, code=row.code)
    began = datetime.fromtimestamp(row.began_at or row.made_at, UTC)
    return {"meeting": about.model_dump(), "began_at": began.isoformat(timespec="milliseconds")}


def write(folder: Path, row: Row, lines: Sequence[Line]) -> Path:
    """The meeting's folder in `folder`; paths come from ids of ours, never from names.  Raises OSError."""
    head, here = head_of(row), folder / row.id
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in ((_JSON, exports.to_json(head, lines)), (_VTT, exports.to_vtt(head, lines))):
        fresh = here / f".{name}"
        fresh.write_text(text, "utf-8", errors="replace")
        fresh.chmod(0o600)
        fresh.replace(here / name)
    return here
