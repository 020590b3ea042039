"""One model in one process.

    python -m models.runtime.worker --task captions --model whisper-base --broker ipc://DIR/broker \
        --models FOLDER --device cpu --threads 1 --name captions-1

Two threads: the main one talks to the broker and always answers pings; the other (`labour`) loads the model, warms it
up and works.  The worker may be killed at any moment: everything that matters is in the broker.  It ends when told,
when its parent is gone, when it has grown beyond its ceiling of memory, or loudly on a bug.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil
import zmq

from models.runtime.clock import HostClock
from models.runtime.curve import Handshake, WorkerKeys, read_worker_keys
from models.runtime.dealer import dealer
from models.runtime.devices import CPU, chosen, compute_type
from models.runtime.labour import Labour
from models.runtime.process import StopSignal, be_polite
from models.runtime.task import Setup, load_task
from models.wire import (
    Body,
    Call,
    Chunk,
    Claim,
    CloseStream,
    Drain,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Result,
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
LAST_WORDS_MS = 200
# Exit status of a worker that left because of its memory.
OUTGROWN = 3


@dataclass(frozen=True, slots=True)
class Link:
    """The way to the broker.  `keys`: only to another computer, whose clock is not ours."""

    endpoint: str
    clock: HostClock
    keys: WorkerKeys | None = None

    @classmethod
    def to(cls, endpoint: str, key: Path | None) -> Self:
        if key is None:
            return cls(endpoint, HostClock(shared=True))
        return cls(endpoint, HostClock(shared=False), read_worker_keys(key))


class Worker:
    """The conversation with the broker."""

    def __init__(self, link: Link, hello: Hello, labour: Labour, ceiling_mb: int = 0) -> None:
        self._hello = hello
        self._labour = labour
        self._clock = link.clock
        self._ceiling = ceiling_mb << 20
        self.outgrown = False
        """It has grown beyond its ceiling and leaves; whoever started it may start another."""
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = dealer(self._context, LAST_WORDS_MS)
        self._watch = Handshake(self._socket, link.keys) if link.keys is not None else None
        self._socket.connect(link.endpoint)
        self._ready: Ready | None = None
        self._broker: int | None = None
        self._streams: dict[str, int] = {}
        """Those it reads, and how many final segments it has said of each."""
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
                self._tell(answer.body, answer.payload)
            self._read()
            self._keep_in_touch()
            if self._watch is not None:
                self._watch.check()
            if (stop.asked or stop.parent_gone or self.outgrown) and leave_by == float("inf"):
                leave_by = time.monotonic() + LEAVE_WITHIN
                poller.unregister(stop.fileno())    # it stays readable
                self._send(Drain())

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self._socket.close()
        self._context.term()

    def _tell(self, answer: Body, payload: bytes) -> None:
        match answer:
            case Ready():
                self._ready = answer
            case CloseStream():
                self._streams.pop(answer.stream, None)
            case Result() if answer.caption.final and answer.stream in self._streams:
                self._streams[answer.stream] = answer.caption.segment
        self._send(answer, payload)

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
                self._clock.hear(body.now_s)
                self._send(self._pong(body.n))
            case OpenStream():
                self._streams[body.stream] = 0
                self._labour.put(body)
            case Chunk() | CloseStream() | Call():
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
        """The broker answered our hello.  Another process than before learns which streams we still read."""
        if self._broker not in (None, broker):
            log.warning("the broker was restarted", extra={"streams": len(self._streams)})
        self._broker = broker
        if self._ready is not None:
            del self._ready.claims[:]
            self._ready.claims.extend(Claim(stream=name, finals=finals) for name, finals in self._streams.items())
            self._send(self._ready)

    def _keep_in_touch(self) -> None:
        now = time.monotonic()
        if now - max(self._heard, self._asked) > SILENCE:
            self._asked = now
            self._send(self._hello)

    def _pong(self, number: int) -> Pong:
        waiting, busy = self._labour.load()
        rss = psutil.Process().memory_info().rss
        if self._ceiling and rss > self._ceiling and not self.outgrown:
            self.outgrown = True
            log.error("too much memory", extra={"rss_mb": rss >> 20, "ceiling_mb": self._ceiling >> 20})
        return Pong(n=number, streams=len(self._streams), waiting=waiting, busy=min(1.0, busy), rss_bytes=rss)

    def _send(self, body: Body, payload: bytes = b"") -> None:
        try:
            self._socket.send_multipart(encode(body, payload), zmq.NOBLOCK)
        except zmq.Again:
            log.warning("the broker takes no messages", extra={"kind": type(body).__name__})


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="parley worker", description="Lends this computer to a host on the network: one model, one process."
    )
    parser.add_argument("--broker", required=True, help="tcp://HOST:PORT, as the host prints it; or ipc://DIR/broker")
    parser.add_argument("--key", type=Path, metavar="FILE", help="made on the host with --new-worker FILE")
    parser.add_argument("--task", default="captions", help="captions, or a module with create(setup)")
    parser.add_argument("--model", default="whisper-base", help="catalogue id (default: %(default)s)")
    parser.add_argument("--models", type=Path, help="folder of fetched models (default: the usual one)")
    parser.add_argument("--device", default=CPU, help="cpu, cuda:0, …, or auto (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--memory-mb", type=int, default=0, metavar="MB", help="leave when it has grown beyond this")
    parser.add_argument("--name", default="", help="for people: captions-1 (default: this computer's name)")
    options = parser.parse_args(argv)
    if options.broker.startswith("tcp://") and options.key is None:
        parser.error("a worker on another computer needs --key FILE")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0: it was told to leave.  2: it could not serve, and a sentence said why.  3: it had outgrown its
    ceiling of memory."""
    options = _options(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    # One caption pass is too small to share between threads; the model gets its own number.
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    be_polite()
    with StopSignal() as stop:
        try:
            return _serve(options, stop)
        except UserError as error:
            print(json.dumps({"event": "failed", "code": error.code, "sentence": error.sentence}), flush=True)
            print(error.sentence, file=sys.stderr)
            return 2


def _serve(options: argparse.Namespace, stop: StopSignal) -> int:
    from models.catalogue import shipped_catalogue
    from models.registry import default_models_dir

    link = Link.to(options.broker, options.key)
    folder = options.models or default_models_dir()
    device = chosen(options.device)[0]
    setup = Setup(options.model, folder, device, compute_type(device), options.threads, link.clock)
    hello = Hello(
        role=Hello.WORKER, name=options.name or f"{platform.node()[:40]}-{os.getpid()}", task=options.task,
        model=options.model, device=device, compute=setup.compute, pid=os.getpid(),
        machine="" if link.keys is None else platform.node()[:64],
    )
    model = shipped_catalogue().get(options.model)
    labour = Labour(load_task(options.task, setup), model.fingerprint if model is not None else "")
    worker = Worker(link, hello, labour, options.memory_mb)
    try:
        labour.start()
        worker.run(stop)
    finally:
        worker.close()
        labour.close()
    return OUTGROWN if worker.outgrown else 0


if __name__ == "__main__":
    sys.exit(main())
