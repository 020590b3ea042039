"""Rules over real sockets: the lobby, the passcode, and what is written down before it is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from sfu.core.guesses import AT_ONCE
from sfu.rtp.errors import ErrorCode
from sfu.store import records
from sfu.wire import messages as wire
from tests.host.front import CODE, HOST_TOKEN, Front, front, full_disk


async def join(running: Front, passcode: str | None, host_token: str | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {host_token}"} if host_token else {}
    body = {"name": "Ben"} if passcode is None else {"name": "Ben", "passcode": passcode}
    async with running.http(**headers) as client:
        reply = await client.post(f"/api/meetings/{CODE}/join", json=body)
    return reply.status_code, str(reply.json().get("code", ""))


async def test_a_passcode_is_asked_of_everybody_but_the_host_and_guessing_is_stopped(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana:
        await hana.say(wire.SetPasscode(passcode="tulip"))
        assert (await hana.hear(wire.PolicyChanged)).policy.passcode

        assert await join(running, None) == (401, ErrorCode.BAD_PASSCODE)
        assert await join(running, "rose") == (401, ErrorCode.BAD_PASSCODE)
        assert await join(running, "tulip") == (200, "")
        assert await join(running, None, HOST_TOKEN) == (200, "")
        for _ in range(AT_ONCE):
            await join(running, "rose")
        assert await join(running, "tulip") == (429, ErrorCode.TOO_MANY)


async def test_the_lobby_keeps_a_socket_waiting_and_hears_nothing_of_the_meeting(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana:
        await hana.say(wire.SetPolicy(lobby=True))
        token = await running.token("Ben")
        async with running.socket() as ben:
            await ben.say(wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.BROWSER))
            waiting = await ben.hear(wire.Waiting)
            (waiter,) = (await hana.hear(wire.Lobby)).waiting
            await hana.say(wire.Say(text="He cannot read this yet."))
            await hana.hear(wire.Chat)
            await hana.say(wire.Admit(who=waiter.id))

            first = wire.HOST.validate_json(await ben.socket.recv())

            assert isinstance(first, wire.Welcome)
            assert first.you == waiting.you == waiter.id
            assert [said.text for said in (await ben.hear(wire.History)).chat] == ["He cannot read this yet."]


async def test_who_is_removed_loses_the_socket_and_the_others_stay(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana, running.joined("Ben") as ben:
        await hana.say(wire.Remove(participant=ben.you))

        assert (await ben.hear(wire.Error)).code == ErrorCode.REMOVED
        await ben.closed()
        await hana.lives()


async def test_what_is_said_is_in_the_store_when_it_is_heard(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await ana.say(wire.Say(text="广州见。"))
        await ben.hear(wire.Chat)

        (said,) = running.archive.store.read(partial(records.chat, meeting="m1", seen_by=None)).result()

    assert (said.name, said.text) == ("Ana", "广州见。")


async def test_a_chat_message_that_cannot_be_stored_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        monkeypatch.setattr(running.archive, "keep", full_disk)

        await ana.say(wire.Say(text="lost"))
        assert (await ana.hear(wire.Error)).code == ErrorCode.DISK_FULL
        monkeypatch.undo()
        await ana.say(wire.Say(text="kept"))

        assert (await ben.hear(wire.Chat)).message.text == "kept"
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["records not kept"]
