"""`parley report`: what whoever helps needs to know, in one file, without secrets and without anybody's words.

Nothing is copied and then cleaned: only facts that are known to be harmless are written.  Findings of `parley doctor`
with addresses and paths made general, versions, choices that say nothing about a person, sizes of files, counts of
rows.  No key, no name, no title, no word of a meeting, no picture.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import platform
import re
import sqlite3
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import __version__, licences
from app.doctor import DEFAULT_PORT, examine
from app.preferences import FILE
from app.probes import PROBES, Finding, Setting, State
from models.registry import default_data_dir, default_models_dir
from sfu.roles import frozen
from sfu.rtp.errors import ErrorCode, UserError

DATABASE = "parley.db"
# Choices that tell nothing about who made them.
HARMLESS = ("theme", "language", "text_scale", "still", "caption_place", "caption_look", "finals_only", "announce",
            "preview", "echo", "gain", "noise", "notice_muted", "sounds", "blur", "setting", "microphone", "camera",
            "met")
# Devices are called after their owners ("Ana's phone"); how many there are is enough.
NAMED_AFTER_PEOPLE = "camera"
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])")


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the report; 0, or UserError where it cannot be written."""
    parser = argparse.ArgumentParser(
        prog="parley report", description="Writes what whoever helps needs to know: no names, no keys, no words.")
    parser.add_argument("--out", type=Path, default=Path(suggested()), metavar="FILE", help="default: %(default)s")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: the usual one)")
    options = parser.parse_args(argv)
    write(options.out, options.data or default_data_dir())
    print(f"Written: {options.out}. Look into it before you pass it on: it is plain text in a ZIP.")
    return 0


def suggested() -> str:
    return f"parley-report-{time.strftime('%Y%m%d-%H%M')}.zip"


def write(file: Path, data_dir: Path) -> None:
    """Takes some seconds: every probe of `parley doctor` is asked.  UserError where the disk will not take it."""
    facts = collect(data_dir)
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as report:
            for name, content in facts.items():
                report.writestr(f"{name}.json", json.dumps(content, indent=1, ensure_ascii=False))
    except OSError as error:
        raise UserError(ErrorCode.NOT_ALLOWED,
                        f"The report could not be written to {file} ({error.strerror or error}).") from error


def collect(data_dir: Path) -> dict[str, Any]:
    """What will be in it, by file."""
    setting = Setting(DEFAULT_PORT, str(data_dir), str(default_models_dir()))
    findings = [told(finding) for finding in examine(list(PROBES), setting)]
    return {
        "doctor": findings,
        "program": {"parley": __version__, "installed": frozen(), "python": platform.python_version(),
                    "system": f"{platform.system()} {platform.release()} {platform.machine()}",
                    "packages": _packages()},
        "choices": _choices(data_dir),
        "data": {"files": _files(data_dir), "rows": _rows(data_dir)},
    }


def told(finding: Finding) -> dict[str, Any]:
    """A finding as it goes into the report."""
    detail = cleaned(finding.detail)
    if finding.name == NAMED_AFTER_PEOPLE and finding.state is State.OK:
        detail = f"{detail.count(', ') + 1} of them"
    return {**asdict(finding), "detail": detail, "remedy": cleaned(finding.remedy)}


def cleaned(text: str) -> str:
    """Without addresses, and without the names of the person and the computer."""
    text = text.replace(str(Path.home()), "~")
    for private, instead in ((platform.node(), "this-computer"), (_person(), "person")):
        if len(private) > 1:
            text = re.sub(rf"(?<!\w){re.escape(private)}(?!\w)", instead, text)
    return _ADDRESS.sub("ADDRESS", text)


def _person() -> str:
    with contextlib.suppress(OSError, KeyError):   # an account without a name
        return getpass.getuser()
    return ""


def _packages() -> dict[str, str]:
    return {part.name: part.version for part in licences.installed()}


def _choices(data_dir: Path) -> dict[str, Any]:
    try:
        chosen = json.loads((data_dir / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: chosen[key] for key in HARMLESS if isinstance(chosen, dict) and key in chosen}


def _files(data_dir: Path) -> dict[str, dict[str, int]]:
    """Number and bytes of files, by the ending of their name: names may hold titles."""
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for folder, _, names in os.walk(data_dir):
        for name in names:
            with contextlib.suppress(OSError):   # gone meanwhile
                ending = Path(name).suffix or "none"
                size[ending] += (Path(folder) / name).stat().st_size
                count[ending] += 1
    return {ending: {"files": number, "bytes": size[ending]} for ending, number in sorted(count.items())}


def _rows(data_dir: Path) -> dict[str, int]:
    """How much is in the database; none of what."""
    file = data_dir / DATABASE
    if not file.exists():
        return {}
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
            tables = [name for (name,) in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
                "AND name NOT LIKE '%_fts%'")]
            rows = {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
            return {"version": db.execute("PRAGMA user_version").fetchone()[0], **rows}
    except sqlite3.Error:
        return {"unreadable": 1}


if __name__ == "__main__":
    sys.exit(main())
