"""Two headless participants in one real meeting: host, forwarder, TLS, ICE, DTLS-SRTP, Opus, VP8, on loopback."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from app.engine.signalling import open_session
from sfu.wire.messages import Changed, ClientKind, Welcome
from tests.engine.clips import write_clip
from tests.system.hosting import RunningHost, hosting
from tests.system.waiting import PATIENCE

pytestmark = pytest.mark.system

SECONDS = 6


async def participant(link: str, name: str, *arguments: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "app.headless", link, "--name", name, *arguments]
    return await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)


async def finished(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Exit status and what was said; whoever hangs is killed and fails the test."""
    try:
        async with asyncio.timeout(SECONDS + PATIENCE):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return process.returncode, said.decode()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "tone.webm", seconds=SECONDS)


async def met(host: RunningHost, name: str) -> None:
    """Until somebody of that name is in the meeting with sound and picture."""
    watcher = open_session(host.invite, "Watcher", ClientKind.HEADLESS)
    async with asyncio.timeout(SECONDS + PATIENCE), watcher as session:
        while True:
            match await session.receive():
                case Welcome(roster=people) if any(person.name == name and person.connected for person in people):
                    return
                case Changed(participant=person) if person.name == name and person.connected:
                    return


async def meet(host: RunningHost, clip: Path, folder: Path) -> dict[str, dict[str, Any]]:
    """Ana and Ben, each with the clip; their reports."""
    people = {}
    for name in ("Ana", "Ben"):
        report = folder / f"{name}.json"
        common = ("--media", str(clip), "--report", str(report), "--seconds", str(SECONDS))
        people[name] = await participant(host.link, name, *common)
    for process in people.values():
        assert await finished(process) == (0, "")
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in people}


async def test_two_people_see_hear_and_know_each_other(tmp_path: Path, clip: Path) -> None:
    async with hosting(tmp_path / "data") as host:
        reports = await meet(host, clip, tmp_path)

    for name, other in (("Ana", "Ben"), ("Ben", "Ana")):
        report = reports[name]
        seen = {source["name"]: {} for source in report["sources"].values()}
        for path, source in report["sources"].items():
            seen[source["name"]][path.partition("/")[2]] = source
        assert set(report["roster"].values()) == {"Ana", "Ben"}
        assert seen[other]["camera"]["frames"] > 20
        assert (seen[other]["camera"]["width"], seen[other]["camera"]["height"]) == (320, 180)
        assert seen[other]["microphone"]["heard"] > 1.0
        assert name not in seen
        assert report["join"]["first_remote_frame_s"] is not None
        assert report["state"] == "left"


async def test_someone_who_is_interrupted_still_writes_the_report(tmp_path: Path, clip: Path) -> None:
    report = tmp_path / "ana.json"
    async with hosting(tmp_path / "data") as host:
        ana = await participant(host.link, "Ana", "--media", str(clip), "--report", str(report))
        await met(host, "Ana")
        ana.send_signal(signal.SIGINT)

        assert (await finished(ana))[0] == 0

    assert json.loads(report.read_text())["state"] == "left"


async def test_a_meeting_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host:
        link = host.link.replace(f"/j/{host.ready['code'].replace('-', '')}", "/j/AAAABBBB")
        assert link != host.link

        status, said = await finished(await participant(link, "Ana"))

    assert status == 2
    assert said.count("\n") == 1
    assert "Traceback" not in said
