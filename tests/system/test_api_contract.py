"""The running HTTP API against its own description (schemathesis): whatever is sent, no server error."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.hosting import hosting

pytestmark = pytest.mark.system

DEADLINE = 120.0


async def run(data: Path, port: int, header: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run",
        f"https://127.0.0.1:{port}/api/openapi.json",
        "--tls-verify=false", "--phases=coverage,fuzzing", "--checks=not_a_server_error", "--max-examples=2",
        "--seed=1", "--exclude-path-regex=/end$|/wh", f"--header={header}",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return await asyncio.to_thread(
        subprocess.run, command, cwd=data, env=environment, capture_output=True, text=True, timeout=DEADLINE
    )


@pytest.mark.slow
async def test_nothing_that_is_sent_makes_the_host_fail(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host:
        done = await run(tmp_path, host.ready["port"], f"Authorization: Bearer {host.ready['host_token']}")

        assert host.process.returncode is None
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
