"""Somebody on the network wants the meeting not to happen; the others do not notice."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.system.netns import UNABLE, WHY, networks
from tests.system.waiting import PATIENCE

pytestmark = [pytest.mark.system, pytest.mark.skipif(UNABLE, reason=WHY)]

# Opens more sockets than the host takes in all and keeps them; or asks for what is not there, as fast as it can.
FLOOD = """
import resource, socket, ssl, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
address, port, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl._create_unverified_context()
held = []
for n in range(1100):
    try:
        one = context.wrap_socket(socket.create_connection((address, port), 2))
        if kind == "sockets":
            one.sendall(b"GET /session HTTP/1.1\\r\\nHost: %b\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                        b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n"
                        % address.encode())
            held.append(one)
        else:
            for _ in range(20):
                one.sendall(b"GET /nothing/%d HTTP/1.1\\r\\nHost: %b\\r\\n\\r\\n" % (n, address.encode()))
                one.recv(65536)
            one.close()
    except OSError:
        pass
    if kind == "404" and n == 50:
        print("under way", flush=True)
print("held", len(held), flush=True)
time.sleep(20)
"""


@pytest.mark.parametrize("kind", ["sockets", "404"])
async def test_a_flood_from_one_address_keeps_nobody_else_out(tmp_path: Path, kind: str) -> None:
    with networks() as net:
        server, attacker, guest = net.computer(0), net.computer(0), net.computer(0)
        hosts = [sys.executable, "-m", "sfu.host", "--data", str(tmp_path), "--json", "--no-captions", "--unlisted"]
        async with server.running(hosts) as host:
            assert host.stdout is not None
            async with asyncio.timeout(PATIENCE):
                ready = json.loads(await host.stdout.readline())
            flood = [sys.executable, "-c", FLOOD, server.addresses[0], str(ready["port"]), kind]
            async with attacker.running(flood) as flooding:
                assert flooding.stdout is not None
                async with asyncio.timeout(2 * PATIENCE):
                    await flooding.stdout.readline()
                join = [sys.executable, "-m", "app.headless", ready["link"], "--name", "Ana", "--seconds", "8"]
                joining = await guest.start([*join, "--report", str(tmp_path / "ana.json")])
                async with asyncio.timeout(2 * PATIENCE):
                    _, said = await joining.communicate()

    assert joining.returncode == 0, said.decode()
    report = json.loads((tmp_path / "ana.json").read_text())
    assert report["join"]["live_s"] is not None
