"""The contract with aiortc's and aioice's private names, held over a real loopback socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from aioice import stun

from app.engine import transport as module
from app.engine.lifeline import LinkLost
from app.engine.transport import MediaTransport, RemoteTransport, local_addresses
from sfu.rtp.errors import ErrorCode, UserError
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import ReceiverReport, serialize
from tests.engine.ice_lite import IceLiteHost

RTP = RtpPacket(96, 7, 1_000, 42, b"media").serialize()
RTCP = serialize([ReceiverReport(42)])


class Client:
    def __init__(self) -> None:
        self.rtp: asyncio.Queue[bytes] = asyncio.Queue()
        self.rtcp: asyncio.Queue[bytes] = asyncio.Queue()
        self.transport = MediaTransport(
            lambda data, at: self.rtp.put_nowait(data), lambda data, at: self.rtcp.put_nowait(data)
        )


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Client, IceLiteHost]]:
    client, host = Client(), IceLiteHost()
    await host.start()
    try:
        async with asyncio.timeout(10):
            async with asyncio.TaskGroup() as both:
                both.create_task(client.transport.connect(host.remote))
                both.create_task(host.secure(client.transport.fingerprint))
            yield client, host
    finally:
        await client.transport.close()
        await host.close()


async def test_whole_rtp_and_rtcp_packets_cross_in_both_directions() -> None:
    async with connected() as (client, host):
        running = asyncio.create_task(client.transport.run())
        client.transport.send(RTP)
        client.transport.send(RTCP)
        await host.send(RTP)
        await host.send(RTCP)

        assert await host.rtp.get() == RTP
        assert await host.rtcp.get() == RTCP
        assert await client.rtp.get() == RTP
        assert await client.rtcp.get() == RTCP
        running.cancel()


async def test_the_cheapest_srtp_profile_is_agreed_with_a_host_that_has_no_wish_of_its_own() -> None:
    async with connected() as (client, _):
        ssl = client.transport._dtls._ssl

        assert ssl is not None
        assert ssl.get_selected_srtp_profile() == b"SRTP_AEAD_AES_128_GCM"


async def test_a_host_that_answers_no_check_proves_nothing_by_what_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.02)
    async with connected() as (client, host):
        running = asyncio.create_task(client.transport.run())
        await asyncio.sleep(0.1)
        host.answers = False
        await asyncio.sleep(0.05)
        before = client.transport.proved
        await host.send(RTP)

        assert await client.rtp.get() == RTP
        assert client.transport.proved == before
        running.cancel()


async def test_an_unanswered_check_is_repeated_before_the_next_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 60.0)
    monkeypatch.setattr(stun, "RETRY_RTO", 0.02)
    async with connected() as (client, host):
        host.answers = False
        running = asyncio.create_task(client.transport.run())
        await asyncio.sleep(0.1)
        before = client.transport.proved
        host.answers = True

        async with asyncio.timeout(5):
            while client.transport.proved == before:  # noqa: ASYNC110 - a real socket answers in real time
                await asyncio.sleep(0.01)
        running.cancel()


async def test_a_host_that_falls_silent_stops_being_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.02)
    async with connected() as (client, host):
        running = asyncio.create_task(client.transport.run())
        first = client.transport.proved
        await asyncio.sleep(0.1)
        answered = client.transport.proved
        host.answers = False
        await asyncio.sleep(0.1)
        silent = client.transport.proved
        await asyncio.sleep(0.1)

        assert first < answered
        assert client.transport.proved == pytest.approx(silent, abs=0.05)
        running.cancel()


async def test_a_path_that_ends_is_reported_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_EVERY", 0.02)
    async with connected() as (client, host):
        await host.close()

        with pytest.raises(ExceptionGroup) as lost:
            await client.transport.run()

        assert lost.group_contains(LinkLost)


async def test_a_certificate_other_than_the_answers_is_refused() -> None:
    client, host = Client(), IceLiteHost()
    await host.start()
    forged = replace(host.remote, fingerprints=[("sha-256", ":".join(["00"] * 32))])
    handshake = asyncio.create_task(host.secure(client.transport.fingerprint))

    with pytest.raises(UserError) as refused:
        await client.transport.connect(forged)

    assert refused.value.code is ErrorCode.HOST_UNREACHABLE
    handshake.cancel()
    await client.transport.close()
    await host.close()


async def test_who_leaves_during_the_handshake_has_left_though_a_library_forgot_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = asyncio.Event()
    start = module._Dtls.start

    async def forgetful(dtls: module._Dtls, parameters: Any) -> None:
        begun.set()
        with suppress(asyncio.CancelledError):  # as `asyncio.wait_for` when what it waits for comes at the same time
            await asyncio.sleep(60)
        await start(dtls, parameters)

    monkeypatch.setattr(module._Dtls, "start", forgetful)
    client, host = Client(), IceLiteHost()
    await host.start()
    connecting = asyncio.create_task(client.transport.connect(host.remote))
    securing = asyncio.create_task(host.secure(client.transport.fingerprint))
    await begun.wait()

    connecting.cancel()
    await asyncio.wait([connecting], timeout=10)

    assert connecting.cancelled()
    securing.cancel()
    await asyncio.wait([securing])
    await client.transport.close()
    await host.close()


async def test_a_blocked_udp_port_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.2)
    client, host = Client(), IceLiteHost()
    await host.start()
    host.answers = False

    with pytest.raises(UserError, match="firewall"):
        await client.transport.connect(host.remote)

    await client.transport.close()
    await host.close()


def test_a_host_on_this_computer_is_reached_over_loopback_alone() -> None:
    assert local_addresses(["127.0.0.1"]) == ["127.0.0.1"]
    assert local_addresses(["::1", "127.0.0.1"]) == ["127.0.0.1", "::1"]
    assert "127.0.0.1" not in local_addresses(["192.0.2.7"])


async def test_another_way_is_taken_under_the_same_keys_and_what_waits_for_packets_never_notices() -> None:
    async with connected() as (client, host):
        running = asyncio.create_task(client.transport.run())
        before, offered = client.transport.username, []

        async def ask(username: str, password: str) -> RemoteTransport:
            offered.append(username)
            return host.remote

        await client.transport.move(ask)
        client.transport.send(RTP)
        await host.send(RTCP)

        assert await host.rtp.get() == RTP
        assert await client.rtcp.get() == RTCP
        assert client.transport.username == offered[0] != before
        running.cancel()


async def test_a_way_that_does_not_open_leaves_the_old_one_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOVE_TIMEOUT", 0.2)
    async with connected() as (client, host):
        running = asyncio.create_task(client.transport.run())
        nobody = IceLiteHost()
        await nobody.start()
        nobody.answers = False

        async def ask(username: str, password: str) -> RemoteTransport:
            return nobody.remote

        with pytest.raises((ConnectionError, TimeoutError)):
            await client.transport.move(ask)
        client.transport.send(RTP)

        assert await host.rtp.get() == RTP
        running.cancel()
        await nobody.close()
