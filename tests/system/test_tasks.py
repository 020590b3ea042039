"""A host's background work with its own processes: found, done, killed and done again, and done after the host."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sfu.store import analyses, meetings, tasks
from sfu.store.thread import Store
from sfu.wire.analysis import Analysis
from sfu.wire.messages import TaskState
from tests.core.analysis.meetings import RELEASE, Script
from tests.store.rows import begun, came, kept
from tests.system.hosting import hosting
from tests.system.waiting import until

pytestmark = pytest.mark.system


def killed_in(folder: Path, script: Script) -> None:
    """As a host that was killed in the middle of a meeting leaves it."""
    store = Store(folder)
    store.write(lambda db: (
        begun(db),
        kept(db, *(came(f"p{number}", name) for number, name in enumerate(script.names, 1)), *script.lines()),
    )).result()  # fmt: skip
    store.close()


def found_out(folder: Path) -> Callable[[], Analysis]:
    """Read anew each time, as another program would."""

    def read() -> Analysis:
        store = Store(folder)
        try:
            return store.read(lambda db: analyses.get(db, "m1")).result()
        finally:
            store.close()

    return read


async def test_what_a_killed_host_left_is_found_out_by_the_next_whose_worker_is_killed_too(tmp_path: Path) -> None:
    killed_in(tmp_path, RELEASE)

    async with hosting(tmp_path) as host:
        said = await host.event("child")
        assert (said["name"], said["state"]) == ("tasks", "started")
        os.kill(said["pid"], signal.SIGKILL)
        told = {"Authorization": f"Bearer {host.ready['host_token']}"}
        async with httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{host.invite.port}", headers=told, verify=False
        ) as client:

            async def minutes() -> bool:
                return bool((await client.get("/api/meetings/m1/analysis")).json()["minutes"])

            await until(minutes, "minutes")
            (task,) = (await client.get("/api/tasks")).json()

    assert (task["kind"], task["state"], task["meeting"]) == ("analysis", "done", "m1")


async def test_what_is_not_done_when_the_host_ends_is_done_without_it(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host:
        killed_in(tmp_path, RELEASE)
        store = Store(tmp_path)
        store.write(lambda db: (meetings.end(db, "m1", 2_000.0), analyses.ask_owed(db, 0.0))).result()
        store.close()
        host.process.terminate()
        await host.process.wait()
    read = found_out(tmp_path)

    async def minutes() -> bool:
        return read().minutes is not None

    await until(minutes, "minutes")
    store = Store(tmp_path)
    assert [row.state for row in store.read(lambda db: tasks.listed(db, "m1")).result()] == [TaskState.DONE]
    store.close()
