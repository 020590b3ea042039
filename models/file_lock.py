"""One process at a time, by a file that the operating system unlocks even when its holder is killed.

Two checkouts that set themselves up at once share one models folder; both would append to the same half download.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Holds `path` locked, waiting for whoever holds it; the file itself stays."""
    with path.open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield   # closing the file releases the lock
