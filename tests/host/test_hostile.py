"""What nobody well-meaning sends, over real TLS: each is refused with a sentence, and the meeting goes on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import jwt
import pytest

from sfu.core.guesses import AT_ONCE
from sfu.core.tickets import LIFETIME
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.host.front import CODE, HOST_TOKEN, SECRET, front
from tests.host.test_api import problem
from tests.host.test_patience import head, spoken_to
from tests.host.test_services import ANA, HOST, signed_in

DEEP = b"[" * 60_000
STRANGE = [
    DEEP, b'{"name":' + DEEP[:3_000], b'{"name":"\\ud800","password":"long enough"}', b'{"name":"a","name":"b"}',
    b'{"name":1e999}', b'{"name":' + b"9" * 3_000 + b"}", b"NaN", b"\x00",
    b'{"name":"a\\u0000b","password":"long enough"}',
    b'{"title":"\\udfff"}', b'{"title":"a","minutes":1e308}', b'{"question":"\\ud800"}', b"\xef\xbb\xbf{}",
]  # fmt: skip
POSTS = ["/api/users", "/api/login", "/api/meetings", "/api/find", f"/api/meetings/{CODE}/join"]


@pytest.mark.parametrize("path", POSTS)
async def test_strange_json_is_a_refusal(tmp_path: Path, path: str) -> None:
    async with front(tmp_path) as running, running.http() as client:
        headers = {**HOST, "Content-Type": "application/json"}
        statuses = {(await client.post(path, content=content, headers=headers)).status_code for content in STRANGE}

    assert statuses <= {200, 201, 400, 401, 404, 413, 422, 429}


async def test_strange_json_on_the_session_socket_is_a_refusal(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        for content in STRANGE:
            await ana.socket.send(content.decode("utf-8", "replace"))
            assert not (await ana.hear(wire.Error)).fatal
        await ana.lives()


PATHS = [
    "/web/../../pyproject.toml", "/web/%2e%2e/%2e%2e/pyproject.toml", "/web/..%2f..%2fpyproject.toml",
    "/web/....//....//pyproject.toml", "//etc/passwd", "/web//etc/passwd", "/web/%00", "/web/..%5c..%5cpyproject.toml",
    "/api/meetings/..%2f..%2ftoken.key", "/api/meetings/%2e%2e/transcript", f"/api/meetings/{CODE}%00/chat",
    f"/api/meetings/{CODE}/files/..%2f..%2f..%2ftoken.key", "/api/users/%ff%fe", "/j/%F0%9F%98%80/..", "/\x7f", "*",
]  # fmt: skip


async def test_no_path_leads_out_of_what_is_served(tmp_path: Path) -> None:
    """As they stand: no client tidies them."""
    (tmp_path / "pyproject.toml").write_text("secret of the data folder")
    async with front(tmp_path) as running:
        for path in PATHS:
            raw = head(f"GET {path} HTTP/1.1", f"Authorization: Bearer {HOST_TOKEN}", "Connection: close")
            async with spoken_to(running, raw) as (reader, _):
                answer = await reader.read()
            assert answer.split(b" ")[1] in {b"200", b"400", b"404", b"405", b"422"}, path
            assert b"[project]" not in answer, path
            assert b"secret of the data folder" not in answer, path
            assert answer.split(b" ")[1] != b"200" or b"<title>" in answer, path  # the page itself


@pytest.mark.parametrize("token", ["x", "ü", "a" * 8_000, "null", "Bearer x", HOST_TOKEN[:-1], HOST_TOKEN + "x"])
async def test_what_is_no_token_opens_nothing(tmp_path: Path, token: str) -> None:
    async with front(tmp_path) as running, running.http() as client:
        headers = {"Authorization": f"Bearer {token}".encode()}
        found = problem(await client.get("/api/meetings", headers=headers))

    assert found.status == 401


async def test_a_token_for_one_thing_is_good_for_nothing_else(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        ana = await signed_in(client)
        join = await running.token("Ben")
        account = ana["Authorization"].removeprefix("Bearer ")
        forged = jwt.encode({"sub": "Ana", "role": "host"}, SECRET, algorithm="HS256")
        as_bearer = [
            (await client.get("/api/meetings", headers={"Authorization": f"Bearer {token}"})).status_code
            for token in (join, forged)
        ]
        for token in (account, HOST_TOKEN, forged):
            async with running.socket() as socket:
                await socket.say(wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.DESKTOP))
                assert (await socket.hear(wire.Error)).code == ErrorCode.BAD_TOKEN

    assert as_bearer == [401, 401]


async def test_two_sockets_at_once_with_one_token_are_one_participant(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.socket() as one, running.socket() as other:
        wanted = wire.Join(protocol=wire.PROTOCOL, token=await running.token("Ana"), client=wire.ClientKind.DESKTOP)
        await asyncio.gather(one.say(wanted), other.say(wanted))
        heard = await asyncio.gather(*(each.hear((wire.Welcome, wire.Error)) for each in (one, other)))

    assert sorted(message.type for message in heard) == ["error", "welcome"]


async def test_an_account_is_signed_in_for_as_long_as_it_was_told(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        ana = await signed_in(client)
        running.archive.store.write(lambda db: db.execute("UPDATE logins SET until = ?", (time.time(),))).result()
        found = problem(await client.get("/api/users/me", headers=ana))

    assert (found.status, found.code) == (401, ErrorCode.BAD_TOKEN)


async def test_a_clock_that_is_set_gives_no_token_a_second_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with front(tmp_path) as running, running.joined("Hana"):
        used, fresh = await running.token("Ana"), await running.token("Ben")
        async with running.socket() as ana:
            await ana.join(used)
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + 10 * LIFETIME)
        async with running.joined("Cleo") as cleo:  # what was used and has expired by this clock is forgotten now
            monkeypatch.setattr(time, "time", lambda: real() - 86_400)
            for token, good in ((used, False), (fresh, True)):
                async with running.socket() as socket:
                    await socket.say(wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.DESKTOP))
                    heard = await socket.hear((wire.Welcome, wire.Error))
                    assert isinstance(heard, wire.Welcome) == good
            await cleo.say(wire.Say(text="a day earlier"))
            assert (await cleo.hear(wire.Chat)).message.text == "a day earlier"


async def test_a_hundred_guesses_at_once_are_a_hundred_guesses(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        await signed_in(client)
        tries = [client.post("/api/login", json={"name": "Ana", "password": f"guess {n}"}) for n in range(100)]
        statuses = [reply.status_code for reply in await asyncio.gather(*tries)]

    assert statuses.count(401) == AT_ONCE
    assert set(statuses) == {401, 429}


async def test_one_address_cannot_try_a_password_on_everybody(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        await signed_in(client)
        guesses = [{"name": f"Somebody {number}", "password": "password1"} for number in range(AT_ONCE)]
        await asyncio.gather(*(client.post("/api/login", json=guess) for guess in guesses))  # before any is forgiven
        found = problem(await client.post("/api/login", json={"name": "Ana", "password": ANA["password"]}))

    assert (found.status, found.code) == (429, ErrorCode.TOO_MANY)


async def test_a_full_disk_refuses_what_is_new_and_shows_what_is_there(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        made = (await client.post("/api/meetings", json={"title": "Before"}, headers=HOST)).json()
        running.archive.store.read(lambda db: db.execute("PRAGMA max_page_count = 1")).result()  # what there is now
        statuses = set()
        for number in range(60):
            wanted = {"title": f"{number} " + "x" * 110, "invited": [f"{n}@example.org" for n in range(200)]}
            statuses.add((await client.post("/api/meetings", json=wanted, headers=HOST)).status_code)
        shown = await client.get(f"/api/meetings/{made['id']}", headers=HOST)
        running.archive.store.read(lambda db: db.execute("PRAGMA max_page_count = 1000000")).result()
        after = await client.post("/api/meetings", json={"title": "After"}, headers=HOST)

    assert 507 in statuses <= {201, 507}
    assert (shown.status_code, after.status_code) == (200, 201)
