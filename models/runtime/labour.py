"""The thread that has the model.

It waits at the broker's socket itself, so that a call costs no switch between threads.  The model works for a second
at a time, though, and the broker's pings must be answered meanwhile: then the main thread reads the socket, and what
it reads waits in a bounded inbox (the oldest packets go first, and are counted).  Who holds the socket when is in
`conversation`.
"""

from __future__ import annotations

import threading
import time
from collections import deque

import psutil

from models.core.calls import MOST_IN_BATCH
from models.core.outbox import Waiting
from models.runtime.conversation import Conversation
from models.runtime.process import give_back
from models.runtime.task import Answering, Request, Task, Tunable
from models.wire import Call, Chunk, CloseStream, OpenStream, Ready, Tune

# A turn of the model takes at most about a second; then the thread sees that it should stop.
JOIN_WITHIN = 5.0
# Memory that a pass needed is given back after so much calm, and so often while there is none.
CALM = 1.0
TIDY_EVERY = 30.0
# Silence and steps fall due without any message.
IDLE_TURN_S = 0.05


class Labour:
    """Loads the model, then works on what `conversation` brings until that is over.  `failure`: what ended it."""

    def __init__(self, task: Task, conversation: Conversation, weights: str = "") -> None:
        """`weights`: fingerprint of the files that the task loads."""
        self._task = task
        self._conversation = conversation
        self._weights = weights
        self._calls: deque[Request] = deque()
        self._thread = threading.Thread(target=self._run, name="labour", daemon=True)
        self._tidy_at = float("inf")
        self._tidied_at = time.monotonic()
        self.failure: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """The conversation is over; a model that works on is left to the end of the process."""
        self._thread.join(JOIN_WITHIN)

    # -- in the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._load()
            while not self._conversation.over:
                self._turn()
        except BaseException as error:  # the main thread raises it
            self.failure = error

    def _load(self) -> None:
        began = time.monotonic()
        self._task.load()
        seconds = time.monotonic() - began
        rss = psutil.Process().memory_info().rss
        ready = Ready(load_s=seconds, rss_bytes=rss, weights=self._weights, batch=self._batch)
        self._conversation.tell([Waiting(ready)])

    @property
    def _batch(self) -> int:
        return min(self._task.batch, MOST_IN_BATCH) if isinstance(self._task, Answering) else 0

    def _turn(self) -> None:
        messages = self._conversation.hear(0.0 if self._calls else IDLE_TURN_S)
        began = time.monotonic()
        for message in messages:
            self._route(message)
        self._answer()
        while answers := self._task.work():
            self._tidy_at = time.monotonic() + CALM
            self._conversation.tell([Waiting(answer) for answer in answers])
            if self._calls or self._conversation.waiting:
                break       # fresh audio first: the next pass should hear it
        self._conversation.worked(time.monotonic() - began, self._task.waiting())
        self._tidy(time.monotonic())

    def _tidy(self, now: float) -> None:
        if not self._task.waiting() and now >= min(self._tidy_at, self._tidied_at + TIDY_EVERY):
            give_back()
            self._tidy_at, self._tidied_at = float("inf"), now

    def _route(self, message: Waiting) -> None:
        match message.body:
            case Chunk():
                self._task.feed(message.body, message.payload)
            case Call():
                self._calls.append(Request(message.body, message.payload))
            case Tune() if isinstance(self._task, Tunable):
                self._task.tune(message.body)
            case OpenStream():
                self._task.open(message.body)
            case CloseStream():
                self._task.close(message.body.stream)

    def _answer(self) -> None:
        """One batch of calls."""
        if not self._calls or not isinstance(self._task, Answering):
            return
        batch = [self._calls.popleft() for _ in range(min(self._batch, len(self._calls)))]
        self._conversation.tell([Waiting(answer.body, answer.payload) for answer in self._task.answer(batch)])
        self._tidy_at = time.monotonic() + CALM
