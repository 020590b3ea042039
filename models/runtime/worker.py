"""One model in one process.

    python -m models.runtime.worker --task captions --model whisper-base --broker ipc://DIR/broker \
        --models FOLDER --device cpu --threads 1 --name captions-1

Two threads: the main one talks to the broker and always answers pings; the other loads the model, warms it up and
works.  Between them lie a bounded inbox (the oldest packets go first, and are counted) and an outbox.  The worker may
be killed at any moment: everything that matters is in the broker.  It ends when told, when its parent is gone, or
loudly on a bug.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil
import zmq

from models.core.outbox import Outbox, Waiting
from models.runtime.process import StopSignal, be_polite
from models.runtime.task import Setup, Task, load_task
from models.wire import (
    MAX_PAYLOAD,
    Body,
    Chunk,
    CloseStream,
    Drain,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Terminate,
    decode,
    encode,
)
from sfu.rtp.errors import PeerFault, UserError

log = logging.getLogger("models.worker")

# The broker pings every second; after this long without a word it may be a new one that does not know us.
SILENCE = 3.0
# How long a worker that was asked to stop waits for the broker to move its streams.
LEAVE_WITHIN = 2.0
# A turn of the model takes at most about a second; then the thread sees that it should stop.
JOIN_WITHIN = 5.0
# Silence and steps fall due without any message.
IDLE_TURN = 0.05


class Labour:
    """The thread with the model.  Put messages in, take answers out when `fileno()` is readable."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._inbox = Outbox()
        self._arrived = threading.Condition()
        self._answers: deque[Body] = deque()
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

    def take(self) -> list[Body]:
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
        self._tell([Ready(load_s=seconds, rss_bytes=psutil.Process().memory_info().rss)])

    def _turn(self) -> None:
        messages = self._messages()
        began = time.monotonic()
        for message in messages:
            self._route(message)
        while answers := self._task.work():
            self._tell(answers)
            if self._inbox:
                break       # fresh audio first: the next pass should hear it
        self._busy_s += time.monotonic() - began

    def _messages(self) -> list[Waiting]:
        with self._arrived:
            if not self._inbox:
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

    def _tell(self, answers: Sequence[Body]) -> None:
        self._answers.extend(answers)
        self._wake()

    def _wake(self) -> None:
        try:
            self._writer.send(b"!")
        except BlockingIOError:
            return      # it is awake already


class Worker:
    """The conversation with the broker."""

    def __init__(self, endpoint: str, hello: Hello, labour: Labour) -> None:
        self._hello = hello
        self._labour = labour
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = self._context.socket(zmq.DEALER)
        for option, value in (
            (zmq.MAXMSGSIZE, MAX_PAYLOAD), (zmq.LINGER, 200), (zmq.RECONNECT_IVL, 50), (zmq.RECONNECT_IVL_MAX, 1000)
        ):
            self._socket.setsockopt(option, value)
        self._socket.connect(endpoint)
        self._ready: Ready | None = None
        self._broker: int | None = None
        self._streams: set[str] = set()
        self._heard = self._asked = time.monotonic()
        self._leaving = False

    def run(self, stop: StopSignal) -> None:
        """Until the broker says Terminate, or we were asked to stop and have left in order."""
        poller = zmq.Poller()
        for source in (self._socket, self._labour.fileno(), stop.fileno()):
            poller.register(source, zmq.POLLIN)
        self._send(self._hello)
        leave_by = float("inf")
        while not self._leaving and time.monotonic() < leave_by:
            poller.poll(1000 if leave_by == float("inf") else 100)
            for answer in self._labour.take():
                self._tell(answer)
            self._read()
            self._keep_in_touch()
            if (stop.asked or stop.parent_gone) and leave_by == float("inf"):
                leave_by = time.monotonic() + LEAVE_WITHIN
                poller.unregister(stop.fileno())    # it stays readable
                self._send(Drain())

    def close(self) -> None:
        self._socket.close()
        self._context.term()

    def _tell(self, answer: Body) -> None:
        if isinstance(answer, Ready):
            self._ready = answer
        elif isinstance(answer, CloseStream):
            self._streams.discard(answer.stream)
        self._send(answer)

    def _read(self) -> None:
        while True:
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._heard = time.monotonic()
            try:
                body, payload = decode(frames)
            except PeerFault as fault:
                log.warning("bad frame from the broker", extra={"code": fault.code})
                continue
            self._take(body, payload)

    def _take(self, body: Body, payload: bytes) -> None:
        match body:
            case Ping():
                self._send(self._pong(body.n))
            case OpenStream():
                self._streams.add(body.stream)
                self._labour.put(body)
            case Chunk() | CloseStream():
                self._labour.put(body, payload)
            case Hello():
                self._meet(body.pid)
            case Drain():
                for stream in self._streams:
                    self._labour.put(CloseStream(stream=stream))
            case Terminate():
                self._leaving = True
            case Failure():
                log.warning("the broker refused a message", extra={"sentence": body.sentence})
            case _:
                log.warning("unexpected message", extra={"kind": type(body).__name__})

    def _meet(self, broker: int) -> None:
        """The broker answered our hello.  Another process than before knows neither us nor our streams."""
        if self._broker not in (None, broker):
            for stream in self._streams:
                self._labour.put(CloseStream(stream=stream))
            self._streams.clear()
        self._broker = broker
        if self._ready is not None:
            self._send(self._ready)

    def _keep_in_touch(self) -> None:
        now = time.monotonic()
        if now - max(self._heard, self._asked) > SILENCE:
            self._asked = now
            self._send(self._hello)

    def _pong(self, number: int) -> Pong:
        waiting, busy = self._labour.load()
        rss = psutil.Process().memory_info().rss
        return Pong(n=number, streams=len(self._streams), waiting=waiting, busy=min(1.0, busy), rss_bytes=rss)

    def _send(self, body: Body) -> None:
        try:
            self._socket.send_multipart(encode(body), zmq.NOBLOCK)
        except zmq.Again:
            log.warning("the broker takes no messages", extra={"kind": type(body).__name__})


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.runtime.worker", description="One model, one process.")
    parser.add_argument("--task", required=True, help="captions, or a module with create(setup)")
    parser.add_argument("--model", required=True, help="catalogue id, whisper-base")
    parser.add_argument("--broker", required=True, help="ipc://DIR/broker")
    parser.add_argument("--models", type=Path, required=True, help="folder of fetched models")
    parser.add_argument("--device", default="cpu", help="cpu, cuda:0, …")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--name", required=True, help="for people: captions-1")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    # One caption pass is too small to share between threads; the model gets its own number.
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    be_polite()
    with StopSignal() as stop:
        try:
            setup = Setup(options.model, options.models, options.device, options.threads, time.monotonic)
            task = load_task(options.task, setup)
            return _serve(options, task, stop)
        except UserError as error:
            print(json.dumps({"event": "failed", "code": error.code, "sentence": error.sentence}), flush=True)
            print(error.sentence, file=sys.stderr)
            return 2


def _serve(options: argparse.Namespace, task: Task, stop: StopSignal) -> int:
    hello = Hello(
        role=Hello.WORKER, name=options.name, task=options.task, model=options.model, device=options.device,
        compute=task.compute, pid=os.getpid(),
    )
    labour = Labour(task)
    worker = Worker(options.broker, hello, labour)
    try:
        labour.start()
        worker.run(stop)
    finally:
        worker.close()
        labour.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
