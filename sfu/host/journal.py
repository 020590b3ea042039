"""The transcript on disk: appended as people speak, exported when the meeting ends.

`<data>/meetings/<id>/transcript.jsonl` gets each final line before anybody sees it, so that killing the host loses
nothing that was shown; `transcript.json` and `transcript.vtt` are made from it at the end, or at the next start
after a crash.  Nothing is created while nothing was said.  Paths come from ids of ours, never from names.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from sfu.core import exports, transcript
from sfu.core.transcript import Line
from sfu.wire.messages import Meeting

log = logging.getLogger("sfu.host.journal")

_JOURNAL, _JSON, _VTT = "transcript.jsonl", "transcript.json", "transcript.vtt"


class Journal:
    """One meeting's transcript.  `began_at`: wall-clock time of meeting time 0, ISO 8601."""

    def __init__(self, folder: Path, about: Meeting, began_at: str) -> None:
        self._folder = folder
        self._head = transcript.journal_head(about, began_at)
        self._file: int | None = None

    def keep(self, line: Line) -> None:
        """On return the line survives the death of this process.  Raises OSError when the disk refuses."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(self._folder / _JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._write(self._head)
        self._write(transcript.journal_entry(line))

    def export(self) -> Path | None:
        """Writes the readable forms; their folder, or None when nothing was said.  Raises OSError."""
        if self._file is None:
            return None
        _export(self._folder)
        return self._folder

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, text: str) -> None:
        assert self._file is not None
        rest = text.encode()
        while rest:
            rest = rest[os.write(self._file, rest) :]


def recover(meetings: Path) -> None:
    """Exports what earlier hosts were killed before exporting.  What cannot be read is left as it is."""
    for journal in sorted(meetings.glob(f"*/{_JOURNAL}")):
        if (journal.parent / _VTT).exists():
            continue
        try:
            _export(journal.parent)
        except (OSError, ValueError) as error:
            log.warning("transcript not recovered", extra={"meeting": journal.parent.name, "why": str(error)})


def _export(folder: Path) -> None:
    head, lines = transcript.read_journal((folder / _JOURNAL).read_text("utf-8", errors="replace"))
    for name, text in ((_JSON, exports.to_json(head, lines)), (_VTT, exports.to_vtt(head, lines))):
        fresh = folder / f".{name}"
        fresh.write_text(text, "utf-8")
        fresh.chmod(0o600)
        fresh.replace(folder / name)
