"""Finding out what a meeting was about, by rules: seconds of one core for hours of talk."""

from __future__ import annotations

import sqlite3
import time
from functools import partial

from sfu.core.analysis.minutes import minutes
from sfu.core.analysis.reading import sentences
from sfu.core.analysis.talking import talk_time
from sfu.core.analysis.topics import topics
from sfu.core.transcript import Line
from sfu.store import again, analyses, records
from sfu.store.erasing import ERASED
from sfu.store.tasks import Row
from sfu.tasks.context import Context, Result
from sfu.tasks.settings import settings
from sfu.wire.analysis import Analysis, Topics, Version


def analyse(context: Context) -> Result:
    meeting = context.require_meeting()
    version = version_of(context.task)
    lines = context.store.read(partial(again.lines, meeting=meeting, version=version)).result()
    names = context.store.read(partial(people, meeting=meeting)).result()
    context.progress(0.1)
    found = found_in(lines, names, context, version)
    return partial(_store, meeting=meeting, found=found, model=settings(context.folder).minutes is not None)


def version_of(task: Row) -> Version:
    """Of the transcript that is to be read."""
    return "second" if task.payload.get("version") == "second" else "first"


def found_in(lines: list[Line], names: list[str], context: Context, version: Version) -> Analysis:
    """Raises Stopped."""
    spoken = talk_time(lines)
    context.progress(0.3)
    about = Topics(topics=topics(sentences(lines)))
    context.progress(0.6)
    told = minutes(lines, names).model_copy(update={"version": version})
    context.progress(0.9)
    return Analysis(talk_time=spoken, topics=about, minutes=told)


def people(db: sqlite3.Connection, meeting: str) -> list[str]:
    """As they are shown, and whoever was erased is nobody."""
    return [stay.name for stay in records.participants(db, meeting) if stay.name != ERASED]


def _store(db: sqlite3.Connection, meeting: str, found: Analysis, model: bool) -> None:
    """A model's minutes come later, in place of these."""
    wall = time.time()
    analyses.keep(db, meeting, found, wall)
    if model:
        version = found.minutes.version if found.minutes is not None else "first"
        analyses.ask(db, meeting, analyses.MODEL, wall, version)
