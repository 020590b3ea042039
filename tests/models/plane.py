"""A real broker and real workers, for tests and benches; everything started here is ended here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zmq

from models.wire import Hello, Ping, Pong, WorkerState, decode, encode

ROOT = Path(__file__).resolve().parents[2]
ECHO = "tests.models.echo_task"


class Plane:
    """`folder` (0700) holds the sockets."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.endpoint = f"ipc://{folder}/broker"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.options = options
        self.listening = ""
        self.broker = self.start_broker()

    def start_broker(self) -> subprocess.Popen[bytes]:
        command = ["models.runtime.broker", "--dir", str(self.folder), *self.options]
        process = self._run(*command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        self.listening = ready["listening"]
        self.broker = process
        return process

    def worker(self, name: str, *options: str, broker: str = "", **environment: str) -> subprocess.Popen[bytes]:
        """An echo worker."""
        command = ["models.runtime.worker", "--task", ECHO, "--model", "echo", "--broker", broker or self.endpoint]
        return self._run(*command, "--name", name, *options, stdout=subprocess.DEVNULL, **environment)

    def until_ready(self, *names: str, seconds: float = 60.0) -> None:
        """Waits for workers of these names."""
        waiting, by = set(names), time.monotonic() + seconds
        with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
            socket.setsockopt(zmq.LINGER, 0)
            socket.connect(self.endpoint)
            socket.send_multipart(encode(Hello(role=Hello.CLIENT, name="watch", pid=os.getpid())))
            while waiting:
                assert socket.poll(max(0, int((by - time.monotonic()) * 1000))), f"not ready: {waiting}"
                body, _ = decode(socket.recv_multipart())
                if isinstance(body, WorkerState) and body.state == WorkerState.READY:
                    waiting.discard(body.name)
                elif isinstance(body, Ping):
                    socket.send_multipart(encode(Pong(n=body.n)))

    def close(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _run(self, module: str, *options: str, stdout: int, **environment: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {"PYTHONPATH": str(ROOT)} | environment
        process = subprocess.Popen([sys.executable, "-m", module, *options], cwd=ROOT, stdout=stdout, env=environ)
        self.processes.append(process)
        return process


@contextmanager
def plane(*options: str) -> Iterator[Plane]:
    """A broker in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        running = Plane(Path(folder), *options)
        try:
            yield running
        finally:
            running.close()
