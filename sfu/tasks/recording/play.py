"""A recording as a player wants it: one clock, that of the film, on which voices, words and chapters lie."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pydantic import BaseModel

from sfu.core import recorded
from sfu.core.recorded import Cut, Span
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import MADE, RECORDINGS, TIMELINE, VOICE, VOICES
from sfu.tasks.recording.facts import chapters, facts_of, who_agreed
from sfu.wire.http import FilmChoice, Playable, RecordedChapter, RecordedLine, RecordedVoice


class Timeline(BaseModel):
    """What lies beside a film: the seconds of the recording that it shows, and how it was made."""

    spans: list[tuple[float, float]]
    film: FilmChoice = FilmChoice()

    @classmethod
    def of(cls, cut: Cut, film: FilmChoice) -> Timeline:
        return cls(spans=[(span.start, span.end) for span in cut.spans], film=film)

    @property
    def cut(self) -> Cut:
        return Cut([Span(*span) for span in self.spans])


def playable(db: sqlite3.Connection, folder: Path, meeting: str, name: str) -> Playable:
    """`folder`: the host's.  Words are as they read now.  Raises UserError(NOT_FOUND), also while it is not made."""
    made = folder / RECORDINGS / meeting / name / MADE
    facts = facts_of(db, meeting, name)
    told = timeline_in(made)
    if told is None:
        raise not_made()
    cut = told.cut
    who = who_agreed(facts, cut)
    voices = {path.stem for path in (made / VOICES).glob(f"*{VOICE}")}
    return Playable(
        id=name, seconds=cut.length,
        voices=[
            RecordedVoice(participant=person.id, name=person.name, file=f"{VOICES}/{person.id}{VOICE}")
            for person in facts.people if person.id in voices
        ],
        chapters=[
            RecordedChapter(start=each.start, kind=each.kind.value, name=each.name, title=each.title)
            for each in chapters(facts, cut)
        ],
        lines=[
            RecordedLine(**line.model_dump(exclude={"confidence"}))
            for line in recorded.words(facts.lines, facts.recording.began, cut, who)
        ],
    )  # fmt: skip


def timeline_in(made: Path) -> Timeline | None:
    """None: it is not made."""
    try:
        return Timeline.model_validate_json((made / TIMELINE).read_bytes())
    except FileNotFoundError:
        return None


def not_made() -> UserError:
    return UserError(ErrorCode.NOT_FOUND, "That is not made yet. Look at the tasks of the meeting.")
