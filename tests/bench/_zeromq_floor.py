"""What ZeroMQ itself costs: the same bytes from one process by a second to a third and back, with nothing decided.

    python -m tests.bench._zeromq_floor relay|echo FOLDER
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

import zmq

from tests.models.plane import ROOT

# As many frames and bytes as a call: an envelope, a header, a payload.
MESSAGE = [b"h" * 32, bytes(1024)]
Socket = zmq.Socket[bytes]


def _socket(context: zmq.Context[Socket], kind: int, endpoint: str, *, bind: bool) -> Socket:
    made: Socket = context.socket(kind)
    made.setsockopt(zmq.LINGER, 0)
    (made.bind if bind else made.connect)(endpoint)
    return made


def relay(folder: str) -> None:
    with zmq.Context() as context:
        front = _socket(context, zmq.ROUTER, f"ipc://{folder}/front", bind=True)
        back = _socket(context, zmq.DEALER, f"ipc://{folder}/back", bind=True)
        poller = zmq.Poller()
        for each in (front, back):
            poller.register(each, zmq.POLLIN)
        while True:
            for source, _ in poller.poll():
                (back if source is front else front).send_multipart(source.recv_multipart())


def echo(folder: str) -> None:
    with zmq.Context() as context:
        back = _socket(context, zmq.DEALER, f"ipc://{folder}/back", bind=False)
        while True:
            back.send_multipart(back.recv_multipart())


def round_trips(seconds: float) -> list[float]:
    """Seconds that each took."""
    took = []
    with tempfile.TemporaryDirectory(prefix="parley-") as folder, zmq.Context() as context:
        command = [sys.executable, "-m", "tests.bench._zeromq_floor"]
        others = [subprocess.Popen([*command, part, folder], cwd=ROOT) for part in ("relay", "echo")]
        try:
            with _socket(context, zmq.DEALER, f"ipc://{folder}/front", bind=False) as asking:
                asking.setsockopt(zmq.RCVTIMEO, 30_000)
                _trip(asking)   # until all three are there
                until = time.perf_counter() + seconds
                while (began := time.perf_counter()) < until:
                    _trip(asking)
                    took.append(time.perf_counter() - began)
        finally:
            for other in others:
                other.kill()
                other.wait()
    return took


def _trip(asking: Socket) -> None:
    asking.send_multipart(MESSAGE)
    asking.recv_multipart()


if __name__ == "__main__":
    {"relay": relay, "echo": echo}[sys.argv[1]](sys.argv[2])
