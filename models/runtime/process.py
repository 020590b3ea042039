"""What every process of the inference plane does alike: stop when told, leave with its parent, stay polite."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from types import FrameType
from typing import Self

# Video, audio and the window go first; captions use what is left.
POLITE = 10
# A recogniser's buffers are as long as the phrase: kept by glibc for later, they made its heap swing by 50 MB.  Blocks
# larger than this (bytes) are mapped on their own and go back when they are freed; 15 % less memory, no more CPU time.
LARGE_BLOCK = 2 << 20
# mallopt(3)
M_MMAP_THRESHOLD = -3


class StopSignal:
    """SIGTERM and SIGINT as a readable file descriptor, so that a poll loop wakes at once.

    Use in the main thread, as a context manager; `fileno()` becomes readable when the process should stop.
    """

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._parent = os.getppid()
        self._began = time.time()
        self.asked = False

    def __enter__(self) -> Self:
        self._before = {each: signal.signal(each, self._ask) for each in (signal.SIGTERM, signal.SIGINT)}
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd_before)
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._reader.close()
        self._writer.close()

    def fileno(self) -> int:
        return self._reader.fileno()

    @property
    def parent_gone(self) -> bool:
        """Whoever started this process is dead: nobody is left to stop it."""
        if sys.platform == "win32":   # where an orphan keeps the number of its parent
            return not _lives(self._parent, self._began)
        return os.getppid() != self._parent

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _lives(process: int, before: float) -> bool:
    """A process of that number which had begun by then; numbers are given out again."""
    import psutil  # 25 ms of every start, and only Windows needs it: here and below

    try:
        return bool(psutil.Process(process).create_time() <= before)
    except psutil.Error:
        return False


def be_polite() -> None:
    """Lower this process' priority; where that is not allowed it simply runs as it is."""
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with contextlib.suppress(OSError):
            os.nice(POLITE - os.nice(0))


def return_large_blocks() -> None:
    """Large blocks go back to the system when they are freed (glibc; another C library decides by itself)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
