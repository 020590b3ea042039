"""Sockets that are lost, over real ones: the same person is back with what they missed, and nobody noticed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from sfu.core.backlog import CAPACITY
from sfu.host import places, server
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.core.people import offer
from tests.host.front import HOST_TOKEN, Client, Front, front
from tests.system.waiting import until


async def chats(client: Client, count: int) -> list[str]:
    return [(await client.hear(wire.Chat)).message.text for _ in range(count)]


async def lost(running: Front, client: Client) -> None:
    """Its connection breaks, and the host knows."""
    client.socket.transport.abort()

    async def known() -> bool:
        return running.conference._places.is_lost(client.you)

    await until(known, "the host to see that the socket is gone")


async def refusal(client: Client, before: Client, **changed: object) -> wire.Error:
    await client.say(
        wire.Resume.model_validate(
            {"participant": before.you, "key": before.welcome.key, "seen": 0, "protocol": wire.PROTOCOL, **changed}
        )
    )
    error: wire.Error = await client.hear(wire.Error)
    return error


async def test_what_was_said_meanwhile_comes_in_order_and_once_and_nobody_noticed(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await ana.say(offer())
        await ana.hear(wire.Answer)
        await ana.say(wire.Hand(up=True))
        await ben.say(wire.Say(text="0"))
        assert await chats(ana, 1) == ["0"]
        await lost(running, ana)
        for n in range(1, 4):
            await ben.say(wire.Say(text=str(n)))
        await chats(ben, 4)
        async with running.socket() as again:
            resumed = await again.resume(ana, media=True)
            await ben.say(wire.Say(text="4"))

            assert await chats(again, 4) == ["1", "2", "3", "4"]
            assert (resumed.you, resumed.media, resumed.heard) == (ana.you, True, 2)
            (person,) = [each for each in running.conference.meeting.roster() if each.id == ana.you]
            assert person.hand is not None
            assert running.forwarder.of(link.RemovePeer) == []
            await ben.say(wire.Ping(n=1))
            told = []
            while not isinstance(message := await ben.hear(wire.Message), wire.Pong):
                told.append(message)
            assert not [message for message in told if isinstance(message, wire.Left)]


async def test_what_was_on_its_way_to_the_lost_socket_comes_again(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await ana.hear(wire.Joined)
        await ben.say(wire.Say(text="unread"))
        await chats(ben, 1)
        await lost(running, ana)
        async with running.socket() as again:
            await again.resume(ana)

            assert await chats(again, 1) == ["unread"]


async def test_a_second_socket_takes_over_from_one_that_still_looks_open(tmp_path: Path) -> None:
    async with (
        front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben,
        running.socket() as again,
    ):  # fmt: skip
        await again.resume(ana)
        await ana.say(wire.Say(text="from the old one"))
        await ana.closed()
        await again.say(wire.Say(text="from the new one"))

        assert await chats(ben, 1) == ["from the new one"]
        await ben.lives()
        assert len(running.conference.meeting.roster()) == 2


@pytest.mark.parametrize(
    "changed",
    [{"key": "x" * 24}, {"participant": "p9"}, {"seen": 10_000}, {"protocol": 2}],
    ids=["key", "nobody", "never sent", "version"],
)
async def test_nobody_takes_a_place_that_is_not_theirs(tmp_path: Path, changed: dict[str, object]) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.socket() as eve:
        error = await refusal(eve, ana, **changed)

        assert error.fatal
        assert error.code in (ErrorCode.GONE, ErrorCode.BAD_SEQUENCE, ErrorCode.UNSUPPORTED)
        assert await eve.closed() == 1008
        await ana.lives()


async def test_who_has_no_media_any_more_offers_anew(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        await ana.say(offer())
        await ana.hear(wire.Answer)
        await lost(running, ana)
        async with running.socket() as again:
            resumed = await again.resume(ana, media=False)
            await again.say(offer())
            await again.hear(wire.Answer)

            assert not resumed.media
            assert running.forwarder.of(link.RemovePeer) == [link.RemovePeer(peer=ana.you)]


async def test_who_was_removed_meanwhile_is_told_so_when_they_come_back(tmp_path: Path) -> None:
    async with (
        front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana, running.joined("Ana") as ana,
    ):  # fmt: skip
        await lost(running, ana)
        await hana.say(wire.Remove(participant=ana.you))
        await hana.hear(wire.Left)
        async with running.socket() as again:
            await again.resume(ana)

            assert (await again.hear(wire.Error)).code == ErrorCode.REMOVED
            assert await again.closed() == 1000


async def test_who_does_not_come_back_has_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "GRACE", 0.2)
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        ana.socket.transport.abort()

        assert (await ben.hear(wire.Left)).reason == "The connection was lost."
        async with running.socket() as again:
            assert (await refusal(again, ana)).code == ErrorCode.GONE


async def test_who_says_that_they_leave_has_left_at_once(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await ana.socket.close()

        assert (await ben.hear(wire.Left)).participant == ana.you


async def test_who_hangs_up_while_something_is_on_its_way_to_them_has_left_at_once(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ben") as ben:
        for _ in range(5):
            async with running.joined("Ana") as ana:
                closing = asyncio.create_task(ana.socket.close())
                for n in range(20):
                    running.conference.notice("test", str(n))
                    await asyncio.sleep(0)
                await closing

            assert (await ben.hear(wire.Left)).participant == ana.you


async def test_who_comes_anew_after_a_lost_socket_does_not_meet_themselves(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await lost(running, ana)
        async with running.joined("Ana") as anew:
            assert (await ben.hear(wire.Left)).participant == ana.you
            assert (await ben.hear(wire.Joined)).participant.name == "Ana"
            assert [person.name for person in anew.welcome.roster] == ["Ben", "Ana"]


async def test_who_waits_in_the_lobby_has_no_place_to_come_back_to(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana:
        await hana.say(wire.SetPolicy(lobby=True))
        await hana.hear(wire.PolicyChanged)
        token = await running.token("Ana")
        async with running.socket() as ana:
            await ana.say(wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.DESKTOP))
            assert (await hana.hear(wire.Lobby)).waiting
            ana.socket.transport.abort()
            assert not (await hana.hear(wire.Lobby)).waiting


async def test_for_whom_too_much_waits_the_place_is_gone(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await lost(running, ana)
        for n in range(2):
            for _ in range(CAPACITY // 2 + 1):
                running.conference.notice("test", f"{n}")
            await ben.lives()
        async with running.socket() as again:
            assert (await refusal(again, ana)).code == ErrorCode.GONE


async def test_the_client_is_told_how_much_of_what_it_said_arrived(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        await ana.say(wire.Say(text="one"))
        await ana.say('{"type":"nonsense"}')
        await ana.say(wire.Ping(n=1))

        assert (await ana.hear(wire.Pong)).heard == 2
        await lost(running, ana)
        async with running.socket() as again:
            assert (await again.resume(ana)).heard == 2


async def test_a_socket_whose_pings_are_unanswered_is_lost_without_a_word_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "_PING", 0.2)
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        ana.socket.transport.pause_reading()
        await asyncio.sleep(0.6)
        running.conference.notice("test", "said after uvicorn had given up")
        await lost(running, ana)
        async with running.socket() as again:
            await again.resume(ana)
            assert (await again.hear(wire.Notice)).sentence == "said after uvicorn had given up"

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
