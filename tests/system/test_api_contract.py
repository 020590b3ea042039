"""The running HTTP API against its own description (schemathesis): whatever is sent by whomever, no server error."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.system.hosting import RunningHost, hosting
from tests.system.test_host import joined

pytestmark = pytest.mark.system

DEADLINE = 240.0
ANA = {"name": "Ana", "password": "a long enough one"}
# Each request of the description so often; the description's own examples and boundaries come on top.
EXAMPLES = {"host": 4, "account": 2, "member": 2, "nobody": 1}


async def run(folder: Path, port: int, examples: int, token: str | None) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run",
        f"https://127.0.0.1:{port}/api/openapi.json",
        "--tls-verify=false", "--phases=coverage,fuzzing", "--checks=not_a_server_error", f"--max-examples={examples}",
        "--seed=1", "--exclude-path-regex=/end$|/wh",
    ]  # fmt: skip
    command += [f"--header=Authorization: Bearer {token}"] if token is not None else []
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return await asyncio.to_thread(_run, command, folder, environment)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    folder.mkdir()
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=DEADLINE)


async def account(host: RunningHost) -> str:
    """The token of somebody with an account."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{host.ready['port']}", verify=trusting) as client:
        await client.post("/api/users", json=ANA)
        return str((await client.post("/api/login", json=ANA)).json()["token"])


@pytest.mark.slow
async def test_nothing_that_is_sent_makes_the_host_fail(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, joined(host, "Ben") as ben, joined(host, "Cleo") as cleo:
        tokens = {
            "host": host.ready["host_token"], "account": await account(host), "member": ben.welcome.key, "nobody": None
        }
        runs = (run(tmp_path / who, host.ready["port"], EXAMPLES[who], token) for who, token in tokens.items())
        done = dict(zip(tokens, await asyncio.gather(*runs), strict=True))

        assert host.process.returncode is None
        await cleo.lives()
    for who, each in done.items():
        assert each.returncode == 0, f"as {who}: {each.stdout[-6000:]}{each.stderr[-2000:]}"
