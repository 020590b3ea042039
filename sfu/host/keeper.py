"""The program that the user started: it holds what must outlive the control process, and starts that again.

The control process does everything a meeting is; a bug in it, or the system short of memory, may end it at any
moment.  So the port, the way to the forwarder and what the meeting is called are held here, in a process that does
nothing else.  A control process that was killed is started again at once, finds the forwarder still forwarding, and
people join again by themselves under the link they had.

When this process dies, the control process notices that its standard input has ended, and ends the meeting.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from sfu.core.restarts import Restarts
from sfu.host.announce import Announcer
from sfu.host.estate import Estate

CONTROL = "control"
# The meeting was held and has ended; it could not begin, and why was said.
_OVER = (0, 2)


class Keeper:
    """`run` once.  `program` is the control process's command, without what it inherits."""

    def __init__(self, program: Sequence[str], estate: Estate, announcer: Announcer) -> None:
        self._program = program
        self._estate = estate
        self._announcer = announcer
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, with_parent: bool) -> int:
        """The exit status of the meeting.  SIGTERM, SIGINT and, `with_parent`, the end of standard input end it."""
        before = {number: signal.signal(number, self._told_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
        if with_parent:
            follow_input(self.stop)
        try:
            return self._keep()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _keep(self) -> int:
        restarts = Restarts(first_delay=0.0)
        while True:
            restarts.started(time.monotonic())
            status = self._live()
            if self._stopping.is_set() or status in _OVER or not self._estate.begun:
                return status
            pause = restarts.died(time.monotonic())
            self._announcer.child(CONTROL, "died" if pause is not None else "given up")
            if pause is None:
                return status
            self._stopping.wait(pause)
            self._estate.life += 1

    def stop(self) -> None:
        self._stopping.set()
        if self._child is not None:
            self._child.terminate()

    def _told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stop()

    def _live(self) -> int:
        """One life of the control process, to its end; its exit status."""
        inherited = self._estate.write()
        # Its input is a pipe that ends with us; a group of its own, because Ctrl+C is for us to pass on.
        self._child = subprocess.Popen(
            [*self._program, "--estate", str(inherited)], stdin=subprocess.PIPE, pass_fds=self._estate.descriptors,
            process_group=0,
        )  # fmt: skip
        if self._estate.life > 1:
            self._announcer.child(CONTROL, "started", self._child.pid)
        with self._child as child:
            if self._stopping.is_set():
                child.terminate()
            return child.wait()


def follow_input(ended: Callable[[], object]) -> None:
    """Our parent holds the other end of standard input; when it dies, however it dies, `ended` is called."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        ended()

    threading.Thread(target=wait, name="host.parent", daemon=True).start()
