"""The thread that has the model, and the queues between it and the thread that talks to the broker.

The model works for a second at a time; the broker's pings must be answered meanwhile.  So messages wait in a bounded
inbox (the oldest packets go first, and are counted), answers in an outbox, and a socket wakes the other side.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Sequence

import psutil

from models.core.calls import MOST_IN_BATCH
from models.core.outbox import Outbox, Waiting
from models.runtime.task import Answering, Request, Task
from models.wire import Body, Call, Chunk, CloseStream, OpenStream, Ready

# A turn of the model takes at most about a second; then the thread sees that it should stop.
JOIN_WITHIN = 5.0
# Silence and steps fall due without any message.
IDLE_TURN = 0.05


class Labour:
    """The thread with the model.  Put messages in, take answers out when `fileno()` is readable."""

    def __init__(self, task: Task, weights: str = "") -> None:
        """`weights`: fingerprint of the files that the task loads."""
        self._weights = weights
        self._task = task
        self._inbox = Outbox()
        self._arrived = threading.Condition()
        self._calls: deque[Request] = deque()
        self._answers: deque[Waiting] = deque()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._stopping = False
        self._busy_s = 0.0
        self._thread = threading.Thread(target=self._run, name="labour", daemon=True)
        self.failure: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def fileno(self) -> int:
        return self._reader.fileno()

    def put(self, body: Body, payload: bytes = b"") -> None:
        with self._arrived:
            self._inbox.put(Waiting(body, payload))
            self._arrived.notify()

    def take(self) -> list[Waiting]:
        """Answers so far; raises what ended the thread, if something did."""
        while True:
            try:
                if len(self._reader.recv(4096)) < 4096:
                    break
            except BlockingIOError:
                break
        answers = []
        while self._answers:
            answers.append(self._answers.popleft())
        if self.failure is not None:
            raise self.failure
        return answers

    def load(self) -> tuple[int, float]:
        """Streams that wait for the model, and seconds worked since the last call."""
        busy, self._busy_s = self._busy_s, 0.0
        return self._task.waiting(), busy

    def close(self) -> None:
        self._stopping = True
        with self._arrived:
            self._arrived.notify()
        self._thread.join(JOIN_WITHIN)
        self._reader.close()
        self._writer.close()

    # -- in the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._load()
            while not self._stopping:
                self._turn()
        except BaseException as error:  # handed to the main thread, which raises it
            self.failure = error
            self._wake()

    def _load(self) -> None:
        began = time.monotonic()
        self._task.load()
        seconds = time.monotonic() - began
        rss = psutil.Process().memory_info().rss
        self._tell([Ready(load_s=seconds, rss_bytes=rss, weights=self._weights, batch=self._batch)])

    @property
    def _batch(self) -> int:
        return min(self._task.batch, MOST_IN_BATCH) if isinstance(self._task, Answering) else 0

    def _turn(self) -> None:
        messages = self._messages()
        began = time.monotonic()
        for message in messages:
            self._route(message)
        self._answer()
        while answers := self._task.work():
            self._tell(answers)
            if self._inbox or self._calls:
                break       # fresh audio first: the next pass should hear it
        self._busy_s += time.monotonic() - began

    def _messages(self) -> list[Waiting]:
        with self._arrived:
            if not self._inbox and not self._calls:
                self._arrived.wait(IDLE_TURN)
            return [self._inbox.pop() for _ in range(len(self._inbox))]

    def _route(self, message: Waiting) -> None:
        match message.body:
            case Chunk():
                self._task.feed(message.body, message.payload)
            case OpenStream():
                self._task.open(message.body)
            case CloseStream():
                self._task.close(message.body.stream)
            case Call():
                self._calls.append(Request(message.body, message.payload))

    def _answer(self) -> None:
        """One batch of calls."""
        if not self._calls or not isinstance(self._task, Answering):
            return
        batch = [self._calls.popleft() for _ in range(min(self._batch, len(self._calls)))]
        self._answers.extend(Waiting(answer.body, answer.payload) for answer in self._task.answer(batch))
        self._wake()

    def _tell(self, answers: Sequence[Body]) -> None:
        self._answers.extend(Waiting(answer) for answer in answers)
        self._wake()

    def _wake(self) -> None:
        try:
            self._writer.send(b"!")
        except BlockingIOError:
            return      # it is awake already
