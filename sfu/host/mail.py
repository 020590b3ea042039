"""Invitations and minutes by mail, one task a person: asked for here, sent by `sfu.tasks.mail`."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial

from sfu.host.background import Background, shown
from sfu.host.callers import Caller
from sfu.host.meetings import Meetings
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import analyses, meetings, tasks
from sfu.store.meetings import Row
from sfu.store.tasks import Wanted, new_id
from sfu.tasks.mail import KIND
from sfu.tasks.settings import settings
from sfu.wire import http
from sfu.wire import messages as wire
from sfu.wire.analysis import Analysis

log = logging.getLogger("sfu.host.mail")

MOST_A_DAY = 400
"""For the meetings of one account: a host is no relay for whoever can make themselves an account."""
_DAY_S = 86_400.0
_NOT_SET_UP = "No mail server is set up on the host's computer."


class Mail:
    """`link`: the invitation to the meeting of a code, as it can be reached now."""

    def __init__(self, held: Meetings, background: Background, link: Callable[[str], str]) -> None:
        self._meetings = held
        self._background = background
        self._link = link

    async def invite(self, row: Row, invited: Sequence[str]) -> None:
        """Somebody planned a meeting: whoever they named hears of it, where mail is set up.

        The meeting is planned, whatever comes of this.
        """
        try:
            if invited and await self._is_set_up():
                await self._ask(row, "invitation", invited, again=False)
        except UserError as error:
            log.warning("invitations not sent", extra={"meeting": row.id, "code": error.code})

    async def send(self, caller: Caller, meeting: str, wanted: http.WantedMail) -> list[wire.Task]:
        """To everybody who is invited, or to some of them.

        Who was sent it already, or may have been, is not sent it again unless `wanted.again` says so.
        Raises UserError: NOT_FOUND, NOT_ALLOWED, UNSUPPORTED (no mail server is set up), TOO_MANY.
        """
        row = await self._meetings.owned(caller, meeting)
        if not await self._is_set_up():
            raise UserError(ErrorCode.UNSUPPORTED, _NOT_SET_UP)
        invited = await self._meetings.read(partial(meetings.invited, meeting=row.id))
        if strangers := set(wanted.to) - set(invited):
            raise UserError(ErrorCode.NOT_FOUND, f"{min(strangers)} is not invited to that meeting.")
        found = await self._meetings.read(partial(analyses.get, meeting=row.id))
        if wanted.what == "minutes" and found == Analysis():
            raise UserError(ErrorCode.NOT_FOUND, "There are no minutes of that meeting yet.")
        return await self._ask(row, wanted.what, wanted.to or invited, wanted.again)

    async def _ask(self, row: Row, what: str, to: Sequence[str], again: bool) -> list[wire.Task]:
        letters = [
            Wanted(new_id(), KIND, f"{KIND}:{what}:{row.id}:{each}", row.id,
                   {"what": what, "to": each, "link": self._link(row.code)})
            for each in to
        ]  # fmt: skip
        ask = partial(_asked, letters=letters, owner=row.owner, again=again, wall=time.time())
        rows = await self._meetings.write(ask)
        self._background.look()
        return [shown(each) for each in rows]

    async def _is_set_up(self) -> bool:
        return (await asyncio.to_thread(settings, self._background.folder)).mail is not None


def _asked(
    db: sqlite3.Connection, letters: Sequence[Wanted], owner: str | None, again: bool, wall: float
) -> list[tasks.Row]:
    if owner is not None:
        sent = tasks.count(db, KIND, owner, wall - _DAY_S)
        if sent + len(letters) > MOST_A_DAY:
            raise UserError(ErrorCode.TOO_MANY, "That is too much mail for one day. Try again tomorrow.")
    rows: list[tasks.Row] = []
    for letter in letters:
        row = (tasks.ask_anew if again else tasks.ask)(db, letter, wall)
        if row.state in (wire.TaskState.FAILED, wire.TaskState.CANCELLED):
            row = tasks.ask_again(db, row.id, wall)
        rows.append(row)
    return rows
