"""Meetings as HTTP and gRPC see them: those that are planned and over in the store, and the one that is on.

One host holds one meeting at a time.  Starting a planned one puts it in the place of the meeting that the host began
with, as long as nobody is in that.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from functools import partial

from sfu.core.exports import one_line
from sfu.core.meeting import Meeting
from sfu.core.reheard import Second
from sfu.core.transcript import Line
from sfu.host.archive import Archive
from sfu.host.callers import Caller
from sfu.host.chance import meeting_code
from sfu.host.conference import Conference
from sfu.host.watching import Watch
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import again, keeping, meetings, records, search
from sfu.store.meetings import Planned, Row, State, not_there
from sfu.store.thread import T, Work
from sfu.wire import http
from sfu.wire import messages as wire


class Meetings:
    def __init__(self, archive: Archive, conference: Conference) -> None:
        self._archive = archive
        self._conference = conference
        self._starting = asyncio.Lock()
        self.planned: Callable[[Row, Sequence[str]], Awaitable[None]] | None = None
        """Who tells those that are invited."""

    # -- planning and holding --------------------------------------------------------------------------------

    async def create(self, caller: Caller, wanted: http.NewMeeting) -> http.MeetingInfo:
        owner = None if caller.host else caller.require_account().id
        title = one_line(wanted.title)
        if not title:
            raise UserError(ErrorCode.BAD_FRAME, "A meeting needs a title.")
        planned = Planned(
            secrets.token_hex(8), meeting_code(), title, owner, wanted.starts_at, wanted.minutes, tuple(wanted.invited)
        )
        row = await self.write(partial(meetings.plan, planned=planned, wall=time.time()))
        if self.planned is not None:
            await self.planned(row, planned.invited)
        return self.shown(row)

    async def start(self, caller: Caller, meeting: str) -> http.MeetingInfo:
        """Raises UserError: NOT_FOUND, NOT_ALLOWED, TAKEN (another is on, or this one was)."""
        async with self._starting:
            row = await self.owned(caller, meeting)
            if self._conference.meeting.crowd:
                raise UserError(ErrorCode.TAKEN, "Another meeting is going on here. End it first.")
            await asyncio.to_thread(self._archive.take_up, row.id)
            self._conference.hold(wire.Meeting(id=row.id, title=row.title, code=row.code))
        return self.shown(await self.get(caller, row.id))

    async def end(self, caller: Caller, meeting: str) -> http.MeetingInfo:
        row = await self._live(caller, meeting)
        self._conference.end("The host ended the meeting.")
        return self.shown(row)

    async def delete(self, caller: Caller, meeting: str) -> None:
        """With all that is kept of it.  Raises UserError: NOT_FOUND, NOT_ALLOWED, TAKEN (it is on)."""
        row = await self.owned(caller, meeting)
        if row.state is State.LIVE:
            raise UserError(ErrorCode.TAKEN, "That meeting is going on. End it first.")
        await self.write(partial(meetings.drop, meeting=row.id))
        await self.read(keeping.shrink)
        await asyncio.to_thread(keeping.delete_files, self._archive.folder, row.id)

    async def lock(self, caller: Caller, meeting: str, locked: bool) -> http.MeetingInfo:
        await self.command(caller, meeting, wire.SetPolicy(locked=locked))
        return self.shown(await self.get(caller, meeting))

    async def command(self, caller: Caller, meeting: str, message: wire.ClientMessage) -> None:
        """As somebody in the meeting, if the key is theirs, else as the host.  Raises what the meeting refuses."""
        if caller.participant is not None:
            await self.get(caller, meeting)
            self._conference.said(caller.participant, message)
        else:
            await self._live(caller, meeting)
            self._conference.command(message)
        await self._conference.settled()

    async def watch(self, caller: Caller, meeting: str) -> tuple[http.MeetingInfo, Watch]:
        """What everybody in it is told, for who runs it, or is in it and for as long as they are.

        Raises UserError: NOT_FOUND, NOT_ALLOWED, TAKEN (it is not on).
        """
        row = await self.get(caller, meeting)
        if caller.host or (caller.account is not None and caller.account.id == row.owner):
            places = None
        else:
            theirs = await self.read(lambda db: _readers(db, caller, row.id))
            places = {person.id for person in self._conference.meeting.roster()} & theirs
        if not self._is_on(row):
            raise _not_on()
        if places == set():
            raise UserError(ErrorCode.NOT_ALLOWED, "Only who is in the meeting, made it, or the host can watch it.")
        return self.shown(row), self._conference.watch(places)

    def unwatch(self, watch: Watch) -> None:
        self._conference.watchers.end(watch)

    def place(self, participant: str) -> tuple[wire.Meeting, wire.Participant]:
        """The meeting that is on, and somebody who is in it as they are now.  Raises UserError(NOT_FOUND)."""
        meeting = self._conference.meeting
        found = next((person for person in meeting.roster() if person.id == participant), None)
        if found is None:
            raise not_there()
        return meeting.about, found

    # -- reading ---------------------------------------------------------------------------------------------

    async def listed(self, caller: Caller, wanted: http.Listing) -> list[http.MeetingInfo]:
        state = State(wanted.state) if wanted.state is not None else None
        listed = partial(meetings.listed, account=caller.sees, state=state, most=wanted.most, skip=wanted.skip)
        return [self.shown(row) for row in await self.read(listed)]

    async def get(self, caller: Caller, meeting: str) -> Row:
        """Raises UserError(NOT_FOUND) also for what is not the caller's business."""
        return await self.read(self._finding(caller, meeting))

    async def owned(self, caller: Caller, meeting: str) -> Row:
        row = await self.get(caller, meeting)
        caller.require_owner(row)
        return row

    async def run(self, caller: Caller, meeting: str) -> Row:
        """For who runs that meeting.  Raises UserError: NOT_FOUND, NOT_ALLOWED, BAD_TOKEN."""
        row = await self.get(caller, meeting)
        if not await self.runs(caller, row):
            raise UserError(ErrorCode.NOT_ALLOWED, "Only who runs that meeting can see and change what is done for it.")
        return row

    async def runs(self, caller: Caller, row: Row) -> bool:
        """The host, its owner, and who is (while it is on) or was (with an account) host or co-host in it."""
        if caller.participant is not None:
            return self._is_on(row) and self._conference.meeting.moderates(caller.participant)
        if caller.host or caller.account is None:
            return caller.host
        ran = partial(meetings.was_run_by, meeting=row.id, account=caller.account.id)
        return caller.account.id == row.owner or await self.read(ran)

    async def attendees(self, caller: Caller, meeting: str) -> list[http.Attendee]:
        row, stays = await self._of(caller, meeting, records.participants)
        roles = {person.id: person.role for person in self._conference.meeting.roster()} if self._is_on(row) else {}
        return [
            http.Attendee(
                id=stay.id, name=stay.name, role=roles.get(stay.id, wire.Role(stay.role)), client=stay.client,
                came=stay.came, went=stay.went,
            )
            for stay in stays
        ]  # fmt: skip

    async def chat(self, caller: Caller, meeting: str, after: int, most: int) -> list[wire.ChatMessage]:
        def said(db: sqlite3.Connection, meeting: str) -> list[wire.ChatMessage]:
            return records.chat(db, meeting, _readers(db, caller, meeting), after, most)

        return (await self._of(caller, meeting, said))[1]

    async def files(self, caller: Caller, meeting: str) -> tuple[Row, list[wire.SharedFile]]:
        """What was shared with everybody, and with the caller alone."""
        return await self._of(
            caller, meeting, lambda db, meeting: records.files(db, meeting, _readers(db, caller, meeting))
        )

    async def all_files(self, meeting: str) -> list[wire.SharedFile]:
        return await self.read(partial(records.files, meeting=meeting, seen_by=None))

    @property
    def live(self) -> Meeting:
        """The one that is on."""
        return self._conference.meeting

    async def transcript(self, caller: Caller, meeting: str) -> tuple[Row, list[Line]]:
        return await self._of(caller, meeting, records.transcript)

    async def second_transcript(self, caller: Caller, meeting: str) -> tuple[Row, Second]:
        """Raises UserError(NOT_FOUND) also when there is none."""
        return await self._of(caller, meeting, again.get)

    async def find(self, caller: Caller, query: str, most: int) -> list[http.Found]:
        hits = await self.read(partial(search.find, query=query, account=caller.sees, most=most))
        return [http.Found(**asdict(hit)) for hit in hits]

    def shown(self, row: Row) -> http.MeetingInfo:
        meeting, on = self._conference.meeting, self._is_on(row)
        return http.MeetingInfo(
            id=row.id, code=row.code, title=row.title, state=row.state.value, starts_at=row.starts_at,
            minutes=row.minutes, began_at=row.began_at, ended_at=row.ended_at,
            locked=on and meeting.policy.locked, people=meeting.crowd if on else 0,
        )  # fmt: skip

    async def read(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._archive.store.read(work))

    async def write(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._archive.store.write(work))

    async def _of(
        self, caller: Caller, meeting: str, asked: Callable[[sqlite3.Connection, str], T]
    ) -> tuple[Row, T]:
        """A meeting and something about it, in one visit to the store.  Raises UserError(NOT_FOUND)."""
        finding = self._finding(caller, meeting)

        def work(db: sqlite3.Connection) -> tuple[Row, T]:
            row = finding(db)
            return row, asked(db, row.id)

        return await self.read(work)

    def _finding(self, caller: Caller, meeting: str) -> Work[Row]:
        if caller.participant is None:
            return partial(meetings.seen, meeting=meeting, account=caller.sees)
        about = self._conference.meeting.about
        if meeting not in (about.id, about.code):
            raise not_there()
        return partial(meetings.get, meeting=about.id)

    async def _live(self, caller: Caller, meeting: str) -> Row:
        row = await self.owned(caller, meeting)
        if not self._is_on(row):
            raise _not_on()
        return row

    def _is_on(self, row: Row) -> bool:
        return row.id == self._conference.meeting.about.id


def _readers(db: sqlite3.Connection, caller: Caller, meeting: str) -> frozenset[str]:
    """Whose private messages and files they may have: their own places in the meeting."""
    if caller.host:
        return frozenset()
    if caller.participant is not None:
        return frozenset({caller.participant})
    account = caller.require_account().id
    return frozenset(stay.id for stay in records.participants(db, meeting) if stay.account == account)


def _not_on() -> UserError:
    return UserError(ErrorCode.TAKEN, "That meeting is not going on here now.")
