"""What a piece of background work knows of itself and may say while it goes on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import tasks
from sfu.store.tasks import Row
from sfu.store.thread import Store

Result = Callable[[sqlite3.Connection], None]
"""What a piece of work found out, as work for the store; done in the transaction that ends the task."""


class Stopped(Exception):
    """Somebody called it off, this process has to end, or the task is not ours any more: clean up and let it pass."""


class NotNow(Exception):
    """It cannot be done at this time, and that is nobody's fault: again in `wait` seconds, and not counted."""

    def __init__(self, wait: float, sentence: str) -> None:
        super().__init__(sentence)
        self.wait = wait
        self.sentence = sentence


class TryAgain(Exception):
    """It did not work, for a reason that may pass: again a while later, as often as its kind allows."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InDoubt(Exception):
    """It may have happened; nobody knows.  It is not tried again by itself."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class Context:
    """Methods may be called from the thread that does the work; `folder` is the host's (`--data`)."""

    task: Row
    folder: Path
    store: Store
    part: float = 0.0
    called_off: bool = False
    """Somebody wants it stopped for good."""
    _stop: threading.Event = field(default_factory=threading.Event)

    def progress(self, part: float) -> None:
        """How much is done, 0 to 1.  Raises Stopped; call it often, it costs nothing."""
        self.part = min(1.0, max(0.0, part))
        self.check()

    def check(self) -> None:
        """Raises Stopped."""
        if self._stop.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Waits, and not longer than needed.  Raises Stopped."""
        self._stop.wait(seconds)
        self.check()

    def stop(self, called_off: bool = False) -> None:
        self.called_off = called_off
        self._stop.set()

    def beyond_recall(self, yes: bool = True) -> None:
        """From the next step on it may have happened: whoever finds this task dead marks it so and does not repeat it.

        `yes` False takes that back: it has turned out that nothing happened.  Raises Stopped.
        """
        work = partial(tasks.doubt, lease=self.task.lease, doubtful=yes)
        if not self.store.write(work).result():
            raise Stopped

    def require_meeting(self) -> str:
        """The meeting that it is about.  Raises UserError."""
        if self.task.meeting is None:
            raise UserError(ErrorCode.NOT_FOUND, "The meeting that this was about is not there any more.")
        return self.task.meeting
