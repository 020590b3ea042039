"""The file behind `sfu.core.ledger`: shared memory that the kernel keeps when this process is killed.

It need not survive the machine, and is never flushed: a host that is started again makes new keys.
"""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Iterator
from pathlib import Path

from sfu.core.ledger import SIZE, Ledger


@contextlib.contextmanager
def open_ledger(path: Path | None) -> Iterator[Ledger]:
    """Opens the file, or makes it, empty, readable to this account alone; without a path nothing outlives us."""
    if path is None:
        yield Ledger(bytearray(SIZE))
        return
    path.touch(0o600)
    with path.open("r+b") as file:
        if path.stat().st_size != SIZE:
            file.truncate(SIZE)
        # Never closed by name: what reads it may outlive this block, and the process is about to end anyway.
        yield Ledger(memoryview(mmap.mmap(file.fileno(), SIZE)))
