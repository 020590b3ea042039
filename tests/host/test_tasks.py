"""Background work over real HTTPS: who sees it, who calls it off, who hears of it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sfu import roles
from sfu.core.records import RecordingBegan, RecordingEnded
from sfu.core.reheard import Second
from sfu.core.tasks import Fate, Input
from sfu.host import background, supervision
from sfu.rtp.errors import ErrorCode
from sfu.store import again, analyses, records, tasks
from sfu.store.tasks import Wanted
from sfu.tasks.settings import LanguageModel, Mail, Settings, save
from sfu.wire import messages as wire
from sfu.wire.analysis import Analysis, Minutes, Point
from tests.host.front import HOST_TOKEN, Front
from tests.host.test_api import problem
from tests.host.test_services import HOST, api, signed_in
from tests.host.test_supervision import Notes
from tests.store.rows import line
from tests.system.waiting import until


@pytest.fixture(autouse=True)
def _kinds_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(role: str, *arguments: str) -> list[str]:
        assert role == background.ROLE
        return [sys.executable, "-m", "tests.tasks.worker", *arguments]

    for module in (supervision, roles):
        monkeypatch.setattr(module, "command", command)


async def asked(running: Front, kind: str, task: str, meeting: str | None) -> None:
    await running.background.ask(Wanted(task, kind, task, meeting))


async def test_the_host_sees_all_work_an_account_that_of_its_meetings_and_others_none(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        ana, ben = await signed_in(client), await signed_in(client, name="Ben")
        made = (await client.post("/api/meetings", json={"title": "Ana's"}, headers=ana)).json()
        await asked(running, "count", "hers", made["id"])
        await asked(running, "count", "general", None)

        seen = {
            who: [task["id"] for task in (await client.get("/api/tasks", headers=headers)).json()]
            for who, headers in (("host", HOST), ("ana", ana), ("ben", ben))
        }
        nobody = problem(await client.get("/api/tasks"))
        by_code = (await client.get("/api/tasks", params={"meeting": made["code"]}, headers=ana)).json()
        strange = problem(await client.get("/api/tasks/hers", headers=ben))
        missing = problem(await client.get("/api/tasks/none", headers=HOST))
        stopped = problem(await client.post("/api/tasks/hers/cancel", headers=ben))

    assert (sorted(seen["host"]), seen["ana"], seen["ben"]) == (["general", "hers"], ["hers"], [])
    assert (nobody.status, nobody.code) == (401, ErrorCode.BAD_TOKEN)
    assert [task["id"] for task in by_code] == ["hers"]
    assert (strange.status, strange.code) == (missing.status, missing.code) == (404, ErrorCode.NOT_FOUND)
    assert stopped.status == 404


async def test_work_is_called_off_and_asked_for_again_and_says_so_when_it_is_too_late(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        await asked(running, "count", "t1", None)

        cancelled = (await client.post("/api/tasks/t1/cancel", headers=HOST)).json()
        late = problem(await client.post("/api/tasks/t1/cancel", headers=HOST))
        again = (await client.post("/api/tasks/t1/retry", headers=HOST)).json()
        twice = problem(await client.post("/api/tasks/t1/retry", headers=HOST))

    assert (cancelled["state"], again["state"]) == ("cancelled", "waiting")
    assert (late.status, late.code) == (twice.status, twice.code) == (409, ErrorCode.TAKEN)


async def test_who_runs_the_meeting_follows_its_work_from_inside_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "LOOK_EVERY_S", 0.05)
    async with api(tmp_path) as (running, client), running.joined("Hana", HOST_TOKEN) as hana:
        meeting = running.archive.meeting
        async with running.joined("Mia") as mia:
            doing = asyncio.create_task(running.background.run(
                lambda: meeting, running.conference.work, Notes()
            ))  # fmt: skip
            await asked(running, "wait", "t1", meeting)
            await asked(running, "count", "t2", meeting)

            heard = [(await hana.hear(wire.TaskChanged, 30.0)).task]
            while {task.id for task in heard if task.state is wire.TaskState.DONE} != {"t2"}:
                heard.append((await hana.hear(wire.TaskChanged, 30.0)).task)
            key = {"Authorization": f"Bearer {hana.welcome.key}"}
            await client.post("/api/tasks/t1/cancel", headers=key)
            while heard[-1].state is not wire.TaskState.CANCELLED:
                heard.append((await hana.hear(wire.TaskChanged, 30.0)).task)
            member = {"Authorization": f"Bearer {mia.welcome.key}"}
            refused = problem(await client.get("/api/tasks", headers=member))
            await mia.say(wire.Ping(n=1))
            said = None
            while not isinstance(said, wire.Pong):
                said = wire.HOST.validate_json(await mia.socket.recv())
                assert not isinstance(said, wire.TaskChanged)
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    assert max(task.progress for task in heard if task.id == "t1") == 0.25
    assert refused.status == 403


async def test_what_is_left_when_the_meeting_ends_is_done_without_the_host(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, client):
        await asked(running, "count", "t1", running.archive.meeting)

        await running.background.leave_behind()

        async def done() -> bool:
            return str((await client.get("/api/tasks/t1", headers=HOST)).json()["state"]) == "done"

        await until(done, "the work")


async def test_without_work_there_is_no_process(tmp_path: Path) -> None:
    async with api(tmp_path) as (running, _):
        watcher = Notes()
        doing = asyncio.create_task(running.background.run(lambda: "m", running.conference.work, watcher))
        await asyncio.sleep(0.2)
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)

    assert watcher.started == []


async def test_what_was_found_out_about_a_meeting_is_for_whoever_may_read_it_and_made_anew_by_who_runs_it(
    tmp_path: Path,
) -> None:
    def keep(db: sqlite3.Connection) -> None:
        found = Analysis(minutes=Minutes(summary=[Point(text="It rained.")], decisions=[], actions=[]))
        analyses.keep(db, meeting, found, 1.0)

    async with api(tmp_path) as (running, client), running.joined("Hana", HOST_TOKEN) as hana:
        meeting = running.archive.meeting
        running.archive.store.write(keep).result()
        key = {"Authorization": f"Bearer {hana.welcome.key}"}
        path = f"/api/meetings/{meeting}/analysis"
        async with running.joined("Mia") as mia:
            member = {"Authorization": f"Bearer {mia.welcome.key}"}
            read = (await client.get(path, headers=member)).json()
            refused = problem(await client.post(path, json={}, headers=member))
        nobody = problem(await client.get(path))
        asked = await client.post(path, json={}, headers=key)
        twice = await client.post(path, json={"minutes": "rules"}, headers=HOST)
        no_model = problem(await client.post(path, json={"minutes": "model"}, headers=HOST))
        save(tmp_path, Settings(minutes=LanguageModel(url="http://127.0.0.1:1/v1", model="m")))
        by_model = await client.post(path, json={"minutes": "model"}, headers=HOST)

    assert read["minutes"]["summary"][0]["text"] == "It rained."
    assert (read["talk_time"], read["minutes"]["made_by"]) == (None, "rules")
    assert (refused.status, nobody.status) == (403, 401)
    assert (asked.status_code, asked.json()["kind"], asked.json()["state"]) == (202, "analysis", "waiting")
    assert twice.json()["id"] == asked.json()["id"]
    assert no_model.code == ErrorCode.UNSUPPORTED
    assert by_model.json()["kind"] == "model_minutes"


async def test_a_recorded_meeting_has_a_second_transcript_beside_the_first_for_whoever_may_read_it(
    tmp_path: Path,
) -> None:
    async with api(tmp_path) as (running, client):
        ana, ben = await signed_in(client), await signed_in(client, name="Ben")
        made = (await client.post("/api/meetings", json={"title": "Weekly"}, headers=ana)).json()["id"]
        path, store = f"/api/meetings/{made}/transcript", running.archive.store
        early = problem(await client.post(path, headers=ana))
        store.write(lambda db: db.execute("UPDATE meetings SET state = 'ended' WHERE id = ?", (made,))).result()
        unrecorded = problem(await client.post(path, headers=ana))
        for record in (RecordingBegan("r1", 1.0), RecordingEnded("r1", 2.0), line("s1", "As first heard.")):
            store.write(partial(records.keep, meeting=made, record=record, wall=1.0)).result()
        strange = problem(await client.post(path, headers=ben))
        asked = await client.post(path, headers=ana)
        twice = await client.post(path, headers=HOST)
        none = problem(await client.get(path, params={"version": "second"}, headers=ana))
        no_minutes = problem(await client.post(
            f"/api/meetings/{made}/analysis", json={"version": "second"}, headers=ana
        ))  # fmt: skip
        found = Second(model="whisper-large", lines=[line("s2", "As heard again.")])
        store.write(partial(again.keep, meeting=made, found=found, wall=1.0)).result()
        second = (await client.get(path, params={"version": "second"}, headers=ana)).json()
        as_text = (await client.get(path, params={"version": "second", "format": "txt"}, headers=ana)).text
        first = (await client.get(path, headers=ana)).json()

    assert (early.code, unrecorded.status, strange.status) == (ErrorCode.TAKEN, 404, 404)
    assert "was not recorded" in unrecorded.detail
    assert (asked.status_code, asked.json()["kind"], asked.json()["state"]) == (202, "second_transcript", "waiting")
    assert twice.json()["id"] == asked.json()["id"]
    assert (none.status, no_minutes.status) == (404, 404)
    assert [each["text"] for each in second["lines"]] == ["As heard again."]
    assert (second["version"], second["model"]) == ("second", "whisper-large")
    assert as_text.startswith("Weekly (second transcript)")
    assert [each["text"] for each in first["lines"]] == ["As first heard."]


@pytest.mark.parametrize("form", ["txt", "md", "json", "docx"])
async def test_minutes_are_had_as_a_file(tmp_path: Path, form: str) -> None:
    def keep(db: sqlite3.Connection) -> None:
        found = Analysis(minutes=Minutes(summary=[Point(text="It rained.")], decisions=[], actions=[]))
        analyses.keep(db, meeting, found, 1.0)

    async with api(tmp_path) as (running, client):
        meeting = running.archive.meeting
        path = f"/api/meetings/{meeting}/minutes"
        missing = problem(await client.get(path, headers=HOST))
        running.archive.store.write(keep).result()
        file = await client.get(path, params={"format": form}, headers=HOST)

    assert missing.status == 404
    assert file.headers["content-disposition"].endswith(f'.{form}"')
    assert file.content.startswith(b"PK") if form == "docx" else b"It rained" in file.content


async def test_who_is_invited_hears_of_a_planned_meeting_by_mail_once_and_again_only_if_that_is_wanted(
    tmp_path: Path,
) -> None:
    wanted = {"title": "Trip", "invited": ["ben@example.org", "cem@example.org"]}
    async with api(tmp_path) as (running, client):
        ana = await signed_in(client)
        silent = (await client.post("/api/meetings", json=wanted, headers=ana)).json()
        not_set_up = problem(
            await client.post(f"/api/meetings/{silent['id']}/mail", json={"what": "invitation"}, headers=ana)
        )
        save(tmp_path, Settings(mail=Mail(host="127.0.0.1", sender="parley@example.org")))
        made = (await client.post("/api/meetings", json=wanted, headers=ana)).json()
        path = f"/api/meetings/{made['id']}/mail"
        first = (await client.get("/api/tasks", params={"meeting": made["id"]}, headers=ana)).json()
        same = (await client.post(path, json={"what": "invitation"}, headers=ana)).json()
        stranger = problem(await client.post(path, json={"what": "invitation", "to": ["x@example.org"]}, headers=ana))
        no_minutes = problem(await client.post(path, json={"what": "minutes"}, headers=ana))
        ben = await signed_in(client, name="Ben")
        not_his = problem(await client.post(path, json={"what": "invitation"}, headers=ben))
        letter = running.archive.store.read(lambda db: tasks.get(db, same[0]["id"])).result()
        running.archive.store.write(doubted(letter.id)).result()
        doubtful = (await client.post(path, json={"what": "invitation"}, headers=ana)).json()
        again = (await client.post(path, json={"what": "invitation", "again": True}, headers=ana)).json()

    assert not_set_up.code == ErrorCode.UNSUPPORTED
    assert sorted(task["id"] for task in first) == sorted(task["id"] for task in same)
    assert letter.payload["to"] == "ben@example.org"
    assert f"/j/{made['code']}#fp=" in letter.payload["link"]
    assert (stranger.status, no_minutes.status, not_his.status) == (404, 404, 404)
    assert [task["state"] for task in doubtful] == ["unknown", "waiting"]
    assert again[0]["id"] != letter.id


def doubted(task: str) -> Callable[[sqlite3.Connection], None]:
    """As if the connection had broken while it was on its way."""
    def write(db: sqlite3.Connection) -> None:
        assert tasks.take(db, task, "me/1", 1e12) is not None
        tasks.doubt(db, "me/1", True)
        tasks.let_go(db, "me/1", Fate(Input.DOUBTED), "It may have arrived.", 1e12)

    return write


async def test_an_account_makes_a_host_no_relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfu.host.mail.MOST_A_DAY", 3)
    save(tmp_path, Settings(mail=Mail(host="127.0.0.1", sender="parley@example.org")))
    wanted = {"title": "Spam", "invited": ["a@example.org", "b@example.org"]}
    async with api(tmp_path) as (_, client):
        ana = await signed_in(client)
        for _ in range(2):
            made = await client.post("/api/meetings", json=wanted, headers=ana)
        again = {"what": "invitation", "again": True}
        refused = problem(await client.post(f"/api/meetings/{made.json()['id']}/mail", json=again, headers=ana))
        sent = (await client.get("/api/tasks", headers=ana)).json()

    assert (made.status_code, refused.status) == (201, 429)
    assert len(sent) == 2
