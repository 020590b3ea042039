from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sfu.core.guesses import AT_ONCE
from sfu.rtp.errors import ErrorCode
from sfu.wire import finding
from sfu.wire.messages import Problem
from tests.core.people import admit, meeting
from tests.host.front import CODE, HOST_TOKEN, Front, front

JOIN = f"/api/meetings/{CODE}/join"


def problem(reply: httpx.Response) -> Problem:
    assert reply.headers["content-type"] == "application/problem+json"
    found = Problem.model_validate_json(reply.content)
    assert found.status == reply.status_code
    assert found.detail.endswith((".", "JSON."))
    return found


async def post(running: Front, path: str = JOIN, content: str | bytes = '{"name":"Ana"}', **headers: str) -> Any:
    async with running.http(**headers) as client:
        return await client.post(path, content=content)


async def test_a_name_and_the_code_give_a_token_and_the_sockets_path(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        reply = await post(running, "/api/meetings/abcd-efgh/join")

    assert reply.status_code == 200
    assert reply.json()["session"] == "/session"
    assert running.tokens.read(reply.json()["token"]).name == "Ana"


async def test_a_wrong_code_says_to_ask_the_host(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        found = problem(await post(running, "/api/meetings/WRONGONE/join"))

    assert (found.status, found.code) == (404, ErrorCode.NO_MEETING)
    assert "Check it with the host" in found.detail


async def test_guessing_codes_is_stopped_even_for_the_right_one(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        for _ in range(AT_ONCE):
            await client.post("/api/meetings/WRONGONE/join", json={"name": "Eve"})
        found = problem(await client.post(JOIN, json={"name": "Eve"}))

    assert (found.status, found.code) == (429, ErrorCode.TOO_MANY)


async def test_a_full_meeting_says_so_before_anything_else_happens(tmp_path: Path) -> None:
    room = meeting(capacity=1)
    admit(room, "Ben")

    async with front(tmp_path, room) as running:
        found = problem(await post(running))

    assert (found.status, found.code) == (409, ErrorCode.MEETING_FULL)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        ("nonsense", 400, "Send"),
        ("{}", 400, "Send"),
        ('{"name":"Ana","role":"host"}', 400, "Send"),
        ('{"name":"  "}', 400, "Type your name"),
        ('{"name":""}', 400, "Type your name"),
        ('{"name":"' + "x" * 65 + '"}', 400, "too long"),
        (b"\xff\xfe", 400, "Send"),
        ("x" * 5_000, 413, "too large"),
    ],
)
async def test_a_request_that_is_none_says_what_to_send(
    tmp_path: Path, content: str | bytes, status: int, says: str
) -> None:
    async with front(tmp_path) as running:
        found = problem(await post(running, content=content))

    assert found.status == status
    assert says in found.detail


async def test_the_hosts_token_makes_the_host(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        mine = await post(running, Authorization=f"Bearer {HOST_TOKEN}")
        foreign = await post(running, Authorization="Bearer something-else")

    assert running.tokens.read(mine.json()["token"]).role == "host"
    assert problem(foreign).code == ErrorCode.BAD_TOKEN


@pytest.mark.parametrize("host", ["evil.example", "evil.example:443", "127.0.0.1.evil.example", ""])
async def test_a_name_that_is_not_ours_gets_no_answer(tmp_path: Path, host: str) -> None:
    async with front(tmp_path) as running:
        found = problem(await post(running, Host=host))

    assert found.status == 421


@pytest.mark.parametrize("host", ["localhost:7443", "TEST.local", "192.168.1.5:7443", "[fe80::1]:7443"])
async def test_our_names_and_addresses_are_ours(tmp_path: Path, host: str) -> None:
    async with front(tmp_path) as running:
        reply = await post(running, Host=host, Origin=f"https://{host}")

    assert reply.status_code == 200


async def test_another_sites_page_cannot_use_a_visitors_browser(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        found = problem(await post(running, Origin="https://evil.example"))

    assert found.status == 403


@pytest.mark.parametrize("path", ["/", f"/j/{CODE}"])
async def test_the_page_may_load_nothing_from_anywhere_else(tmp_path: Path, path: str) -> None:
    async with front(tmp_path) as running, running.http() as client:
        reply = await client.get(path)

    assert reply.status_code == 200
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "http" not in reply.text.replace("https://www.w3.org", "")


@pytest.mark.parametrize("path", ["/nothing", "/docs", "/web/../../NOTICE", "/web/%2e%2e/%2e%2e/NOTICE"])
async def test_there_is_nothing_else(tmp_path: Path, path: str) -> None:
    async with front(tmp_path) as running, running.http() as client:
        found = problem(await client.get(path))

    assert found.status == 404


async def test_health_is_one_line(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        reply = await client.get("/api/health")

    assert reply.json() == {"status": "ok", "protocol": 1}


async def test_who_knows_the_code_finds_the_meeting_without_saying_it(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        pin = running.certificates.pin
        reply = await post(running, "/api/find", json.dumps({"question": finding.question(CODE, pin)}))

    assert reply.json() == {"proof": finding.reply(CODE, pin)}
    assert CODE not in reply.request.content.decode()


async def test_a_question_asked_with_another_code_or_of_another_host_is_a_wrong_guess(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        pin = running.certificates.pin
        for question in (finding.question("WRONGONE", pin), finding.question(CODE, "another-host")):
            found = problem(await post(running, "/api/find", json.dumps({"question": question})))
            assert (found.status, found.code) == (404, ErrorCode.NO_MEETING)
        for _ in range(AT_ONCE):
            found = problem(await post(running, "/api/find", json.dumps({"question": "x" * 43})))

    assert found.code == ErrorCode.TOO_MANY


async def test_metrics_are_for_who_has_the_hosts_token(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.http() as client:
        found = problem(await client.get("/api/metrics"))
        reply = await client.get("/api/metrics", headers={"Authorization": f"Bearer {HOST_TOKEN}"})

    assert (found.status, found.code) == (401, ErrorCode.BAD_TOKEN)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
