"""The client meets a broker that dies and comes back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from models.runtime.client import BrokerClient
from models.wire import CloseStream, Result

pytestmark = pytest.mark.system


def start_broker(folder: Path) -> subprocess.Popen[bytes]:
    folder.chmod(0o700)
    command = [sys.executable, "-m", "models.runtime.broker", "--dir", str(folder)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


async def told_of(client: BrokerClient, kind: type[Result] | type[CloseStream]) -> str:
    async for event in client.events():
        if isinstance(event, kind):
            return event.stream
    raise AssertionError("events() never ends")


async def test_a_broker_that_was_killed_gets_its_streams_back_from_the_client(tmp_path: Path) -> None:
    broker = start_broker(tmp_path)
    try:
        async with asyncio.timeout(30), BrokerClient(f"ipc://{tmp_path}/broker", "test") as client:
            await client.open_stream("ana", language="en")
            assert await told_of(client, Result) == "ana"

            broker.kill()
            broker.wait()
            broker = start_broker(tmp_path)

            assert await told_of(client, Result) == "ana"
            await client.close_stream("ana")
            assert await told_of(client, CloseStream) == "ana"
    finally:
        broker.terminate()
        broker.wait(10)


def test_a_folder_that_others_can_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    run = subprocess.run(
        [sys.executable, "-m", "models.runtime.broker", "--dir", str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=False,
    )

    assert run.returncode == 2
    assert "chmod 700" in run.stderr
