"""Accounts, meetings and records over real HTTPS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sfu.core.guesses import AT_ONCE
from sfu.core.transcript import Line
from sfu.host import passwords
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.host.front import CODE, HOST_TOKEN, Front, front
from tests.host.test_api import problem

ANA = {"name": "Ana", "password": "correct horse", "email": "ana@example.org"}
HOST = {"Authorization": f"Bearer {HOST_TOKEN}"}


@asynccontextmanager
async def api(folder: Path) -> AsyncIterator[tuple[Front, httpx.AsyncClient]]:
    async with front(folder) as running, running.http() as client:
        yield running, client


async def signed_in(client: httpx.AsyncClient, **changed: str) -> dict[str, str]:
    """The headers of somebody with an account."""
    about = {**ANA, **changed}
    assert (await client.post("/api/users", json=about)).status_code == 201
    reply = await client.post("/api/login", json={"name": about["name"], "password": about["password"]})
    assert reply.status_code == 200, reply.text
    return {"Authorization": f"Bearer {reply.json()['token']}"}


def spoken(segment: str, text: str) -> Line:
    return Line(segment=segment, speaker="p1", name="Ana", text=text, language="", start=1, end=2, confidence=0.9)


async def test_somebody_registers_logs_in_is_known_and_logs_out(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        ana = await signed_in(client)
        me = (await client.get("/api/users/me", headers=ana)).json()
        seen = (await client.get(f"/api/users/{me['id']}", headers=ana)).json()
        await client.post("/api/logout", headers=ana)
        after = problem(await client.get("/api/users/me", headers=ana))

    assert (me["name"], me["email"]) == ("Ana", "ana@example.org")
    assert seen == {"id": me["id"], "name": "Ana"}
    assert (after.status, after.code) == (401, ErrorCode.BAD_TOKEN)


async def test_passwords_lie_there_as_argon2id_and_tokens_as_digests(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        ana = await signed_in(client)
        store = running.archive.store
        stored = store.read(lambda db: db.execute("SELECT password FROM accounts").fetchone()[0]).result()
    everything = (tmp_path / "parley.db").read_bytes()  # the log is part of it once the store is closed

    assert stored.startswith("$argon2id$")
    assert b"correct horse" not in everything
    assert ana["Authorization"].removeprefix("Bearer ").encode() not in everything


async def test_a_name_is_taken_once_and_a_wrong_password_does_not_say_which_was_wrong(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        await signed_in(client)
        taken = problem(await client.post("/api/users", json={**ANA, "name": "ANA"}))
        wrong = problem(await client.post("/api/login", json={"name": "Ana", "password": "wrong"}))
        nobody = problem(await client.post("/api/login", json={"name": "Nobody", "password": "wrong"}))

    assert (taken.status, taken.code) == (409, ErrorCode.TAKEN)
    assert (wrong.status, wrong.detail) == (nobody.status, nobody.detail) == (401, wrong.detail)


async def test_guessing_a_password_is_stopped_even_for_the_right_one(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        await signed_in(client)
        guess = {"name": "ana", "password": "guess"}
        await asyncio.gather(*(client.post("/api/login", json=guess) for _ in range(AT_ONCE)))  # before any is forgiven
        barred = problem(await client.post("/api/login", json={"name": "Ana", "password": ANA["password"]}))

    assert (barred.status, barred.code) == (429, ErrorCode.TOO_MANY)


async def test_a_crowd_at_the_password_check_is_sent_away_instead_of_piling_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 1)
    async with api(tmp_path) as (_, client):
        tries = [client.post("/api/users", json={**ANA, "name": f"Ana{n}"}) for n in range(4)]
        statuses = sorted(reply.status_code for reply in await asyncio.gather(*tries))

    assert statuses[0] == 201
    assert statuses[-1] == 429


async def test_a_new_password_signs_everybody_out(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        ana = await signed_in(client)
        wanted = {"old": ANA["password"], "new": "another horse"}
        refused = problem(await client.put("/api/users/me/password", json={**wanted, "old": "x"}, headers=ana))
        changed = await client.put("/api/users/me/password", json=wanted, headers=ana)
        after = await client.get("/api/users/me", headers=ana)
        again = await client.post("/api/login", json={"name": "Ana", "password": "another horse"})

    assert refused.code == ErrorCode.BAD_LOGIN
    assert (changed.status_code, after.status_code, again.status_code) == (204, 401, 200)


async def test_an_account_joins_by_its_token_and_is_no_guest_and_may_be_demanded(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client), running.joined("Hana", HOST_TOKEN) as hana:
        ana = await signed_in(client)
        await hana.say(wire.SetPolicy(newcomers=wire.Role.GUEST, accounts_only=True))
        await hana.hear(wire.PolicyChanged)
        stranger = problem(await client.post(f"/api/meetings/{CODE}/join", json={"name": "Ben"}))
        token = (await client.post(f"/api/meetings/{CODE}/join", json={"name": "Ana"}, headers=ana)).json()["token"]
        async with running.socket() as joined:
            await joined.join(token)
            role = {each.id: each.role for each in joined.welcome.roster}[joined.you]

    assert (stranger.status, stranger.code) == (401, ErrorCode.BAD_LOGIN)
    assert role is wire.Role.MEMBER


async def test_a_meeting_is_planned_put_into_a_calendar_started_locked_and_ended(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        ana = await signed_in(client)
        wanted = {"title": "Plan; the, trip", "starts_at": 1_800_000_000, "invited": ["ben@example.org"]}
        made = (await client.post("/api/meetings", json=wanted, headers=ana)).json()
        path = f"/api/meetings/{made['id']}"
        calendar = (await client.get(f"{path}/invitation.ics", headers=ana)).text
        before = problem(await client.post(f"{path}/end", headers=ana))
        started = (await client.post(f"{path}/start", headers=ana)).json()
        again = problem(await client.post(f"{path}/start", headers=ana))
        joined = await client.post(f"/api/meetings/{made['code']}/join", json={"name": "Ben"})
        old = problem(await client.post(f"/api/meetings/{CODE}/join", json={"name": "Ben"}))
        locked = (await client.put(f"{path}/lock", json={"locked": True}, headers=ana)).json()
        refused = problem(await client.post(f"/api/meetings/{made['code']}/join", json={"name": "Ben"}))
        ended = await client.post(f"{path}/end", headers=ana)

        assert running.conference.finished.is_set()
    assert made["state"] == "scheduled"
    assert r"SUMMARY:Plan\; the\, trip" in calendar
    assert "DTSTART:20270115T080000Z" in calendar
    assert "ATTENDEE:mailto:ben@example.org" in calendar
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert (before.status, again.status, old.status, refused.status) == (409, 409, 404, 423)
    assert (started["state"], joined.status_code, locked["locked"], ended.status_code) == ("live", 200, True, 200)


async def test_a_meeting_that_people_are_in_is_not_replaced(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client), running.joined("Ben") as ben:
        made = (await client.post("/api/meetings", json={"title": "Other"}, headers=HOST)).json()
        taken = problem(await client.post(f"/api/meetings/{made['id']}/start", headers=HOST))
        await ben.lives()

    assert (taken.status, taken.code) == (409, ErrorCode.TAKEN)


async def test_a_meeting_is_deleted_with_all_that_is_kept_of_it_by_its_owner_when_it_is_not_on(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        ana, eve = await signed_in(client), await signed_in(client, name="Eve")
        made = (await client.post("/api/meetings", json={"title": "Tulips"}, headers=ana)).json()
        path, lies = f"/api/meetings/{made['id']}", tmp_path / "files" / made["id"] / "f1"
        lies.parent.mkdir(parents=True)
        lies.write_bytes(b"of the meeting")
        others = await client.delete(path, headers=eve)
        on = problem(await client.delete(f"/api/meetings/{CODE}", headers=HOST))
        found = (await client.get("/api/search?q=tulips", headers=ana)).json()
        deleted = await client.delete(path, headers=ana)
        after = [await client.get(path, headers=HOST), await client.delete(path, headers=ana)]
        found_after = (await client.get("/api/search?q=tulips", headers=ana)).json()

    assert (others.status_code, on.code, deleted.status_code) == (404, ErrorCode.TAKEN, 204)
    assert [reply.status_code for reply in after] == [404, 404]
    assert (len(found), found_after) == (1, [])
    assert not lies.exists()


async def test_others_meetings_are_not_there(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        ana, eve = await signed_in(client), await signed_in(client, name="Eve")
        made = (await client.post("/api/meetings", json={"title": "Mine"}, headers=ana)).json()
        path = f"/api/meetings/{made['id']}"
        statuses = [
            (await client.get(path, headers=eve)).status_code,
            (await client.post(f"{path}/start", headers=eve)).status_code,
            (await client.get(f"{path}/transcript", headers=eve)).status_code,
            (await client.get(path)).status_code,
            (await client.get(path, headers=HOST)).status_code,
        ]
        mine = (await client.get("/api/meetings", headers=ana)).json()
        hers = (await client.get("/api/meetings", headers=eve)).json()

    assert statuses == [404, 404, 404, 401, 200]
    assert [each["title"] for each in mine] == ["Mine"]
    assert hers == []


async def test_the_key_of_welcome_is_its_owners_voice_over_http_while_they_are_in(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        async with running.joined("Ana") as ana, running.joined("Ben") as ben:
            key = {"Authorization": f"Bearer {ana.welcome.key}"}
            said = await client.post(f"/api/meetings/{CODE}/chat", json={"text": "广州见"}, headers=key)
            heard = (await ben.hear(wire.Chat)).message
            whispered = {"text": "for Ben", "to": ben.you}
            await client.post(f"/api/meetings/{CODE}/chat", json=whispered, headers=key)
            locked = problem(await client.put(f"/api/meetings/{CODE}/lock", json={"locked": True}, headers=key))
            pages = [
                (await client.get(f"/api/meetings/{CODE}/chat", headers={"Authorization": f"Bearer {who}"})).json()
                for who in (ana.welcome.key, ben.welcome.key, HOST_TOKEN)
            ]
            elsewhere = await client.get("/api/meetings/OTHER/chat", headers=key)
            await ana.say(wire.Leave())
            await ana.closed()
        await running.conference.settled()
        after = await client.get(f"/api/meetings/{CODE}/chat", headers=key)

    assert (said.status_code, heard.text, heard.name) == (204, "广州见", "Ana")
    assert locked.code == ErrorCode.NOT_ALLOWED
    assert [len(page["messages"]) for page in pages] == [2, 2, 1]
    assert (elsewhere.status_code, after.status_code) == (404, 401)


async def test_roles_and_removing_over_http_are_what_they_are_in_the_meeting(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client), running.joined("Ana") as ana, running.joined("Ben") as ben:
        people = f"/api/meetings/{CODE}/participants"
        given = await client.put(f"{people}/{ana.you}/role", json={"role": "co_host"}, headers=HOST)
        seen = (await client.get(people, headers=HOST)).json()
        key = {"Authorization": f"Bearer {ana.welcome.key}"}
        removed = await client.delete(f"{people}/{ben.you}", headers=key)
        gone = (await ben.hear(wire.Error)).code
        missing = problem(await client.delete(f"{people}/p99", headers=HOST))

    assert (given.status_code, removed.status_code, gone) == (204, 204, ErrorCode.REMOVED)
    assert [(each["name"], each["role"]) for each in seen] == [("Ana", "co_host"), ("Ben", "member")]
    assert missing.status == 404


async def test_transcripts_in_every_form_and_words_in_them_found(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client), running.joined("Ana"):
        running.archive.keep([spoken("a", "我们在广州见"), spoken("b", "The budget was approved.")]).result()
        forms = {
            form: await client.get(f"/api/meetings/{CODE}/transcript?format={form}", headers=HOST)
            for form in ("txt", "md", "srt", "vtt", "json", "docx")
        }
        found = (await client.get("/api/search", params={"q": "广州"}, headers=HOST)).json()
        stemmed = (await client.get("/api/search", params={"q": "approve"}, headers=HOST)).json()
        unknown = problem(await client.get(f"/api/meetings/{CODE}/transcript?format=exe", headers=HOST))

    assert all(reply.status_code == 200 for reply in forms.values())
    assert "<v Ana>我们在广州见</v>" in forms["vtt"].text
    assert forms["docx"].content.startswith(b"PK")
    assert [hit["reference"] for hit in found] == ["a"]
    assert [hit["reference"] for hit in stemmed] == ["b"]
    assert unknown.status == 422


async def test_an_account_is_erased_by_its_owner_or_the_host_alone(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        ana, eve = await signed_in(client), await signed_in(client, name="Eve")
        me = (await client.get("/api/users/me", headers=ana)).json()["id"]
        refused = await client.delete(f"/api/users/{me}", headers=eve)
        erased = await client.delete(f"/api/users/{me}", headers=ana)
        left = (await client.get("/api/users", headers=HOST)).json()

    assert (refused.status_code, erased.status_code) == (403, 204)
    assert [each["name"] for each in left] == ["Eve"]


async def test_the_description_and_its_page_come_from_this_host_alone(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):
        described = (await client.get("/api/openapi.json")).json()
        page = await client.get("/api/docs")
        script = await client.get("/web/api.js")

    assert "/api/meetings/{meeting}/start" in described["paths"]
    assert page.status_code == script.status_code == 200
    assert "http" not in page.text.replace("HTTP", "").replace('http"', "")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/users", {"name": "Ana", "password": "short"}, 422),
        ("/api/users", {"name": "\u202e", "password": "long enough"}, 400),
        ("/api/users", {**ANA, "email": "a@b\r\nBcc: all@example.org"}, 422),
        ("/api/users", {**ANA, "password": "x" * 300}, 422),
        ("/api/users", {**ANA, "admin": True}, 422),
        ("/api/users", "nonsense", 422),
        ("/api/meetings", {"title": "x" * 200}, 422),
        ("/api/meetings", {"title": "x", "starts_at": 1e300}, 422),
        ("/api/meetings", {"title": "\x00\x01"}, 400),
        ("/api/meetings", {"title": "x", "pad": "x" * 200_000}, 413),
    ],
)
async def test_what_is_not_a_request_says_so(tmp_path: Path, path: str, body: Any, status: int) -> None:
    async with api(tmp_path) as (_, client):
        found = problem(await client.post(path, json=body, headers=HOST))

    assert found.status == status


async def test_a_proxy_on_this_computer_says_who_it_speaks_for(tmp_path: Path) -> None:
    async with api(tmp_path) as (_, client):

        async def join(code: str, address: str) -> int:
            told = {"X-Forwarded-For": address}
            return (await client.post(f"/api/meetings/{code}/join", json={"name": "E"}, headers=told)).status_code

        for _ in range(AT_ONCE):
            await join("WRONGONE", "10.0.0.7")

        assert await join(CODE, "10.0.0.7") == 429
        assert await join(CODE, "10.0.0.8") == 200
