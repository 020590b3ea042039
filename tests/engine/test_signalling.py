"""Joining over real TLS and WebSocket, against a host that plays a script."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine import signalling
from app.engine.invite import Invite
from app.engine.lifeline import LinkLost
from app.engine.signalling import open_session, parse, refusal
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.wire import messages as wire
from tests.engine.fake_host import WELCOME, Client, fake_host

DESKTOP = wire.ClientKind.DESKTOP


async def forever(client: Client) -> None:
    await client.say(WELCOME)
    await client.hear(wire.Leave)


async def why_not(invite: Invite, name: str = "Ana") -> UserError:
    with pytest.raises(UserError) as refused:
        async with open_session(invite, name, DESKTOP):
            pytest.fail("the host let us in")
    return refused.value


async def test_a_client_joins_with_its_name_and_is_welcomed(tmp_path: Path) -> None:
    async with fake_host(tmp_path, forever) as host, open_session(host.invite, "Ana", DESKTOP) as session:
        welcome = await session.receive()

        assert welcome == WELCOME
        assert host.asked == [{"name": "Ana", "passcode": ""}]


async def test_a_stranger_at_the_address_is_told_nothing(tmp_path: Path) -> None:
    async with fake_host(tmp_path, forever) as host:
        error = await why_not(replace(host.invite, fingerprint=bytes(32)))

        assert error.code is ErrorCode.FOREIGN_CERTIFICATE
        assert host.asked == []


async def test_nobody_at_the_address_is_a_sentence() -> None:
    error = await why_not(Invite("127.0.0.1", 9, "ABCD2345", bytes(32)))

    assert error.code is ErrorCode.HOST_UNREACHABLE
    assert "no meeting is open on its port 9" in error.sentence


async def test_the_hosts_own_sentence_reaches_the_person(tmp_path: Path) -> None:
    problem = wire.Problem(title="Full", status=403, detail="The meeting is full.", code=ErrorCode.MEETING_FULL)
    async with fake_host(tmp_path, forever) as host:
        host.refuse = 403, problem.model_dump_json()
        error = await why_not(host.invite)

    assert (error.code, error.sentence) == (ErrorCode.MEETING_FULL, "The meeting is full.")


async def test_a_name_that_nobody_may_have_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    async with fake_host(tmp_path, forever) as host:
        error = await why_not(host.invite, name="")

        assert "Choose another name" in error.sentence
        assert host.asked == []


async def test_unreadable_messages_are_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def confused(client: Client) -> None:
        await client.say_raw("{")
        await client.say_raw('{"type": "surprise"}')
        await client.say_raw('{"type": "left", "participant": 7}')
        await forever(client)

    async with fake_host(tmp_path, confused) as host, open_session(host.invite, "Ana", DESKTOP) as session:
        assert await session.receive() == WELCOME

    assert len([record for record in caplog.records if record.name == signalling.__name__]) == 3


async def test_an_oversized_message_ends_the_link_and_not_the_program(tmp_path: Path) -> None:
    async def shouting(client: Client) -> None:
        await client.say_raw("x" * (wire.MAX_FRAME + 1))
        await forever(client)

    async with fake_host(tmp_path, shouting) as host, open_session(host.invite, "Ana", DESKTOP) as session:
        with pytest.raises(LinkLost):
            await session.receive()


async def test_a_closed_socket_is_a_lost_link(tmp_path: Path) -> None:
    async def hangs_up(client: Client) -> None:
        await client.say(WELCOME)
        await client.hang_up()

    async with fake_host(tmp_path, hangs_up) as host, open_session(host.invite, "Ana", DESKTOP) as session:
        await session.receive()
        with pytest.raises(LinkLost):
            await session.receive()


async def test_the_meetings_clock_follows_the_quickest_answer(tmp_path: Path) -> None:
    async with fake_host(tmp_path, forever) as host, open_session(host.invite, "Ana", DESKTOP) as session:
        await session.receive()
        await session.ping()
        pong = await session.receive()

        assert isinstance(pong, wire.Pong)
        assert asyncio.get_running_loop().time() - session.meeting_began == pytest.approx(WELCOME.now, abs=1.0)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_frame_is_a_message_or_one_fault(frame: str | bytes) -> None:
    try:
        parse(frame)
    except PeerFault as fault:
        assert fault.code is ErrorCode.BAD_FRAME


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_refusal_has_a_sentence(status: int, body: bytes) -> None:
    assert refusal(status, body).sentence
