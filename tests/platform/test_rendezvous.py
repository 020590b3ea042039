"""Programs of ours meet over ZeroMQ, with Unix sockets and without."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import zmq

from models.core.members import LOCAL
from models.runtime.broker import Broker, Network
from models.runtime.calling import Caller
from models.runtime.curve import new_host_keys, new_worker
from sfu import rendezvous

HERE_MS = 5_000
NOT_HERE_MS = 300


@pytest.fixture(params=[False, True], ids=["unix", "portable"])
def portable(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(rendezvous, "PORTABLE", request.param)
    return bool(request.param)


class Pair:
    """PULL here, PUSH to it, in one context; a context manager."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.pull, self.push = self.context.socket(zmq.PULL), self.context.socket(zmq.PUSH)

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: Any) -> None:
        self.context.destroy(linger=0)


@pytest.mark.usefixtures("portable")
def test_whoever_may_read_the_folder_is_heard_also_when_they_were_there_first(tmp_path: Path) -> None:
    with Pair() as pair:
        rendezvous.connect(pair.push, rendezvous.place(tmp_path, "tap"))
        pair.push.send(b"a packet")
        rendezvous.bind(pair.pull, rendezvous.place(tmp_path, "tap"))

        assert pair.pull.poll(HERE_MS)
        assert pair.pull.recv() == b"a packet"


def test_the_port_is_told_to_the_owner_of_the_folder_alone_and_stays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendezvous, "PORTABLE", True)
    place = rendezvous.place(tmp_path, "tap")
    before = (tmp_path / "tap.port").read_text()

    assert rendezvous.place(tmp_path, "tap") == place
    assert (tmp_path / "tap.port").read_text() == before
    assert stat.S_IMODE((tmp_path / "tap.port").stat().st_mode) == 0o600


@pytest.mark.parametrize("knows", ["nothing", "another key"])
def test_who_finds_the_port_without_the_key_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: str
) -> None:
    monkeypatch.setattr(rendezvous, "PORTABLE", True)
    with Pair() as pair:
        rendezvous.bind(pair.pull, rendezvous.place(tmp_path, "tap"))
        if knows == "another key":
            pair.push.curve_serverkey, _ = zmq.curve_keypair()
            pair.push.curve_publickey, pair.push.curve_secretkey = zmq.curve_keypair()
        pair.push.connect(f"tcp://127.0.0.1:{json.loads((tmp_path / 'tap.port').read_text())['number']}")
        pair.push.send(b"a forged packet")

        assert not pair.pull.poll(NOT_HERE_MS)


@pytest.mark.usefixtures("portable")
def test_a_broker_that_takes_workers_of_other_computers_still_knows_its_own(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    keys = tmp_path / "keys.json"
    new_worker(keys, tmp_path / "worker.json")
    broker = Broker(tmp_path, network=Network("tcp://127.0.0.1:*", new_host_keys(keys)))
    try:
        with Caller(broker.endpoint, "test"):
            own = broker._routers[LOCAL]
            assert own.poll(HERE_MS)
    finally:
        broker.close()
