"""A recording as a player wants it: one clock, that of the film, on which voices, words and chapters lie."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sfu.core import recorded
from sfu.core.recorded import Cut, Span
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import MADE, RECORDINGS, TIMELINE, VOICE, VOICES
from sfu.tasks.recording.facts import chapters, facts_of, who_agreed
from sfu.wire.http import Playable, RecordedChapter, RecordedLine, RecordedVoice


def playable(db: sqlite3.Connection, folder: Path, meeting: str, name: str) -> Playable:
    """`folder`: the host's.  Words are as they read now.  Raises UserError(NOT_FOUND), also while it is not made."""
    made = folder / RECORDINGS / meeting / name / MADE
    facts = facts_of(db, meeting, name)
    cut = _cut(made)
    who = who_agreed(facts, cut)
    voices = {path.stem for path in (made / VOICES).glob(f"*{VOICE}")}
    return Playable(
        id=name, seconds=cut.length,
        voices=[
            RecordedVoice(participant=person.id, name=person.name, file=f"{VOICES}/{person.id}{VOICE}")
            for person in facts.people if person.id in voices
        ],
        chapters=[RecordedChapter(start=each.start, title=each.title) for each in chapters(facts, cut)],
        lines=[
            RecordedLine(**line.model_dump(exclude={"confidence"}))
            for line in recorded.words(facts.lines, facts.recording.began, cut, who)
        ],
    )  # fmt: skip


def _cut(made: Path) -> Cut:
    try:
        spans = json.loads((made / TIMELINE).read_text("utf-8"))["spans"]
    except FileNotFoundError:
        raise not_made() from None
    return Cut([Span(start, end) for start, end in spans])


def not_made() -> UserError:
    return UserError(ErrorCode.NOT_FOUND, "That is not made yet. Look at the tasks of the meeting.")
