"""A conversation with the host over sockets that are lost, against a host that plays a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.engine import conversation
from app.engine.conversation import Conversation, Door
from app.engine.lifeline import LinkLost
from app.engine.place import Place
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.engine.fake_host import WELCOME, Client, FakeHost, Script, fake_host

KEPT = WELCOME.model_copy(update={"key": "k" * 24})


def numbered(number: int, text: str) -> str:
    return f'{{"seq":{number},"type":"notice","code":"test","sentence":"{text}"}}'


@asynccontextmanager
async def talking(folder: Path, script: Script, media: bool = True) -> AsyncIterator[tuple[FakeHost, Conversation]]:
    async with fake_host(folder, script) as host:
        talk = Conversation(Door(host.invite, "Ana", wire.ClientKind.DESKTOP), None, lambda: media)
        async with talk:
            yield host, talk


async def texts(talk: Conversation, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        message = await talk.receive()
        if isinstance(message, wire.Notice):
            found.append(message.sentence)
    return found


def twice(first: Any, second: Any) -> Script:
    """What the host plays on the first socket, and on those after it."""

    async def play(client: Client) -> None:
        await (first if isinstance(client.first, wire.Join) else second)(client)

    return play


async def hangs_up_after_two(client: Client) -> None:
    await client.say(KEPT)
    await client.say_raw(numbered(1, "one"))
    await client.say_raw(numbered(2, "two"))
    await client.hear(wire.Say)
    await client.hang_up()


async def goes_on(client: Client) -> None:
    await client.say(wire.Resumed(you="p1", media=True, heard=1, now=100.0))
    await client.say_raw(numbered(2, "two"))
    await client.say_raw(numbered(3, "three"))
    await client.sleep()


async def test_a_lost_socket_is_replaced_and_each_message_comes_once(tmp_path: Path) -> None:
    async with talking(tmp_path, twice(hangs_up_after_two, goes_on)) as (host, talk):
        await talk.receive()
        await talk.send(wire.Say(text="hello"))

        assert await texts(talk, 3) == ["one", "two", "three"]
        assert host.clients[1].first == wire.Resume(
            protocol=1, participant="p1", key="k" * 24, seen=2, media=True
        )


async def test_what_the_host_did_not_hear_is_said_again(tmp_path: Path) -> None:
    async def deaf(client: Client) -> None:
        await client.say(KEPT)
        await client.sleep()

    async def listens(client: Client) -> None:
        await client.say(wire.Resumed(you="p1", media=True, heard=1, now=100.0))
        for _ in range(2):
            await client.hear(wire.Say)
        await client.say_raw(numbered(1, "heard"))
        await client.sleep()

    async with talking(tmp_path, twice(deaf, listens)) as (host, talk):
        await talk.receive()
        for text in ("a", "b", "c"):
            await talk.send(wire.Say(text=text))
        assert talk._session is not None
        talk._session.abort()

        assert await texts(talk, 1) == ["heard"]
        assert [said for said in host.clients[1].said if isinstance(said, wire.Say)] == [
            wire.Say(text="b"), wire.Say(text="c"),
        ]  # fmt: skip


@pytest.mark.parametrize("media", [True, False])
async def test_without_a_place_or_media_to_save_the_link_is_lost_at_once(tmp_path: Path, media: bool) -> None:
    async def hangs_up(client: Client) -> None:
        await client.say(WELCOME if media else KEPT)
        await client.hang_up()

    async with talking(tmp_path, hangs_up, media) as (host, talk):
        await talk.receive()
        with pytest.raises(LinkLost):
            await talk.receive()

    assert len(host.clients) == 1
    assert (talk.place is None) is media


async def test_a_place_that_is_gone_is_not_asked_for_again(tmp_path: Path) -> None:
    async def forgets(client: Client) -> None:
        await client.say(wire.Error(code=ErrorCode.GONE, sentence="Gone.", fatal=True))

    async with talking(tmp_path, twice(hangs_up_after_two, forgets)) as (_, talk):
        await talk.receive()
        await talk.send(wire.Say(text="hello"))
        await texts(talk, 2)
        with pytest.raises(LinkLost):
            await talk.receive()
        assert talk.place is None


async def test_a_host_that_has_no_media_of_ours_keeps_the_place(tmp_path: Path) -> None:
    async def knows_us_alone(client: Client) -> None:
        await client.say(wire.Resumed(you="p1", media=False, heard=0, now=100.0))
        await client.sleep()

    async with talking(tmp_path, twice(hangs_up_after_two, knows_us_alone)) as (host, talk):
        await talk.receive()
        await talk.send(wire.Say(text="hello"))
        await texts(talk, 2)
        with pytest.raises(LinkLost):
            await talk.receive()
        assert talk.place is not None
        async with Conversation(Door(host.invite, "Ana", wire.ClientKind.DESKTOP), talk.place, lambda: False) as again:
            assert again.resumed

    assert [type(client.first) for client in host.clients] == [wire.Join, wire.Resume, wire.Resume]
    assert len(host.asked) == 1


async def test_whose_place_is_gone_joins_anew(tmp_path: Path) -> None:
    async def forgets(client: Client) -> None:
        if isinstance(client.first, wire.Resume):
            await client.say(wire.Error(code=ErrorCode.GONE, sentence="Gone.", fatal=True))
        else:
            await client.say(KEPT)
            await client.sleep()

    async with fake_host(tmp_path, forgets) as host:
        door = Door(host.invite, "Ana", wire.ClientKind.DESKTOP)
        async with Conversation(door, Place(KEPT), lambda: False) as talk:
            assert not talk.resumed
            assert await talk.receive() == KEPT


async def test_a_silent_socket_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "PING_EVERY", 0.05)
    monkeypatch.setattr(conversation, "SILENCE", 0.2)

    async def falls_asleep(client: Client) -> None:
        await client.say(KEPT)
        await client.sleep()

    async with talking(tmp_path, twice(falls_asleep, goes_on)) as (_, talk):
        await talk.receive()
        watching = asyncio.create_task(talk.watch_over())

        assert await texts(talk, 1) == ["two"]
        watching.cancel()


async def test_who_waits_in_a_lobby_is_patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "PING_EVERY", 0.05)
    monkeypatch.setattr(conversation, "STAY_FOR", 0.3)

    async with talking(tmp_path, Client.sleep) as (_, talk):
        watching = asyncio.create_task(talk.watch_over())
        with pytest.raises(LinkLost):
            await talk.receive()
        watching.cancel()
