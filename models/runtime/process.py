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
# mallopt(3).  glibc maps every block above a threshold anew and gives it back when it is freed, and the kernel clears
# its pages each time: with a threshold of 2 MB that was an eighth of the time of a recogniser's short pass and a third
# of a long one's.  So blocks stay in one heap, which is given back (`give_back`) when there is time for it.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGEST_KEPT = 32 << 20     # the most that glibc allows
MOST_KEPT = 256 << 20


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


def keep_blocks() -> None:
    """What is freed is kept for the next pass (glibc; another C library decides by itself)."""
    _glibc("mallopt", M_ARENA_MAX, 1)
    _glibc("mallopt", M_MMAP_THRESHOLD, LARGEST_KEPT)
    _glibc("mallopt", M_TRIM_THRESHOLD, MOST_KEPT)


def give_back() -> None:
    """What was kept goes back to the system: some 50 MB and 20 ms, and as many again for whoever needs it next."""
    _glibc("malloc_trim", 0)


def _glibc(function: str, *arguments: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), function)(*arguments)
