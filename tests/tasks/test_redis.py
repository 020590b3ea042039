"""Background work queued by a real Redis, which is also away, comes back empty, and lies about nothing."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfu.rtp.errors import UserError
from sfu.tasks.queue import open_queue, unreachable
from sfu.wire.messages import TaskState as State
from tests.system.waiting import PATIENCE
from tests.tasks.test_runner import Office

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("redis-check-rdb") is None, reason="redis-tools is not installed"),
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@contextlib.contextmanager
def redis(folder: Path, port: int) -> Iterator[None]:
    """On loopback, and without a disk: whatever it held is gone when it ends."""
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    # Debian's redis-tools has the one binary of all of Redis, without the service that redis-server would start.
    process = subprocess.Popen(command, executable=shutil.which("redis-check-rdb"), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
                break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextlib.contextmanager
def office(folder: Path, port: int) -> Iterator[Office]:
    here = Office(folder, f"redis://127.0.0.1:{port}/0")
    with contextlib.closing(here.store):
        for _, thread in here.threads.worker_threads:
            thread.start()
        yield here
        here.threads.stop()
        here.runner.stop()
        for _, thread in here.threads.worker_threads:
            thread.join(PATIENCE)
        here.queue.storage.pool.disconnect()


def test_redis_carries_the_ids_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    with redis(tmp_path, port), office(tmp_path, port) as here:
        assert not (tmp_path / "queue.db").exists()
        here.ask("count")
        here.until(lambda: here.row().state is State.DONE)


def test_work_waits_for_a_redis_that_is_away_and_is_done_by_one_that_came_back_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfu.tasks.runner.FORGOTTEN_S", 0.2)
    port = free_port()
    with office(tmp_path, port) as here:
        here.ask("count")
        here.runner.tick()
        assert here.row().state is State.WAITING

        with redis(tmp_path, port):
            here.until(lambda: here.row().state is State.DONE)


def test_two_folders_of_one_redis_do_not_meet(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with redis(tmp_path, port), office(tmp_path / "a", port) as one, office(tmp_path / "b", port) as other:
        one.ask("count")
        other.ask("count")
        one.until(lambda: one.row().state is State.DONE)
        other.until(lambda: other.row().state is State.DONE)


def test_a_queue_that_cannot_be_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--queue"):
        open_queue(tmp_path, "amqp://localhost")
    assert OSError in unreachable()
