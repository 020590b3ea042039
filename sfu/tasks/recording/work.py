"""The task that makes film, voices, words and bundle of a recording; may be killed anywhere and is begun again.

Everything is made in a folder beside the tracks and appears there by renaming, the bundle last: whoever finds a bundle
finds all of it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sfu.core import exports, recorded
from sfu.core.recorded import Chapter, Cut, Span
from sfu.core.recording import STOP
from sfu.core.records import Consented, Deed
from sfu.core.transcript import Line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import meetings, recordings, records
from sfu.store.keeping import BUNDLE, CAPTIONS, FILM, MADE, RECORDINGS
from sfu.store.records import Attendance
from sfu.tasks.context import Context
from sfu.wire.messages import ChatMessage, ClientKind, SourceKind

if TYPE_CHECKING:
    from sfu.tasks.recording.film import Cast

TRACKS = "tracks"
_MIXING, _VOICES = 0.8, 0.95
_EMPTY = "Nobody was recorded, so there is nothing to make a film of."


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows of a recording; instants are meeting time."""

    head: dict[str, object]
    recording: recordings.Row
    people: list[Attendance]
    lines: list[Line]
    chat: list[ChatMessage]
    consents: list[Consented]
    deeds: list[Deed]


def make(context: Context) -> None:
    """Raises UserError when there is nothing that could be made, Stopped when it was called off."""
    meeting, name = context.require_meeting(), str(context.task.payload["recording"])
    facts = context.store.read(partial(facts_of, meeting=meeting, name=name)).result()
    folder = context.folder / RECORDINGS / meeting / name
    fresh = folder / ".making"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        _make(context, facts, folder / TRACKS, fresh)
        shutil.rmtree(folder / MADE, ignore_errors=True)
        fresh.rename(folder / MADE)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _make(context: Context, facts: Facts, tracks: Path, fresh: Path) -> None:
    from sfu.tasks.recording import bundle, film  # the media libraries are slow to load, and few tasks need them

    cut, who = timeline(facts, tracks)
    casts = cast(tracks, [person for person in facts.people if was_there(person, facts.recording)])
    if cut.length <= 0 or not any(of.microphone or of.camera or of.screen for of in casts.values()):
        raise UserError(ErrorCode.NOT_FOUND, _EMPTY)
    film.make(fresh / FILM, casts, cut, _chapters(facts, cut), lambda part: context.progress(part * _MIXING))
    (fresh / "voices").mkdir()
    for number, (person, of) in enumerate(casts.items()):
        if of.microphone or of.computer:
            film.make_voice(fresh / "voices" / f"{person}.ogg", of, cut, context.check)
        context.progress(_MIXING + (_VOICES - _MIXING) * (number + 1) / len(casts))
    lines = recorded.words(facts.lines, facts.recording.began, cut, who)
    (fresh / CAPTIONS).write_text(exports.to_vtt(facts.head, lines), "utf-8", errors="replace")
    contents = {f"tracks/{path.name}": path for path in sorted(tracks.iterdir())}
    contents |= {str(path.relative_to(fresh)): path for path in sorted(fresh.rglob("*")) if path.is_file()}
    about = {**facts.head, "recording": facts.recording.id, "began": facts.recording.began, "seconds": cut.length}
    bundle.write(
        fresh / BUNDLE, {**contents, **_words(facts, lines, who)}, about, bundle.key_of(context.folder), context.check
    )
    for path in fresh.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def cast(tracks: Path, people: list[Attendance]) -> Mapping[str, Cast]:
    """Whose files are whose, by participant in the order in which they came; who has none has an empty tile.

    Files of nobody known are left alone.
    """
    from sfu.tasks.recording.film import Cast

    found: dict[str, dict[str, list[Path]]] = {}
    for path in sorted(tracks.glob("*"), key=lambda path: _order(path.name)):
        person, kind, _ = path.name.split("-", 2) if path.name.count("-") == 2 else ("", "", "")
        found.setdefault(person, {}).setdefault(kind, []).append(path)
    return {
        person.id: Cast(*[found.get(person.id, {}).get(kind, []) for kind in (
            SourceKind.MICROPHONE, SourceKind.SCREEN_AUDIO, SourceKind.CAMERA, SourceKind.SCREEN
        )])
        for person in people
    }  # fmt: skip


def was_there(person: Attendance, row: recordings.Row) -> bool:
    """While it ran; programs that only watch are nobody."""
    stayed = person.went is None or person.went > row.began
    return person.client != ClientKind.PLAYER and stayed and (row.ended is None or person.came < row.ended)


def _order(name: str) -> tuple[int, int]:
    """`p1-camera-12.2.webm`: the stream's number, then the part's."""
    stream, _, rest = name.rpartition("-")[2].partition(".")
    part = rest.partition(".")[0]
    return (int(stream) if stream.isdigit() else 0, int(part) if part.isdigit() else 0)


def timeline(facts: Facts, tracks: Path) -> tuple[Cut, dict[str, list[Span]]]:
    row = facts.recording
    ended = row.ended if row.ended is not None else row.began
    if not any(deed.about == row.id and deed.what == STOP for deed in facts.deeds):
        ended = row.began + _last(tracks)  # nobody stopped it: its host was killed, and when is not known better
    cut = Cut(recorded.spans(row.id, row.began, ended, facts.deeds))
    who = {
        person.id: recorded.agreed(person.id, row.began, ended, facts.consents) for person in facts.people
    }
    return cut, who


def _last(tracks: Path) -> float:
    """When the last frame of all was taken, in seconds of the recording."""
    from sfu.tasks.recording.sound import last_of

    return max((last_of(path) for path in tracks.glob("*")), default=0.0)


def _chapters(facts: Facts, cut: Cut) -> list[Chapter]:
    began = facts.recording.began
    joined = [(person.came - began, f"{exports.one_line(person.name)} joins") for person in facts.people
              if person.came > began]
    resumed = [(span.start, "After a pause") for span in cut.spans[1:]]
    return recorded.chapters(cut, [*joined, *resumed])


def _words(facts: Facts, lines: list[Line], who: Mapping[str, list[Span]]) -> dict[str, bytes]:
    began, ended = facts.recording.began, facts.recording.ended or facts.recording.began
    chat = [
        message.model_dump() if who.get(message.sender) else {
            **message.model_dump(), "text": recorded.NOT_RECORDED
        }
        for message in facts.chat if began <= message.at <= ended and message.to is None
    ]  # fmt: skip
    ledger = [asdict(consent) for consent in facts.consents]
    steps = [asdict(deed) for deed in facts.deeds if deed.what.startswith("record.")]
    people = [asdict(person) for person in facts.people]
    return {
        "transcript.json": exports.to_json(facts.head, lines).encode("utf-8", errors="replace"),
        **{name: json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")
           for name, value in (("chat.json", chat), ("consents.json", ledger), ("steps.json", steps),
                               ("people.json", people))},
    }  # fmt: skip


def facts_of(db: sqlite3.Connection, meeting: str, name: str) -> Facts:
    row = meetings.get(db, meeting)
    began = datetime.fromtimestamp(row.began_at or row.made_at, UTC).isoformat(timespec="milliseconds")
    head: dict[str, object] = {"meeting": {"id": row.id, "title": row.title, "code": row.code}, "began_at": began}
    return Facts(
        head, recordings.get(db, meeting, name), records.participants(db, meeting), records.transcript(db, meeting),
        records.chat(db, meeting, None, most=100_000), records.consents(db, meeting), records.audit(db, meeting),
    )  # fmt: skip
