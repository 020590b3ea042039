"""Are these the right bytes?

A worker that loads damaged weights does not fail: it mumbles.  So nothing is loaded that has not been compared with
the catalogue's SHA-256.  Hashing 145 MB takes about half a second, too long for every start, so a folder that was
verified carries a note of each file's size and time; as long as those have not changed, the note is believed.
`verify` hashes regardless.  This module looks at files; it fetches and repairs nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from models.catalogue import WeightFile

NOTE = ".verified.json"


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fault(path: Path, wanted: WeightFile) -> str | None:
    """What is wrong with `path` as a copy of `wanted`, or None; hashes the file if its size is right."""
    if (found := misfit(path, wanted)) is not None:
        return found
    try:
        if sha256(path) != wanted.sha256:
            return f"the content of {wanted.name} is not what it should be (SHA-256 differs)"
    except OSError as error:
        return f"{wanted.name} cannot be read ({error.strerror})"
    return None


def misfit(path: Path, wanted: WeightFile) -> str | None:
    """What can be seen to be wrong with `path` without reading it."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return f"{wanted.name} is missing"
    except OSError as error:
        return f"{wanted.name} cannot be read ({error.strerror})"
    return f"{wanted.name} has {size} bytes instead of {wanted.size}" if size != wanted.size else None


def faults(folder: Path, wanted: Sequence[WeightFile]) -> list[str]:
    """Everything wrong with the files in `folder`; empty when all are right."""
    return [found for file in wanted if (found := fault(folder / file.name, file)) is not None]


def note_verified(folder: Path, files: Sequence[WeightFile]) -> None:
    """Remembers that `files` in `folder` were just found right."""
    # A folder that cannot be written to is still usable; it is only hashed again at every start.
    with contextlib.suppress(OSError):
        (folder / NOTE).write_text(json.dumps(_note(folder, files)), encoding="utf-8")


def known_good(folder: Path, files: Sequence[WeightFile]) -> bool:
    """True when `files` were verified against these very digests and have not been touched since."""
    try:
        noted = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return bool(noted == _note(folder, files))
    except (OSError, ValueError):
        return False


def _note(folder: Path, files: Sequence[WeightFile]) -> dict[str, list[int | str]]:
    return {file.name: [stat.st_size, stat.st_mtime_ns, file.sha256]
            for file in files for stat in [(folder / file.name).stat()]}
