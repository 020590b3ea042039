"""Keeping this computer awake while it is the meeting room.

A host that falls asleep ends the meeting for everybody.  Each system has a small program of its own that keeps it
awake for as long as it runs; on Windows it is a call.  Where there is none, the meeting goes on unprotected, and the
log says so.
"""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import subprocess
import sys

log = logging.getLogger(__name__)

WHY = "A meeting is held on this computer"
# SetThreadExecutionState: ES_CONTINUOUS | ES_SYSTEM_REQUIRED (Windows API, winbase.h).
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001


class Awake:
    """`begin` and `end` may be called in any order, any number of times."""

    def __init__(self) -> None:
        self._keeper: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED)
        elif self._keeper is None:
            self._keeper = self._start()

    def end(self) -> None:
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS)
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.terminate()
            keeper.wait()

    def _start(self) -> subprocess.Popen[bytes] | None:
        command = keeper_command(sys.platform, os.getpid())
        if shutil.which(command[0]) is None:
            log.info("nothing here keeps the computer awake", extra={"wanted": command[0]})
            return None
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def keeper_command(platform: str, pid: int) -> list[str]:
    """The program that keeps the computer awake, until it is ended or process `pid` is gone."""
    if platform == "darwin":
        return ["caffeinate", "-is", "-w", str(pid)]
    waiting = ["tail", "--pid", str(pid), "-f", "/dev/null"]
    return ["systemd-inhibit", "--what=sleep:idle", "--who=Parley", f"--why={WHY}", "--mode=block", *waiting]
