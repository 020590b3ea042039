"""What is known of a recording: what the store kept of it, whose files are whose, and when it ran."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sfu.core import exports, recorded
from sfu.core.recorded import Begins, Chapter, Cut, Span
from sfu.core.recording import STOP
from sfu.core.records import Consented, Deed, WordsCorrected
from sfu.core.transcript import Line
from sfu.store import meetings, recordings, records
from sfu.store.erasing import ERASED
from sfu.store.readable import head_of
from sfu.store.records import Attendance
from sfu.wire.messages import ChatMessage, ClientKind, SourceKind

TRACKS = "tracks"
_KINDS = (SourceKind.MICROPHONE, SourceKind.SCREEN_AUDIO, SourceKind.CAMERA, SourceKind.SCREEN)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows of a recording; instants are meeting time."""

    head: dict[str, object]
    recording: recordings.Row
    people: list[Attendance]
    lines: list[Line]
    """As they read now; those that were struck have no text."""
    edits: list[WordsCorrected]
    chat: list[ChatMessage]
    consents: list[Consented]
    deeds: list[Deed]


@dataclass(frozen=True, slots=True)
class Cast:
    """One person's files, each in the order in which they were begun; `name` is what their tiles say.

    `came`, `went`: seconds of the recording.
    """

    name: str
    microphone: Sequence[Path]
    computer: Sequence[Path]
    camera: Sequence[Path]
    screen: Sequence[Path]
    came: float = 0.0
    went: float = math.inf


def cast(facts: Facts, tracks: Path) -> Mapping[str, Cast]:
    """Whose files are whose, by participant in the order in which they came; who has none has an empty tile.

    Files of nobody known are left alone.
    """
    found: dict[str, dict[str, list[Path]]] = {}
    for path in sorted(tracks.glob("*"), key=lambda path: _order(path.name)):
        person, kind, _ = path.name.split("-", 2) if path.name.count("-") == 2 else ("", "", "")
        found.setdefault(person, {}).setdefault(kind, []).append(path)
    began = facts.recording.began

    def of(person: Attendance) -> Cast:
        files = found.get(person.id, {})
        microphone, computer, camera, screen = (files.get(kind, []) for kind in _KINDS)
        went = person.went - began if person.went is not None else math.inf
        return Cast(person.name if files else "", microphone, computer, camera, screen, person.came - began, went)

    return {person.id: of(person) for person in facts.people if was_there(person, facts.recording)}


def was_there(person: Attendance, row: recordings.Row) -> bool:
    """While it ran; programs that only watch are nobody."""
    stayed = person.went is None or person.went > row.began
    return person.client != ClientKind.PLAYER and stayed and (row.ended is None or person.came < row.ended)


def _order(name: str) -> tuple[int, int]:
    """`p1-camera-12.2.webm`: the stream's number, then the part's."""
    stream, _, rest = name.rpartition("-")[2].partition(".")
    part = rest.partition(".")[0]
    return (int(stream) if stream.isdigit() else 0, int(part) if part.isdigit() else 0)


def timeline(facts: Facts, tracks: Path) -> Cut:
    row = facts.recording
    ended = row.ended if row.ended is not None else row.began
    if not any(deed.about == row.id and deed.what == STOP for deed in facts.deeds):
        ended = row.began + _last(tracks)  # nobody stopped it: its host was killed, and when is not known better
    return Cut(recorded.spans(row.id, row.began, ended, facts.deeds))


def who_agreed(facts: Facts, cut: Cut) -> dict[str, list[Span]]:
    """By participant, in seconds of the recording."""
    began = facts.recording.began
    ended = began + (cut.spans[-1].end if cut.spans else 0.0)
    return {person.id: recorded.agreed(person.id, began, ended, facts.consents) for person in facts.people}


def _last(tracks: Path) -> float:
    """When the last frame of all was taken, in seconds of the recording."""
    from sfu.tasks.recording.sound import last_of

    return max((last_of(path) for path in tracks.glob("*")), default=0.0)


def chapters(facts: Facts, cut: Cut) -> list[Chapter]:
    began = facts.recording.began
    joined = [(person.came - began, Begins.JOINED, exports.one_line(person.name)) for person in facts.people
              if person.came > began and person.name != ERASED]
    resumed = [(span.start, Begins.RESUMED, "") for span in cut.spans[1:]]
    return recorded.chapters(cut, [*joined, *resumed])


def facts_of(db: sqlite3.Connection, meeting: str, name: str) -> Facts:
    row = meetings.get(db, meeting)
    return Facts(
        head_of(row), recordings.get(db, meeting, name), records.participants(db, meeting),
        records.every_line(db, meeting), records.corrections(db, meeting),
        records.chat(db, meeting, None, most=100_000), records.consents(db, meeting), records.audit(db, meeting),
    )  # fmt: skip
