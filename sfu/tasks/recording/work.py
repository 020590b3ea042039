"""The task that makes film, voices, words and bundle of a recording; may be killed anywhere and is begun again.

Everything is made in a folder beside the tracks and appears there by renaming, the bundle last: whoever finds a bundle
finds all of it.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sfu.core import exports, recorded
from sfu.core.recorded import Cut
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import tasks
from sfu.store.keeping import BUNDLE, CAPTIONS, FILM, MADE, MAKING, RECORDINGS, SUBRIP, TIMELINE, VOICE, VOICES
from sfu.tasks.context import Context, Stopped, TryAgain
from sfu.tasks.recording.facts import (
    TRACKS,
    Cast,
    Facts,
    cast,
    chapters,
    facts_of,
    timeline,
    who_agreed,
)
from sfu.tasks.recording.papers import papers
from sfu.tasks.recording.play import Timeline
from sfu.wire.http import FilmChoice

if TYPE_CHECKING:
    from sfu.tasks.recording.film import Script

_MIXING, _VOICES = 0.8, 0.95
_NO_ROOM = "There is no room for it on the host's disk. Free some space; it is tried again by itself."
_EMPTY = "Nobody was recorded, so there is nothing to make a film of."


def make(context: Context) -> None:
    """Raises UserError when there is nothing that could be made, TryAgain without room, Stopped."""
    meeting, name = context.require_meeting(), str(context.task.payload["recording"])
    facts = context.store.read(partial(facts_of, meeting=meeting, name=name)).result()
    folder = context.folder / RECORDINGS / meeting / name
    for left in folder.glob(f"{MAKING}*"):  # by a worker that was killed, or whose task this was
        shutil.rmtree(left, ignore_errors=True)
    fresh = folder / f"{MAKING}-{context.task.id}"
    fresh.mkdir(parents=True, mode=0o700)
    try:
        _make(context, facts, folder / TRACKS, fresh)
        context.store.write(partial(_put, lease=context.task.lease, fresh=fresh, made=folder / MADE)).result()
    except OSError as error:
        if not context.store.read(partial(tasks.is_held, lease=context.task.lease)).result():
            raise Stopped from None  # whoever was erased took the folder with them
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TryAgain(_NO_ROOM) from error
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put(db: sqlite3.Connection, lease: str, fresh: Path, made: Path) -> None:
    """In a transaction, as erasing is: what was made while somebody was erased, with them in it, never appears.

    May be done twice, as everything in the store.
    """
    if tasks.is_held(db, lease) and fresh.exists():
        shutil.rmtree(made, ignore_errors=True)
        fresh.rename(made)


def make_film(
    target: Path, facts: Facts, tracks: Path, choice: FilmChoice, progress: Callable[[float], None]
) -> tuple[Script, Mapping[str, Cast]]:
    """What it was made of, and of whom.  Raises UserError when there is nothing that could be made."""
    from sfu.tasks.recording import film  # the media libraries are slow to load, and few tasks need them

    cut = timeline(facts, tracks)
    casts = cast(facts, tracks)
    if cut.length <= 0 or not any(of.microphone or of.camera or of.screen for of in casts.values()):
        raise UserError(ErrorCode.NOT_FOUND, _EMPTY)
    lines = recorded.words(facts.lines, facts.recording.began, cut, who_agreed(facts, cut))
    script = film.Script(cut, chapters(facts, cut), lines, choice)
    film.make(target, casts, script, progress)
    return script, casts


def _make(context: Context, facts: Facts, tracks: Path, fresh: Path) -> None:
    from sfu.tasks.recording import bundle

    choice = FilmChoice(**context.task.payload.get("film", {}))
    script, casts = make_film(
        fresh / FILM, facts, tracks, choice, lambda part: context.progress(part * _MIXING)
    )
    cut, lines = script.cut, script.lines
    _make_voices(context, casts, cut, fresh / VOICES)
    _write(fresh / CAPTIONS, exports.to_vtt(facts.head, lines))
    _write(fresh / SUBRIP, exports.to_srt(facts.head, lines))
    _write(fresh / TIMELINE, Timeline.of(cut, choice).model_dump_json())
    contents: dict[str, Path | bytes] = {f"tracks/{path.name}": path for path in sorted(tracks.iterdir())}
    contents |= {str(path.relative_to(fresh)): path for path in sorted(fresh.rglob("*")) if path.is_file()}
    contents |= papers(facts, cut, lines)
    about = {**facts.head, "recording": facts.recording.id, "began": facts.recording.began, "seconds": cut.length}
    bundle.write(fresh / BUNDLE, contents, about, bundle.key_of(context.folder), context.check)
    for path in fresh.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _make_voices(context: Context, casts: Mapping[str, Cast], cut: Cut, folder: Path) -> None:
    from sfu.tasks.recording import film

    folder.mkdir()
    for number, (person, of) in enumerate(casts.items()):
        if of.microphone or of.computer:
            film.make_voice(folder / f"{person}{VOICE}", of, cut, context.check)
        context.progress(_MIXING + (_VOICES - _MIXING) * (number + 1) / len(casts))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", errors="replace")
