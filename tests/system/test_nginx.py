"""The host behind nginx, as `docs/nginx/parley.conf` says: HTTP, the session socket, and who asks."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from sfu.host.certificates import Certificates
from sfu.wire import messages as wire
from tests.host.front import CODE, LOOPBACK, Client, front

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]
EXAMPLE = Path(__file__).parents[2] / "docs" / "nginx" / "parley.conf"


def configured(folder: Path, host: int, port: int) -> Path:
    """The example with this test's ports and certificate, in a server of its own."""
    identity = Certificates(folder / "proxy").issue([LOOPBACK], ["parley.local"])
    (folder / "parley.crt").write_bytes(identity.chain.read_bytes())
    (folder / "parley.key").write_bytes(identity.key.read_bytes())
    site = EXAMPLE.read_text().replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    site = site.replace("127.0.0.1:7443", f"127.0.0.1:{host}").replace("/etc/nginx/", f"{folder}/")
    whole = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{site}\n}}\n"
    )
    return whole


async def test_a_host_behind_nginx_takes_requests_and_sessions(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with front(tmp_path / "data") as running:
        whole = configured(tmp_path, running.port, port)
        quiet = asyncio.subprocess.DEVNULL
        proxy = await asyncio.create_subprocess_exec("nginx", "-c", str(whole), stderr=quiet)
        try:
            trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
            transport = httpx.AsyncHTTPTransport(verify=trust, retries=8)
            async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", transport=transport) as client:
                health = await client.get("/api/health")
                token = (await client.post(f"/api/meetings/{CODE}/join", json={"name": "Ana"})).json()["token"]
            async with connect(f"wss://127.0.0.1:{port}/session", ssl=trust) as socket_:
                ana = Client(socket_)
                await ana.join(token)
                await ana.say(wire.Say(text="through nginx"))
                heard = (await ana.hear(wire.Chat)).message.text
        finally:
            proxy.terminate()
            await proxy.wait()

    assert health.json()["status"] == "ok"
    assert running.tokens.read(token).address == "127.0.0.1"
    assert heard == "through nginx"
