"""The transcript on disk: appended as people speak, exported when the meeting ends.

`<data>/meetings/<id>/transcript.jsonl` gets each final line before anybody sees it, so that killing the host loses
nothing that was shown; `transcript.json` and `transcript.vtt` are made from it at the end, or at the next start
after a crash.  `ledger.jsonl` beside it gets, in the same way, everything else that was said or decided: chat,
corrections, consent, who came, who was muted or removed by whom.  A file appears with its first line.  Paths come
from ids of ours, never from names.
"""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path

from pydantic import TypeAdapter

from sfu.core import exports, transcript
from sfu.core.records import Record
from sfu.core.transcript import Line
from sfu.wire.messages import Meeting

log = logging.getLogger("sfu.host.journal")

_LEDGER = "ledger.jsonl"
_RECORD: TypeAdapter[Record] = TypeAdapter(Record)
_JOURNAL, _JSON, _VTT = "transcript.jsonl", "transcript.json", "transcript.vtt"


class Journal:
    """One meeting's transcript.  `began_at`: wall-clock time of meeting time 0, ISO 8601."""

    def __init__(self, folder: Path, about: Meeting, began_at: str) -> None:
        self._folder = folder
        self._head = transcript.journal_head(about, began_at)
        self._file: int | None = None
        self._ledger: int | None = None

    def keep(self, record: Record) -> None:
        """On return it survives the death of this process.  Raises OSError when the disk refuses.

        What was said goes to the transcript, everything else to the ledger.
        """
        if isinstance(record, Line):
            if self._file is None:
                self._file = self._open(_JOURNAL)
                self._write(self._file, self._head)
            self._write(self._file, transcript.journal_entry(record))
        else:
            if self._ledger is None:
                self._ledger = self._open(_LEDGER)
            self._write(self._ledger, _ledger_entry(record))

    def export(self) -> Path | None:
        """Writes the readable forms; their folder, or None when nothing was said.  Raises OSError."""
        if self._file is None:
            return None
        _export(self._folder)
        return self._folder

    def close(self) -> None:
        for file in (self._file, self._ledger):
            if file is not None:
                os.close(file)
        self._file = self._ledger = None

    def _open(self, name: str) -> int:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _write(self, file: int, text: str) -> None:
        rest = text.encode(errors="replace")
        while rest:
            rest = rest[os.write(file, rest) :]


def _ledger_entry(record: Record) -> str:
    """`{"record": "Said", …}`, with the host's wall clock."""
    entry = {"record": type(record).__name__, "wall": round(time.time(), 3), **_RECORD.dump_python(record, mode="json")}
    return json.dumps(entry, ensure_ascii=False) + "\n"


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
