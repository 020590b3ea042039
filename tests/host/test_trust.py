"""The trust page, and that nothing else is ever sent without TLS."""

from __future__ import annotations

import plistlib
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake

from sfu.wire.words import spoken
from tests.host.front import CODE, Front, front


async def plain(running: Front, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as client:
        return await client.get(path, headers=headers)


async def test_the_port_of_the_meeting_serves_the_trust_page_without_tls(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        page = await plain(running, "/trust")
        chinese = await plain(running, "/trust", **{"Accept-Language": "zh-CN,zh;q=0.9"})

    authority = running.certificates.authority
    for reply in (page, chinese):
        assert reply.status_code == 200
        assert authority.title in reply.text
        assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "Compare first" in page.text
    assert "请先核对" in chinese.text
    assert "$" not in page.text + chinese.text


async def test_the_page_vouches_for_nothing_that_could_be_changed_on_its_way(tmp_path: Path) -> None:
    """What is compared stands on the host's screen and in the system's own dialog, never here."""
    async with front(tmp_path) as running:
        page = await plain(running, "/trust")

    authority = running.certificates.authority
    assert authority.fingerprint not in page.text
    assert spoken(authority.pin) not in page.text


async def test_what_it_offers_is_the_authority_and_nothing_more(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        certificate = await plain(running, "/trust/parley.crt")
        profile = await plain(running, "/trust/parley.mobileconfig")

    found = x509.load_der_x509_certificate(certificate.content)
    assert found.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    assert profile.headers["content-type"] == "application/x-apple-aspen-config"
    inside = plistlib.loads(profile.content)["PayloadContent"]
    assert [(part["PayloadType"], part["PayloadContent"]) for part in inside] == [
        ("com.apple.security.root", certificate.content)
    ]
    assert b"PRIVATE KEY" not in certificate.content + profile.content


async def test_a_link_opened_without_tls_is_sent_on_to_tls(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        link = await plain(running, f"/j/{CODE}")
        home = await plain(running, "/")

    assert (link.status_code, link.headers["location"]) == (308, f"{running.origin}/j/{CODE}")
    assert (home.status_code, home.headers["location"]) == (308, f"{running.origin}/")


@pytest.mark.parametrize("path", ["/api/health", "/web/main.js", "/session", "/trust/../api/health", "/favicon.ico"])
async def test_nothing_of_a_meeting_is_sent_without_tls(tmp_path: Path, path: str) -> None:
    async with front(tmp_path) as running:
        reply = await plain(running, path)

    assert reply.status_code == 404
    assert reply.json()["code"] == "bad_link"


async def test_nobody_joins_without_tls(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as client:
            assert (await client.post(f"/api/meetings/{CODE}/join", json={"name": "Ana"})).status_code == 404
        with pytest.raises(InvalidHandshake):
            async with connect(f"ws://127.0.0.1:{running.port}/session"):
                pass


async def test_a_rebound_name_sees_not_even_the_trust_page(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        reply = await plain(running, "/trust", Host="evil.example")

    assert reply.status_code == 421
