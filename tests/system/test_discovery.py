"""Meetings found on networks of our own, by real programs: several networks, hosts of one name, guest Wi-Fi."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.system.netns import UNABLE, WHY, Computer, networks
from tests.system.waiting import PATIENCE

pytestmark = [pytest.mark.system, pytest.mark.skipif(UNABLE, reason=WHY)]


@asynccontextmanager
async def host(where: Computer, data: Path) -> AsyncIterator[dict[str, Any]]:
    command = [sys.executable, "-m", "sfu.host", "--title", "Weekly", "--data", str(data), "--json", "--no-captions"]
    async with where.running(command) as process:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            ready = json.loads(await process.stdout.readline())
        assert ready["event"] == "ready", ready
        yield ready


async def join(where: Computer, typed: str, report: Path, words: str = "") -> tuple[int, str]:
    """Exit status and what was said on standard error of a participant who stays a second."""
    command = [sys.executable, "-m", "app.headless", typed, "--name", "Ben", "--seconds", "9"]
    command += ["--report", str(report), "--words", words]
    process = await where.start(command)
    async with asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_code_alone_finds_the_right_one_of_two_hosts_that_look_alike(tmp_path: Path) -> None:
    """Both run on this computer, so they have one host name, and one title; one sits in two networks."""
    with networks() as net:
        first, second = net.computer(0, 1), net.computer(1)
        near, far = net.computer(0), net.computer(1)
        async with host(first, tmp_path / "a") as one, host(second, tmp_path / "b") as other:
            joins = [
                join(near, one["code"], tmp_path / "1.json", one["words"]),
                join(far, other["code"].lower(), tmp_path / "2.json", other["words"]),
                join(far, one["code"], tmp_path / "3.json", other["words"]),
            ]
            found = await asyncio.gather(*joins)

    assert [status for status, _ in found] == [0, 0, 2], found
    assert "nobody confirmed its words" in found[2][1]


async def test_an_unknown_code_says_to_type_the_address(tmp_path: Path) -> None:
    with networks() as net:
        client = net.computer(0)
        async with host(net.computer(0), tmp_path) as ready:
            wrong = "ABCDEFGH" if ready["code"] != "ABCDEFGH" else "HGFEDCBA"
            status, said = await join(client, wrong, tmp_path / "r.json")

    assert status == 2
    assert "None of the meetings that were found on this network (1)" in said
    assert "192.168.1.20 KM4T-7QXD" in said


async def test_wifi_that_keeps_devices_apart_is_recognised(tmp_path: Path) -> None:
    with networks() as net:
        server = net.computer(0, isolated=True)
        client = net.computer(0, isolated=True, router=True)
        async with host(server, tmp_path) as ready:
            status, said = await join(client, f"{server.addresses[0]} {ready['code']}", tmp_path / "r.json")

    assert status == 2
    assert "client isolation" in said


async def test_a_host_that_moves_shows_a_certificate_for_its_new_address_and_the_same_key(tmp_path: Path) -> None:
    with networks() as net:
        server, client = net.computer(0), net.computer(0)
        async with host(server, tmp_path) as ready:
            server.ip("address", "delete", f"{server.addresses[0]}/24", "dev", "eth0")
            server.ip("address", "add", "10.77.0.200/24", "dev", "eth0")
            await _until_named(client, "10.77.0.200", ready["port"])
            status, said = await join(client, ready["code"], tmp_path / "r.json", ready["words"])

    assert status == 0, said


async def _until_named(client: Computer, address: str, port: int) -> None:
    """Waits until the certificate that answers at `address` names it."""
    script = f"import ssl; print(ssl.get_server_certificate(({address!r}, {port}), timeout=3))"
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        process = await client.start([sys.executable, "-c", script])
        pem, _ = await process.communicate()
        if process.returncode == 0:
            leaf = x509.load_der_x509_certificate(ssl.PEM_cert_to_DER_cert(pem.decode().strip()))
            names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            if address in [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]:
                return
        await asyncio.sleep(0.5)
    raise AssertionError(f"no certificate for {address}")
