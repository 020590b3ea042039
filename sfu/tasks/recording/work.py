"""The task that makes film, voices, words and bundle of a recording; may be killed anywhere and is begun again.

Everything is made in a folder beside the tracks and appears there by renaming, the bundle last: whoever finds a bundle
finds all of it.
"""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

from sfu.core import exports, recorded
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import BUNDLE, CAPTIONS, FILM, MADE, RECORDINGS, TIMELINE, VOICE, VOICES
from sfu.tasks.context import Context
from sfu.tasks.recording.facts import (
    TRACKS,
    Facts,
    cast,
    chapters,
    facts_of,
    timeline,
    was_there,
    who_agreed,
    words,
)

_MIXING, _VOICES = 0.8, 0.95
_EMPTY = "Nobody was recorded, so there is nothing to make a film of."


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

    cut = timeline(facts, tracks)
    who = who_agreed(facts, cut)
    casts = cast(tracks, [person for person in facts.people if was_there(person, facts.recording)])
    if cut.length <= 0 or not any(of.microphone or of.camera or of.screen for of in casts.values()):
        raise UserError(ErrorCode.NOT_FOUND, _EMPTY)
    film.make(fresh / FILM, casts, cut, chapters(facts, cut), lambda part: context.progress(part * _MIXING))
    (fresh / TIMELINE).write_text(json.dumps({"spans": [[span.start, span.end] for span in cut.spans]}), "utf-8")
    (fresh / VOICES).mkdir()
    for number, (person, of) in enumerate(casts.items()):
        if of.microphone or of.computer:
            film.make_voice(fresh / VOICES / f"{person}{VOICE}", of, cut, context.check)
        context.progress(_MIXING + (_VOICES - _MIXING) * (number + 1) / len(casts))
    lines = recorded.words(facts.lines, facts.recording.began, cut, who)
    (fresh / CAPTIONS).write_text(exports.to_vtt(facts.head, lines), "utf-8", errors="replace")
    contents = {f"tracks/{path.name}": path for path in sorted(tracks.iterdir())}
    contents |= {str(path.relative_to(fresh)): path for path in sorted(fresh.rglob("*")) if path.is_file()}
    about = {**facts.head, "recording": facts.recording.id, "began": facts.recording.began, "seconds": cut.length}
    bundle.write(
        fresh / BUNDLE, {**contents, **words(facts, lines, who)}, about, bundle.key_of(context.folder), context.check
    )
    for path in fresh.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
