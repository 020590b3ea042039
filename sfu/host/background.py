"""A host's background work: its process is started when there is some, watched, and followed for those it concerns.

The rows in the store are the truth and the process takes them from there, so nothing is said to it.  What is not done
when the meeting ends, another process finishes that nobody waits for (`leave_behind`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sfu.core.tasks import UNFINISHED
from sfu.host.supervision import Process, Watcher, keep_alive, spawn
from sfu.roles import spawn_apart
from sfu.store import tasks
from sfu.store.holder import holder
from sfu.store.tasks import Row, Wanted
from sfu.store.thread import Store
from sfu.wire import messages as wire

NAME = "tasks"
ROLE = "sfu.tasks"
# Progress that people watch; the rows are read only while something is unfinished.
LOOK_EVERY_S = 0.5
_MOST_SHOWN = 200


class Background:
    """`queue`: `redis://…`, or nothing for a file in `folder`; `models`: where weights are, if not where usual."""

    def __init__(self, store: Store, folder: Path, queue: str = "", models: Path | None = None) -> None:
        self._store = store
        self.folder = folder
        self._arguments = _arguments(folder, queue, models)
        self._wanted = asyncio.Event()
        self._shown: dict[str, wire.Task] = {}

    async def ask(self, wanted: Wanted) -> Row:
        """It will be done, whatever happens to us.  Raises UserError when it cannot be stored."""
        row = await asyncio.wrap_future(self._store.write(partial(tasks.ask, wanted=wanted, wall=time.time())))
        self.look()
        return row

    def look(self) -> None:
        """There may be something to do."""
        self._wanted.set()

    async def run(self, meeting: Callable[[], str], told: Callable[[wire.Task], None], watcher: Watcher) -> None:
        """Until cancelled.  `told` hears of what changes for the meeting that is on."""
        if await self.unfinished():
            self.look()
        await self._wanted.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_alive(NAME, self._start, watcher), name="background.process")
            group.create_task(self._follow(meeting, told), name="background.follow")

    async def unfinished(self) -> bool:
        return bool(await asyncio.wrap_future(self._store.read(tasks.unfinished)))

    async def leave_behind(self) -> None:
        """The meeting is over, and we go: what is still to be done is done without us."""
        if await self.unfinished():
            spawn_apart(ROLE, *self._arguments)

    async def _start(self) -> Process:
        return await spawn(ROLE, [*self._arguments, "--host", holder()])

    async def _follow(self, meeting: Callable[[], str], told: Callable[[wire.Task], None]) -> None:
        while True:
            await self._wanted.wait()
            rows = await asyncio.wrap_future(
                self._store.read(partial(tasks.listed, meeting=meeting(), most=_MOST_SHOWN))
            )
            if not any(row.state in UNFINISHED for row in rows):
                self._wanted.clear()
            for row in rows:
                now = shown(row)
                if self._shown.get(row.id) != now:
                    self._shown[row.id] = now
                    told(now)
            await asyncio.sleep(LOOK_EVERY_S)


def leave_behind(folder: Path, queue: str = "") -> None:
    """A process of its own that does what there is to do in this folder, and ends."""
    spawn_apart(ROLE, *_arguments(folder, queue))


def shown(row: Row) -> wire.Task:
    return wire.Task(
        id=row.id, kind=row.kind, meeting=row.meeting, state=row.state, progress=row.progress, attempts=row.attempts,
        error=row.error, made_at=row.made_at, due_at=row.due_at,
    )  # fmt: skip


def _arguments(folder: Path, queue: str, models: Path | None = None) -> list[str]:
    return [
        "--data", str(folder), *(["--queue", queue] if queue else []), *(["--models", str(models)] if models else []),
    ]  # fmt: skip
