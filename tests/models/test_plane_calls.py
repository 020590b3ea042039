"""Calls through a real broker to real workers: answered, refused, retried; from other computers by key only."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from models.runtime.calling import Caller, CallFailed, Wish
from models.runtime.curve import new_worker, read_host_keys
from models.wire import Failure
from tests.models.plane import ECHO, plane

pytestmark = pytest.mark.system


def told(**what: object) -> Wish:
    return Wish(params=json.dumps(what).encode())


def test_a_call_is_answered_with_its_payload_beside_it() -> None:
    with plane() as running, Caller(running.endpoint, "test") as caller:
        running.worker("echo-1")
        running.until_ready("echo-1")

        assert caller.call(ECHO, b"\x00picture" * 1000).payload == b"\x00picture" * 1000


def test_a_request_that_fails_does_not_end_its_worker() -> None:
    with plane() as running, Caller(running.endpoint, "test") as caller:
        process = running.worker("echo-1")
        running.until_ready("echo-1")

        with pytest.raises(CallFailed) as failed:
            caller.call(ECHO, wish=told(fail=True))

        assert failed.value.cause == Failure.REFUSED
        assert caller.call(ECHO, b"again").payload == b"again"
        assert process.poll() is None


def test_calls_of_a_killed_worker_are_answered_by_another() -> None:
    with plane() as running, Caller(running.endpoint, "test") as caller:
        first = running.worker("echo-1")
        running.worker("echo-2")
        running.until_ready("echo-1", "echo-2")
        asked = {caller.submit(ECHO, b"x", told(sleep=0.2)) for _ in range(12)}
        time.sleep(0.3)

        first.kill()

        answered = set()
        while len(answered) < len(asked):
            done = caller.collect(12)
            assert done is not None
            number, outcome = done
            assert not isinstance(outcome, CallFailed), outcome
            answered.add(number)
        assert answered == asked


def test_a_call_that_kills_every_worker_ends_with_the_cause() -> None:
    with plane() as running, Caller(running.endpoint, "test") as caller:
        running.worker("echo-1")
        running.worker("echo-2")
        running.until_ready("echo-1", "echo-2")

        with pytest.raises(CallFailed) as failed:
            caller.call(ECHO, wish=told(die=True))

        assert failed.value.cause == Failure.WORKER_DIED


def test_a_call_without_any_worker_says_so_in_time() -> None:
    with plane() as running, Caller(running.endpoint, "test") as caller:
        with pytest.raises(CallFailed) as failed:
            caller.call("faces", wish=Wish(deadline_s=0.5))

        assert failed.value.cause == Failure.NO_WORKER
        assert "no worker for faces was ready" in failed.value.sentence


@pytest.fixture
def network(tmp_path: Path) -> tuple[Path, Path]:
    """The host's keys and a worker's."""
    host, worker = tmp_path / "host.json", tmp_path / "worker.json"
    new_worker(host, worker)
    return host, worker


def open_to_network(host: Path) -> tuple[str, ...]:
    return "--listen", "tcp://127.0.0.1:*", "--keys", str(host)


def test_a_worker_elsewhere_lends_a_hand_with_its_key(network: tuple[Path, Path]) -> None:
    host, worker = network
    with plane(*open_to_network(host)) as running, Caller(running.endpoint, "test") as caller:
        running.worker("laptop", "--key", str(worker), broker=running.listening)
        running.until_ready("laptop")

        assert caller.call(ECHO, b"x").payload == b"x"


def test_a_stranger_is_told_that_its_key_is_refused(network: tuple[Path, Path], tmp_path: Path) -> None:
    host, worker = network
    stranger = tmp_path / "stranger.json"
    new_worker(tmp_path / "other_host.json", stranger)
    keys = json.loads(stranger.read_text()) | {"server": read_host_keys(host).public}
    stranger.write_text(json.dumps(keys))
    with plane(*open_to_network(host)) as running:
        process = running.worker("stranger", "--key", str(stranger), broker=running.listening)
        assert process.wait(20) == 2

        running.worker("laptop", "--key", str(worker), broker=running.listening)
        running.until_ready("laptop")


def test_a_worker_with_the_key_of_another_host_is_told_so(network: tuple[Path, Path], tmp_path: Path) -> None:
    host, _ = network
    elsewhere = tmp_path / "elsewhere.json"
    new_worker(tmp_path / "other_host.json", elsewhere)
    with plane(*open_to_network(host)) as running:
        assert running.worker("lost", "--key", str(elsewhere), broker=running.listening).wait(20) == 2


def test_a_killed_broker_is_found_again_by_its_workers() -> None:
    with plane() as running:
        running.worker("echo-1")
        running.until_ready("echo-1")

        running.broker.kill()
        running.broker.wait()
        running.start_broker()

        running.until_ready("echo-1")
        with Caller(running.endpoint, "test") as caller:
            assert caller.call(ECHO, b"x").payload == b"x"
