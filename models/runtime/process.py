"""What every process of the inference plane does alike: stop when told, leave with its parent, stay polite."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from types import FrameType
from typing import Self

# Video, audio and the window go first; captions use what is left.
POLITE = 10


class StopSignal:
    """SIGTERM and SIGINT as a readable file descriptor, so that a poll loop wakes at once.

    Use in the main thread, as a context manager; `fileno()` becomes readable when the process should stop.
    """

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._parent = os.getppid()
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
        return os.getppid() != self._parent

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def be_polite() -> None:
    """Lower this process' priority; where that is not allowed it simply runs as it is."""
    with contextlib.suppress(OSError):
        os.nice(POLITE - os.nice(0))
