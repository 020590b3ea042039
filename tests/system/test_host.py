"""The host as a program: what it says, what survives when a part of it dies, what it leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect

from models.registry import Registry, State, default_models_dir
from sfu.wire import messages as wire
from tests.core.people import offer
from tests.host.front import Client
from tests.system.hosting import RunningHost, hosting
from tests.system.waiting import PATIENCE, until

pytestmark = pytest.mark.system

# A model, on a computer that is busy with other tests.
LOADING = 60.0
WEIGHTS = Registry(default_models_dir()).status("whisper-base").state is State.READY


async def test_ready_says_everything_that_is_needed_to_join(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host:
        ready = host.ready

        assert ready["link"].startswith(f"https://127.0.0.1:{ready['port']}/j/{ready['code']}#fp=")
        assert ready["pid"] == host.process.pid
        assert psutil.pid_exists(ready["children"]["forwarder"])


async def test_the_code_of_a_meeting_that_is_over_opens_nothing_and_the_host_is_known_again(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host:
        old = host.invite
    async with hosting(tmp_path) as host:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        url = f"https://127.0.0.1:{host.invite.port}/api/meetings/{old.code}/join"
        async with httpx.AsyncClient(verify=trusting) as http:
            reply = await http.post(url, json={"name": "Ana"})

        assert host.invite.fingerprint == old.fingerprint
        assert host.invite.code != old.code
        assert (reply.status_code, reply.json()["code"]) == (404, "no_meeting")
        assert "Check it with the host" in reply.json()["detail"]


async def test_a_stopped_host_leaves_nothing_running(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host:
        forwarder = host.ready["children"]["forwarder"]
        host.process.send_signal(signal.SIGTERM)
        ended = await host.event("ended")
        await host.process.wait()

    assert host.process.returncode == 0
    assert ended["transcript"] is None
    assert not psutil.pid_exists(forwarder)


async def test_a_host_goes_with_its_parent_and_its_children_go_with_it_even_when_killed(tmp_path: Path) -> None:
    async with hosting(tmp_path / "a") as orphan, hosting(tmp_path / "b") as killed:
        assert orphan.process.stdin is not None
        orphan.process.stdin.close()
        killed.process.kill()

        for host in (orphan, killed):
            await host.process.wait()
            await until(lambda host=host: gone(host.ready["children"]["forwarder"]), "the forwarder to go")


async def test_a_forwarder_that_dies_again_and_again_is_replaced_while_the_meeting_goes_on(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host, joined(host, "Ana") as ana, joined(host, "Ben") as ben:
        await ana.say(offer())
        await ana.hear(wire.Answer)
        await host.kill_forwarder()
        await host.kill_forwarder()

        notice = await ben.hear(wire.Notice)
        assert notice.code == "media_lost"
        assert "started again" in notice.sentence
        await until(lambda: answered(ana), "an answer from the new forwarder's host")


async def test_a_second_host_on_the_port_says_so_and_the_first_goes_on(tmp_path: Path) -> None:
    async with hosting(tmp_path / "a") as host, joined(host, "Ana") as ana:
        command = [sys.executable, "-m", "sfu.host", "--port", str(host.ready["port"]), "--bind", "127.0.0.1", "--json"]
        second = await asyncio.create_subprocess_exec(
            *command, "--data", str(tmp_path / "b"), stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(PATIENCE):
            said, _ = await second.communicate()

        assert second.returncode == 2
        error = json.loads(said)
        assert (error["event"], error["code"]) == ("error", "busy_port")
        assert str(host.ready["port"]) in error["sentence"]
        await ana.lives()


async def test_without_weights_the_meeting_goes_on_and_says_how_to_get_them(tmp_path: Path) -> None:
    arguments = ("--models", str(tmp_path / "none"))
    async with hosting(tmp_path / "data", arguments) as host, joined(host, "Ana") as ana:
        captions = ana.welcome.captions

        assert (captions.on, captions.available) == (True, False)
        assert "parley models fetch whisper-base" in captions.sentence
        assert set(host.ready["children"]) == {"control", "forwarder", "broker"}
        await ana.lives()


async def test_a_broker_that_dies_is_told_and_replaced(tmp_path: Path) -> None:
    arguments = ("--models", str(tmp_path / "none"))
    async with hosting(tmp_path / "data", arguments) as host, joined(host, "Ana") as ana:
        os.kill(host.ready["children"]["broker"], signal.SIGKILL)

        assert "started again" in (await ana.hear(wire.Notice)).sentence
        await ana.lives()


@pytest.mark.weights
@pytest.mark.skipif(not WEIGHTS, reason="no weights here; `parley models fetch whisper-base` brings them")
async def test_a_captions_worker_that_dies_is_told_and_replaced(tmp_path: Path) -> None:
    async with hosting(tmp_path, ()) as host, joined(host, "Ana") as ana:
        if not ana.welcome.captions.available:
            await captions_work(ana)
        os.kill(host.ready["children"]["captions-1"], signal.SIGKILL)

        assert "started again" in (await ana.hear(wire.Notice, LOADING)).sentence
        await captions_work(ana)


@asynccontextmanager
async def joined(host: RunningHost, name: str, host_token: str = "") -> AsyncIterator[Client]:
    """A client that has been welcomed.  It trusts whatever it is shown, which is for other tests to forbid."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    origin = f"127.0.0.1:{host.ready['port']}"
    headers = {"Authorization": f"Bearer {host_token}"} if host_token else {}
    async with httpx.AsyncClient(verify=trusting, headers=headers, timeout=PATIENCE) as http:
        reply = await http.post(f"https://{origin}/api/meetings/{host.ready['code']}/join", json={"name": name})
    async with connect(f"wss://{origin}/session", ssl=trusting) as socket:
        client = Client(socket)
        await client.join(reply.json()["token"])
        yield client


async def captions_work(client: Client) -> None:
    while not (await client.hear(wire.CaptionsChanged, LOADING)).captions.available:
        pass


async def answered(client: Client) -> bool:
    """Whether an offer is answered now; a host whose forwarder is away says to try again."""
    await client.say(offer())
    return isinstance(await client.hear(wire.Answer | wire.Error), wire.Answer)


async def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid)
