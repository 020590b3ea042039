"""The tap never waits: not for a slow broker, not for one that is not there."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

import zmq

from models.wire import Chunk as WireChunk
from models.wire import decode
from sfu.core.taps import Chunk
from sfu.forwarder.tap import TapSocket


def chunk(number: int) -> Chunk:
    return Chunk("s1", number, 960 * number, 12.5, -30, b"opus %d" % number)


def test_chunks_reach_the_broker_as_the_wire_promises(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/tap"
    waiting = deque([chunk(1)])
    with zmq.Context() as context, context.socket(zmq.PULL) as broker:
        broker.bind(endpoint)
        tap = TapSocket(endpoint)

        until = time.monotonic() + 5
        while waiting and time.monotonic() < until:  # without a connection it waits in our queue
            tap.push(waiting)
        assert broker.poll(5_000)
        body, payload = decode(broker.recv_multipart())

        tap.close()
    assert isinstance(body, WireChunk)
    assert (body.stream, body.sequence, body.capture_us, body.level_dbov) == ("s1", 1, 12_500_000, -30)
    assert payload == b"opus 1"


def test_without_a_broker_everything_stays_where_it_was(tmp_path: Path) -> None:
    waiting = deque([chunk(1), chunk(2)])
    tap = TapSocket(f"ipc://{tmp_path}/nobody")

    tap.push(waiting)

    assert len(waiting) == 2
    tap.close()
