"""Who may see background work, call it off and ask for it again: the host, and who runs the meeting it is for."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from sfu.host.background import Background, shown
from sfu.host.callers import Caller
from sfu.host.conference import Conference
from sfu.host.meetings import Meetings
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import again, analyses, meetings, tasks
from sfu.store.tasks import Row
from sfu.tasks.settings import settings
from sfu.wire import messages as wire
from sfu.wire.analysis import Analysis, WantedAnalysis


class Tasks:
    def __init__(self, held: Meetings, conference: Conference, background: Background) -> None:
        self._meetings = held
        self._conference = conference
        self._background = background

    async def listed(
        self, caller: Caller, meeting: str | None, state: wire.TaskState | None, most: int, skip: int
    ) -> list[wire.Task]:
        """`meeting`: an id or a code.  Raises UserError: NOT_FOUND, NOT_ALLOWED, BAD_TOKEN."""
        if caller.participant is not None:
            meeting = meeting or self._conference.meeting.about.id
        if meeting is not None:
            wanted = partial(tasks.listed, meeting=(await self._meetings.run(caller, meeting)).id)
        elif caller.host:
            wanted = partial(tasks.listed, meeting=None)
        else:
            wanted = partial(tasks.owned, account=caller.require_account().id)
        return [shown(row) for row in await self._meetings.read(partial(wanted, state=state, most=most, skip=skip))]

    async def get(self, caller: Caller, task: str) -> wire.Task:
        return shown(await self._theirs(caller, task))

    async def cancel(self, caller: Caller, task: str) -> wire.Task:
        """Raises UserError: NOT_FOUND, TAKEN (it is over)."""
        row = await self._theirs(caller, task)
        changed = await self._meetings.write(partial(tasks.call_off, task=row.id))
        self._background.look()
        return shown(changed)

    async def retry(self, caller: Caller, task: str) -> wire.Task:
        """Raises UserError: NOT_FOUND, TAKEN (it is done, or goes on)."""
        row = await self._theirs(caller, task)
        changed = await self._meetings.write(partial(tasks.ask_again, task=row.id, wall=time.time()))
        self._background.look()
        return shown(changed)

    # -- what was found out about a meeting ------------------------------------------------------------------

    async def analysis(self, caller: Caller, meeting: str) -> Analysis:
        """For whoever may read the transcript."""
        row = await self._meetings.get(caller, meeting)
        return await self._meetings.read(partial(analyses.get, meeting=row.id))

    async def minutes(self, caller: Caller, meeting: str) -> tuple[meetings.Row, Analysis]:
        """Raises UserError(NOT_FOUND) while there are none."""
        row = await self._meetings.get(caller, meeting)
        found = await self._meetings.read(partial(analyses.get, meeting=row.id))
        if found == Analysis():
            raise UserError(ErrorCode.NOT_FOUND, "Nothing has been found out about that meeting yet.")
        return row, found

    async def analyse(self, caller: Caller, meeting: str, wanted: WantedAnalysis) -> wire.Task:
        """Raises UserError: NOT_FOUND, NOT_ALLOWED, UNSUPPORTED (no language model is set up)."""
        row = await self._meetings.run(caller, meeting)
        if wanted.minutes == "rules":
            kind = analyses.RULES
        elif (await asyncio.to_thread(settings, self._background.folder)).minutes is None:
            raise UserError(ErrorCode.UNSUPPORTED, "No language model is set up on the host's computer.")
        else:
            kind = analyses.MODEL
        if wanted.version == "second":
            await self._meetings.read(partial(again.get, meeting=row.id))
        asked = await self._meetings.write(
            partial(analyses.ask, meeting=row.id, kind=kind, wall=time.time(), version=wanted.version)
        )
        self._background.look()
        return shown(asked)

    async def hear_again(self, caller: Caller, meeting: str) -> wire.Task:
        """Raises UserError: NOT_FOUND (also: it was not recorded), NOT_ALLOWED, TAKEN (it is not over)."""
        row = await self._meetings.run(caller, meeting)
        if row.state is not meetings.State.ENDED:
            raise UserError(ErrorCode.TAKEN, "That meeting is not over. Its words can be made again afterwards.")
        asked = await self._meetings.write(partial(again.ask, meeting=row.id, wall=time.time()))
        self._background.look()
        return shown(asked)

    async def _theirs(self, caller: Caller, task: str) -> Row:
        """Raises UserError(NOT_FOUND) also for what is not the caller's business."""
        if not caller.host and caller.participant is None:
            caller.require_account()
        row = await self._meetings.read(partial(tasks.get, task=task))
        if caller.host:
            return row
        if row.meeting is None:
            raise tasks.not_there()
        of = await self._meetings.read(partial(meetings.get, meeting=row.meeting))
        if not await self._meetings.runs(caller, of):
            raise tasks.not_there()
        return row
