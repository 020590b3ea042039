"""A recorded meeting heard again, by the largest model that is installed, while no meeting needs this computer.

Voices are read from the recording's tracks, one person after the other; what becomes of the words is decided in
`sfu.core.reheard`.  Nothing is stored before all of it is done, so a kill costs time and nothing else.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sfu.core.captioning import ABOUT as CAPTIONS
from sfu.core.recorded import Span
from sfu.core.reheard import Ground, Phrase, Second, Spoken, language_of, merged
from sfu.core.transcript import Line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import again, meetings, recordings, records
from sfu.store.holder import is_alive
from sfu.store.keeping import RECORDINGS
from sfu.tasks.context import Context, NotNow, Result
from sfu.tasks.recording.facts import TRACKS, Facts, cast, facts_of, timeline, who_agreed

if TYPE_CHECKING:
    from models.captions.audio import Samples
    from models.captions.engines import Recogniser

LOOK_AGAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's microphone in one recording; `began` in meeting time."""

    speaker: str
    files: Sequence[Path]
    began: float
    seconds: float


@dataclass(frozen=True, slots=True)
class _Known:
    first: list[Line]
    corrected: frozenset[str]
    recordings: list[Facts]


def hear_again(context: Context, recogniser: Recogniser | None = None) -> Result:
    """Raises UserError (not recorded; no model here), NotNow (a meeting is on), Stopped.  Tests bring a recogniser."""
    meeting = context.require_meeting()
    if _is_busy(context):
        raise NotNow(LOOK_AGAIN_S, "It waits until no meeting is held on this computer.")
    known = context.store.read(partial(_known, meeting=meeting)).result()
    ground, voices = _ground(known, context.folder / RECORDINGS / meeting)
    if not voices:
        sentence = "Nobody who agreed to captions was recorded, so the transcript stays as it is."
        raise UserError(ErrorCode.NOT_FOUND, sentence)
    model, ear = ("", recogniser) if recogniser is not None else _largest()
    phrases = list(_phrases(context, voices, ear, known.first))
    names = {person.id: person.name for facts in known.recordings for person in facts.people}
    found = Second(model=model, lines=merged(known.first, phrases, known.corrected, names, ground))
    return partial(again.keep, meeting=meeting, found=found, wall=time.time())


def _is_busy(context: Context) -> bool:
    return context.store.read(partial(meetings.anybody_there, alive=is_alive)).result()


def _known(db: sqlite3.Connection, meeting: str) -> _Known:
    return _Known(
        records.every_line(db, meeting), frozenset(each.segment for each in records.corrections(db, meeting)),
        [facts_of(db, meeting, row.id) for row in recordings.listed(db, meeting) if row.ended is not None],
    )  # fmt: skip


def _ground(known: _Known, folder: Path) -> tuple[Ground, list[Voice]]:
    from sfu.tasks.recording.sound import last_of

    ran: list[Span] = []
    agreed: dict[str, list[Span]] = {}
    voices: list[Voice] = []
    consents = known.recordings[0].consents if known.recordings else []
    listened = {each.participant for each in consents if each.about == CAPTIONS and each.yes}
    for facts in known.recordings:
        tracks, began = folder / facts.recording.id / TRACKS, facts.recording.began
        cut = timeline(facts, tracks)
        ran += _later(cut.spans, began)
        for person, spans in who_agreed(facts, cut).items():
            agreed.setdefault(person, []).extend(_later(spans, began))
        for person, of in cast(facts, tracks).items():
            if of.microphone and person in listened:
                voices.append(Voice(person, of.microphone, began, max(map(last_of, of.microphone))))
    return Ground(ran, agreed, consents, frozenset(voice.speaker for voice in voices)), voices


def _later(spans: Sequence[Span], by: float) -> list[Span]:
    return [Span(span.start + by, span.end + by) for span in spans]


def _largest() -> tuple[str, Recogniser]:
    """Raises UserError."""
    from models.captions.ears import largest, load
    from models.registry import default_models_dir
    from models.runtime.devices import AUTO, chosen, compute_type
    from models.runtime.task import Setup

    folder, device = default_models_dir(), chosen(AUTO)[0]
    model = largest(folder)
    setup = Setup(model, folder, device, compute_type(device), max(1, (os.cpu_count() or 1) // 2), time.monotonic)
    return model, load(setup, model)


def _phrases(
    context: Context, voices: Sequence[Voice], recogniser: Recogniser, first: Sequence[Line]
) -> Iterator[Phrase]:
    from models.captions.audio import VoiceModel
    from models.captions.whole import passages

    detector, total, done = VoiceModel(), sum(voice.seconds for voice in voices) or 1.0, 0.0
    for voice in voices:
        begun = done

        def spoken(start: float, end: float, voice: Voice = voice) -> str:
            return language_of(first, voice.speaker, voice.began + start, voice.began + end)

        def told(second: float, begun: float = begun) -> None:
            context.progress((begun + second) / total)
            while _is_busy(context):
                context.pause(LOOK_AGAIN_S)

        for passage in passages(_sound(voice, told), detector, recogniser, spoken):
            words = tuple(
                Spoken(word.text, voice.began + word.start, voice.began + word.end, word.probability)
                for word in passage.words
            )
            start, end = voice.began + passage.start, voice.began + passage.end
            yield Phrase(voice.speaker, start, end, passage.language, words, passage.believed)
        done += voice.seconds


def _sound(voice: Voice, told: Callable[[float], None]) -> Iterator[Samples]:
    """At 16 kHz from second 0 of the recording, as loud as everybody; `told` hears how far it is, and may raise."""
    import numpy as np

    from models.captions.audio import Third
    from sfu.tasks.recording import sound

    third, gain = Third(), np.float32(sound.gain_of(sound.loudness(voice.files)))
    reader = sound.Voice(voice.files)
    for second in range(int(voice.seconds) + 2):  # the last frame, and silence after it
        told(min(second, voice.seconds))
        yield third.of(sound.limited(reader.read(second * sound.RATE, sound.RATE) * gain))
