"""One request, one answer: what is asked of the inference plane, and the blocking way to ask it.

`Caller` is for programs without an event loop (tools, background tasks, benches); the host uses `BrokerClient.call`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Self

import zmq

from models.core.calls import LONGEST
from models.runtime.dealer import dealer
from models.wire import Body, Call, Failure, Hello, Ping, Pong, Reply, decode, encode
from sfu import rendezvous

# The broker gives up on a call by itself; only when it is gone does this count.
GRACE = 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How a call is to be met.  `model`: catalogue id, "" for any.  `live`: before batch work.  `params`: JSON of at
    most 4 KiB.  `deadline_s`: at most 10, which is also the default."""

    model: str = ""
    params: bytes = b""
    live: bool = True
    deadline_s: float = 0.0

    def call(self, number: int, task: str, payload: bytes) -> Call:
        return Call(
            id=number, task=task, model=self.model, live=self.live, params=self.params, deadline_s=self.deadline_s,
            has_payload=bool(payload),
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """`result`: JSON.  `payload`: what came beside it, often nothing."""

    result: bytes
    payload: bytes = b""


class CallFailed(Exception):
    """This request was not met; `cause` for programs (`Failure.Cause`), the sentence for people."""

    def __init__(self, cause: int, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause
        self.sentence = sentence


ANY = Wish()


class Caller:
    """A blocking client; a context manager.  Not for use by two threads."""

    def __init__(self, endpoint: str, name: str) -> None:
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = dealer(self._context)
        rendezvous.connect(self._socket, endpoint)
        self._last = 0
        self._send(Hello(role=Hello.CLIENT, name=name, pid=os.getpid()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._context.term()

    def call(self, task: str, payload: bytes = b"", wish: Wish = ANY) -> Answered:
        """Waits for the answer; CallFailed with the cause when there is none, within 10 s at the latest."""
        number = self.submit(task, payload, wish)
        by = time.monotonic() + LONGEST + GRACE
        while (done := self.collect(max(0.0, by - time.monotonic()))) is not None:
            answered, outcome = done
            if answered == number:
                if isinstance(outcome, CallFailed):
                    raise outcome
                return outcome
        raise CallFailed(Failure.NO_WORKER, "the broker does not answer")

    def submit(self, task: str, payload: bytes = b"", wish: Wish = ANY) -> int:
        """Asks and goes on; `collect` brings the answers, in any order, each with the number given here."""
        self._last += 1
        self._send(wish.call(self._last, task, payload), payload)
        return self._last

    def collect(self, timeout_s: float) -> tuple[int, Answered | CallFailed] | None:
        """The next answer; None when there is none in time.  Also answers pings: call it at least once a second."""
        by = time.monotonic() + timeout_s
        while self._socket.poll(max(0, int((by - time.monotonic()) * 1000))):
            body, payload = decode(self._socket.recv_multipart())
            match body:
                case Reply():
                    return body.id, Answered(body.result, payload)
                case Failure() if body.id:
                    return body.id, CallFailed(body.cause, body.sentence)
                case Failure():
                    raise CallFailed(body.cause, body.sentence)
                case Ping():
                    self._send(Pong(n=body.n))
        return None

    def _send(self, body: Body, payload: bytes = b"") -> None:
        self._socket.send_multipart(encode(body, payload))
