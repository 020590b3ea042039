"""The glossary on disk: one name or word a line, for people to edit by hand too; `#` begins a comment line.

What is edited in a meeting is written back, so the next meeting begins with it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from sfu.core.captioning import cleaned
from sfu.rtp.errors import ErrorCode, UserError

log = logging.getLogger("sfu.host.glossary")

FILE = "glossary.txt"
_HEAD = "# Names and words that captions should get right, one a line, the most important first.\n"


def read(path: Path) -> tuple[str, ...]:
    """The terms; none when there is no such file.  Raises UserError when it cannot be read."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UserError(
            ErrorCode.UNSUPPORTED, f"The glossary {path} cannot be read ({error.strerror}). Choose another file."
        ) from error
    return tuple(cleaned(line for line in lines if not line.lstrip().startswith("#")))


def keep(path: Path, terms: Sequence[str]) -> None:
    """Whole or not at all.  A full disk costs the next meeting its glossary, this one nothing."""
    fresh = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_text(_HEAD + "".join(f"{term}\n" for term in terms), "utf-8")
        fresh.chmod(0o600)
        fresh.replace(path)
    except OSError as error:
        log.warning("glossary not kept", extra={"why": error.strerror})
