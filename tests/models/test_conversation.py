"""Two threads, one socket: whoever is free answers the broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import zmq

from models.runtime.conversation import EVERY_S, Conversation, Link
from models.runtime.labour import Labour
from models.runtime.process import StopSignal
from models.runtime.task import Answer, Request
from models.wire import (
    Body,
    Call,
    CloseStream,
    Drain,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Reply,
    Terminate,
    decode,
    encode,
)
from tests.models.echo_task import Echo

WITHIN_MS = 20_000


class Broker:
    """The other end: what it sends and what came."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._worker = b""

    def say(self, body: Body, payload: bytes = b"") -> None:
        self._socket.send_multipart([self._worker, *encode(body, payload)])

    @property
    def spoke(self) -> bool:
        return bool(self._socket.poll(0))

    def heard(self, kind: type[Body]) -> Body:
        """The next message, which must be of this kind."""
        assert self._socket.poll(WITHIN_MS), f"no {kind.__name__}"
        self._worker, *frames = self._socket.recv_multipart()
        body, _ = decode(frames)
        assert isinstance(body, kind), body
        return body


@contextmanager
def working(folder: Path, task: Echo) -> Iterator[tuple[Broker, Conversation, Labour, StopSignal]]:
    link = Link.to(f"ipc://{folder}/broker", None)
    with StopSignal() as stop, zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.bind(link.endpoint)
        conversation = Conversation(link, Hello(role=Hello.WORKER, name="echo-1", task="echo", model="echo"), stop)
        labour = Labour(task, conversation)
        labour.start()
        try:
            yield Broker(socket), conversation, labour, stop
        finally:
            conversation.over = True
            labour.join()
            conversation.close()


def until(conversation: Conversation, labour: Labour) -> None:
    """What the main thread does."""
    by = time.monotonic() + WITHIN_MS / 1000
    while not conversation.over and labour.failure is None and time.monotonic() < by:
        time.sleep(EVERY_S)
        conversation.look_in()


class Slow(Echo):
    """Loads and answers for a while.  `at_work`: the model is."""

    at_work = False

    def load(self) -> None:
        self._sleep()

    def answer(self, calls: Sequence[Request]) -> list[Answer]:
        self._sleep()
        return super().answer(calls)

    def _sleep(self) -> None:
        self.at_work = True
        while self.at_work:
            time.sleep(0.005)


def test_pings_are_answered_while_the_model_loads_and_while_it_works(tmp_path: Path) -> None:
    task = Slow()
    with working(tmp_path, task) as (broker, conversation, labour, _):
        broker.heard(Hello)
        for number, work in enumerate((None, Call(id=7, task="echo", has_payload=True)), 1):
            if work is not None:
                broker.say(work, b"x")
            while not task.at_work:
                time.sleep(0.005)
            broker.say(Ping(n=number, now_s=1.0))
            looked = 0
            while not broker.spoke:
                time.sleep(0.005)
                conversation.look_in()
                looked += 1
                assert looked < 2_000
            pong = broker.heard(Pong)
            assert isinstance(pong, Pong)
            assert pong.n == number
            assert task.at_work
            task.at_work = False
            broker.heard(Ready if work is None else Reply)
        assert labour.failure is None


def test_an_idle_worker_answers_without_the_main_thread(tmp_path: Path) -> None:
    with working(tmp_path, Echo()) as (broker, *_):
        broker.heard(Hello)
        broker.heard(Ready)
        broker.say(Ping(n=3, now_s=1.0))
        broker.heard(Pong)
        broker.say(Call(id=1, task="echo", has_payload=True), b"x")
        broker.heard(Reply)


def test_memory_is_given_back_once_after_work_and_not_before_it_is_calm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back = threading.Semaphore(0)
    monkeypatch.setattr("models.runtime.labour.CALM", 0.2)
    monkeypatch.setattr("models.runtime.labour.give_back", given_back.release)
    with working(tmp_path, Echo()) as (broker, *_):
        broker.heard(Hello)
        broker.heard(Ready)
        assert not given_back.acquire(timeout=0.4)
        broker.say(Call(id=1, task="echo", has_payload=True), b"x")
        broker.heard(Reply)
        assert given_back.acquire(timeout=WITHIN_MS / 1000)
        assert not given_back.acquire(timeout=0.4)


def test_asked_to_stop_it_says_so_and_leaves_when_the_broker_agrees(tmp_path: Path) -> None:
    with working(tmp_path, Echo()) as (broker, conversation, labour, stop):
        broker.heard(Hello)
        broker.heard(Ready)
        broker.say(OpenStream(stream="ana", task="echo", codec="opus", clock_rate=48_000))
        stop.asked = True
        broker.heard(Drain)
        broker.say(Drain())
        broker.heard(CloseStream)
        broker.say(Terminate())
        until(conversation, labour)
        assert conversation.over


def test_what_ends_the_model_is_known_to_the_main_thread(tmp_path: Path) -> None:
    class Broken(Echo):
        def load(self) -> None:
            raise ValueError("a bug")

    with working(tmp_path, Broken()) as (_, conversation, labour, _stop):
        until(conversation, labour)
        assert isinstance(labour.failure, ValueError)
