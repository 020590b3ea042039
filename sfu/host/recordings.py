"""Recordings of meetings for who runs them: which there are, what was made of each, and links that open it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from functools import partial
from pathlib import Path

from sfu.host.background import Background, shown
from sfu.host.callers import Caller
from sfu.host.links import Links
from sfu.host.meetings import Meetings
from sfu.store import keeping, meetings, recordings
from sfu.store.recordings import Row
from sfu.tasks.recording.play import not_made, playable, timeline_in
from sfu.wire.http import FilmChoice, Playable, PlayLink, Recorded
from sfu.wire.messages import Task

# Whoever watches a day's meeting with pauses need not ask again; players ask for pieces of the same path for hours.
LINK_LIFETIME = 12 * 3600.0


class Recordings:
    """Every method raises UserError: NOT_FOUND, NOT_ALLOWED, BAD_TOKEN."""

    def __init__(self, held: Meetings, background: Background) -> None:
        self._held = held
        self._background = background
        self._folder = background.folder
        self._links = Links(LINK_LIFETIME)

    async def listed(self, caller: Caller, meeting: str) -> list[Recorded]:
        row = await self._held.run(caller, meeting)
        found = await self._held.read(partial(recordings.listed, meeting=row.id))
        return [await asyncio.to_thread(self._shown, one) for one in found]

    async def make(self, caller: Caller, meeting: str, name: str, wanted: FilmChoice) -> Task:
        """In place of the film that is there, when it is done.  Raises TAKEN while it runs, or one is being made."""
        row = await self._held.run(caller, meeting)
        asked = await self._held.write(
            partial(recordings.ask, meeting=row.id, name=name, film=wanted.model_dump(), wall=time.time())
        )
        self._background.look()
        return shown(asked)

    async def playable(self, caller: Caller, meeting: str, name: str, link: str) -> Playable:
        one = await self._open(caller, meeting, name, link)
        return await self._held.read(partial(playable, folder=self._folder, meeting=one.meeting, name=one.id))

    async def link(self, caller: Caller, meeting: str, name: str) -> PlayLink:
        one = await self._open(caller, meeting, name)
        return PlayLink(link=self._links.give(_key(one)), seconds=self._links.lifetime)

    async def file(self, caller: Caller, meeting: str, name: str, file: str, link: str) -> Path:
        """`file`: below what was made of it; whoever asks has looked at its form."""
        one = await self._open(caller, meeting, name, link)
        path = self._folder_of(one) / file
        if not await asyncio.to_thread(path.is_file):
            raise not_made()
        return path

    async def _open(self, caller: Caller, meeting: str, name: str, link: str = "") -> Row:
        """For who runs the meeting, or knows a link."""
        if link:
            one = await self._held.read(partial(_found, meeting=meeting, name=name))
            if self._links.opens(link, _key(one)):
                return one
        row = await self._held.run(caller, meeting)
        return await self._held.read(partial(recordings.get, meeting=row.id, name=name))

    def _folder_of(self, one: Row) -> Path:
        return self._folder / keeping.RECORDINGS / one.meeting / one.id / keeping.MADE

    def _shown(self, one: Row) -> Recorded:
        made = self._folder_of(one)
        timeline = timeline_in(made)
        return Recorded(
            id=one.id, began=one.began, ended=one.ended, film=timeline.film if timeline is not None else None,
            made=[name for name in keeping.OUTCOMES if (made / name).is_file()],
        )


def _found(db: sqlite3.Connection, meeting: str, name: str) -> Row:
    return recordings.get(db, meetings.get(db, meeting).id, name)


def _key(one: Row) -> str:
    return f"{one.meeting}/{one.id}"
