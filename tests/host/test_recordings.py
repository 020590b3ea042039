"""Recordings over real HTTPS: who may have them, in pieces, by links, with what a player needs."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import httpx
import pytest

from sfu.core.records import Came, Consented, Deed, RecordingBegan, RecordingEnded
from sfu.core.transcript import Line
from sfu.host.links import Links
from sfu.store import records, tasks
from sfu.store.records import keep
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, Role
from tests.host.front import HOST_TOKEN, Front
from tests.host.test_services import HOST, api, signed_in

FILM = b"0123456789"


def line(segment: str, speaker: str, start: float, text: str) -> Line:
    return Line(
        segment=segment, speaker=speaker, name=speaker, text=text, language="en", start=start, end=start + 1.0,
        confidence=0.9,
    )  # fmt: skip


def recorded(running: Front, folder: Path, meeting: str) -> str:
    """Ana was recorded, Ben refused; second 2 to 4 was a pause.  The path of the meeting's recordings."""
    kept = [
        Came("p1", "Ana", Role.HOST, ClientKind.BROWSER, 1.0), Came("p2", "Ben", Role.MEMBER, ClientKind.BROWSER, 1.0),
        RecordingBegan("r5", 5.0), Deed("p1", "Ana", "record.start", "r5", 5.0),
        Consented("p1", "Ana", "recording", True, 5.0), Consented("p2", "Ben", "recording", False, 5.5),
        line("s1", "p1", 6.0, "Hello."), line("s2", "p2", 10.0, "A secret."),
        Deed("p1", "Ana", "record.pause", "r5", 7.0), Deed("p1", "Ana", "record.resume", "r5", 9.0),
        RecordingEnded("r5", 15.0), Deed("p1", "Ana", "record.stop", "r5", 15.0),
    ]  # fmt: skip
    for record in kept:
        running.archive.store.write(partial(keep, meeting=meeting, record=record, wall=1.0)).result()
    made = folder / "recordings" / meeting / "r5" / "made"
    (made / "voices").mkdir(parents=True)
    (made / "film.mp4").write_bytes(FILM)
    (made / "voices/p1.webm").write_bytes(FILM)
    (made / "timeline.json").write_text(json.dumps({"spans": [[0, 2], [4, 10]], "film": {"layout": "speaker"}}))
    return f"/api/meetings/{meeting}/recordings"


async def planned(client: httpx.AsyncClient, who: dict[str, str]) -> str:
    return str((await client.post("/api/meetings", json={"title": "Tulips"}, headers=who)).json()["id"])


async def test_a_recording_is_had_by_the_host_and_the_meetings_owner_alone(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        ana, eve = await signed_in(client), await signed_in(client, name="Eve")
        path = recorded(running, tmp_path, await planned(client, ana))
        listed = [(await client.get(path, headers=who)).json() for who in (ana, HOST)]
        part = await client.get(f"{path}/r5/film.mp4", headers={**ana, "Range": "bytes=2-4"})
        refused = [
            (await client.request(verb, f"{path}/{rest}", headers=who)).status_code
            for verb, rest, who in (
                ("GET", "r5/film.mp4", eve), ("GET", "", eve), ("GET", "r5/film.mp4", {}),
                ("GET", "r5/bundle.zip", ana), ("GET", "r9/film.mp4", ana), ("GET", "..%2F../film.mp4", ana),
                ("GET", "r5/manifest.json", ana), ("GET", "r5", eve), ("POST", "r5/link", eve),
                ("GET", "r5/voices/p1.webm", eve), ("GET", "r5/voices/p2.webm", ana),
                ("GET", "r5/voices/..%2Ffilm.mp4", ana),
            )
        ]  # fmt: skip

    film = {"layout": "speaker", "captions": "separate"}
    assert listed == [[{"id": "r5", "began": 5.0, "ended": 15.0, "made": ["film.mp4"], "film": film}]] * 2
    assert (part.status_code, part.content) == (206, b"234")
    assert all(status in (401, 404, 422, 307) for status in refused)
    assert refused[0] == 404


async def test_a_player_gets_everything_on_the_films_clock_as_it_reads_now(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        meeting = await planned(client, HOST)
        path = recorded(running, tmp_path, meeting)
        mended = line("s1", "p1", 6.0, "Hello, all.")
        running.archive.store.write(partial(keep, meeting=meeting, record=mended, wall=1.0)).result()
        found = (await client.get(f"{path}/r5", headers=HOST)).json()
        voice = await client.get(f"{path}/r5/{found['voices'][0]['file']}", headers={**HOST, "Range": "bytes=0-0"})

    assert found["seconds"] == 8.0
    assert found["voices"] == [{"participant": "p1", "name": "Ana", "file": "voices/p1.webm"}]
    assert [(one["speaker"], one["text"], one["start"], one["end"]) for one in found["lines"]] == [
        ("p1", "Hello, all.", 1.0, 2.0), ("p2", "[not recorded]", 3.0, 4.0),
    ]  # fmt: skip
    assert found["chapters"] == [{"start": 0.0, "kind": "start", "name": "", "title": "Start"}]
    assert (voice.status_code, voice.headers["content-type"], voice.content) == (206, "audio/webm", b"0")


async def test_a_link_opens_its_recording_without_a_header_and_nothing_else(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        path = recorded(running, tmp_path, await planned(client, HOST))
        other = recorded(running, tmp_path, await planned(client, HOST))
        link = (await client.post(f"{path}/r5/link", headers=HOST)).json()
        opened = [
            (await client.get(f"{path}/r5{rest}?link={link['link']}")).status_code
            for rest in ("", "/film.mp4", "/voices/p1.webm")
        ]
        elsewhere = (await client.get(f"{other}/r5/film.mp4?link={link['link']}")).status_code
        made_up = (await client.get(f"{path}/r5/film.mp4?link={link['link'].swapcase()}")).status_code

    assert opened == [200, 200, 200]
    assert (elsewhere, made_up) == (401, 401)
    assert link["seconds"] >= 3600


async def test_host_and_co_host_see_it_by_their_key_and_a_co_host_with_an_account_afterwards(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        ben, eve = await signed_in(client, name="Ben"), await signed_in(client, name="Eve")
        meeting = running.archive.meeting
        path = f"/api/meetings/{meeting}/recordings"
        async with running.joined("Hana", HOST_TOKEN) as hana:
            people = [await running.token(name, who["Authorization"][7:]) for name, who in (("Ben", ben), ("Eve", eve))]
            async with running.socket() as his, running.socket() as hers:
                await his.join(people[0])
                await hers.join(people[1])
                await hana.say(wire.SetRole(participant=his.you, role=Role.CO_HOST))
                while (await hana.hear(wire.Changed)).participant.role is not Role.CO_HOST:
                    pass
                during = [
                    (await client.get(path, headers={"Authorization": f"Bearer {key}"})).status_code
                    for key in (hana.welcome.key, his.welcome.key, hers.welcome.key)
                ]
                after = [(await client.get(path, headers=who)).status_code for who in (ben, eve)]
                await hana.say(wire.SetRole(participant=his.you, role=Role.MEMBER))
                while (await hana.hear(wire.Changed)).participant.role is not Role.MEMBER:
                    pass
                taken_back = (await client.get(path, headers=ben)).status_code

    assert during == [200, 200, 403]
    assert after == [200, 403]
    assert taken_back == 403


async def test_another_film_is_asked_for_by_who_runs_the_meeting_and_not_while_one_is_made(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        eve = await signed_in(client, name="Eve")
        meeting = await planned(client, HOST)
        path = recorded(running, tmp_path, meeting)
        wanted = {"layout": "speaker", "captions": "burnt"}
        replies = [
            await client.post(f"{path}/r5/film", headers=who, json=body)
            for who, body in ((HOST, {}), (HOST, wanted), (eve, wanted), (HOST, {"layout": "cube"}))
        ]
        store = running.archive.store
        (waiting,) = store.read(partial(tasks.listed, meeting=meeting)).result()
        store.write(partial(tasks.take, task=waiting.id, lease="l", wall=waiting.due_at)).result()
        busy = await client.post(f"{path}/r5/film", headers=HOST, json={})

    assert [reply.status_code for reply in replies] == [202, 202, 404, 422]
    assert replies[1].json()["kind"] == "film"
    assert waiting.payload == {"recording": "r5", "film": wanted}  # the last wish, once
    assert (busy.status_code, busy.json()["code"]) == (409, "taken")


async def test_what_is_not_made_yet_is_said_to_be(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        meeting = await planned(client, HOST)
        began = RecordingBegan("r5", 1.0)
        running.archive.store.write(partial(records.keep, meeting=meeting, record=began, wall=1.0)).result()
        reply = await client.get(f"/api/meetings/{meeting}/recordings/r5", headers=HOST)

    assert reply.status_code == 404
    assert "not made yet" in reply.json()["detail"]


def test_a_link_is_good_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("sfu.host.links.time.monotonic", lambda: now)
    links = Links(10.0)
    token = links.give("m1/r1")

    assert links.opens(token, "m1/r1")
    assert not links.opens(token, "m1/r2")
    now = 111.0
    assert not links.opens(token, "m1/r1")
