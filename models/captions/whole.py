"""A voice of which all is there: phrase by phrase, each heard once, in the window the model was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from models.captions.audio import Recording, Samples, VoiceDetector, VoiceModel
from models.captions.engines import Recogniser
from models.core.hearing import Ask, Heard, Kind, Word, before_collapse, loops, nothing_said
from models.core.phrases import Phrases, Stretch

# Half of what Whisper can write at a time: nobody says so much in 28 s.
MOST_TOKENS = 220


@dataclass(frozen=True, slots=True)
class Passage:
    """Times are seconds since the voice's first sample.  Not `believed`: somebody spoke, and the answer is nonsense."""

    start: float
    end: float
    language: str
    words: tuple[Word, ...]
    believed: bool


def passages(
    sound: Iterable[Samples], voice: VoiceModel, recogniser: Recogniser, language: Callable[[float, float], str]
) -> Iterator[Passage]:
    """`sound`: the voice in pieces (mono, 16 kHz, -1..1); `language` says which a stretch is in, "" to find out."""
    for (start, end), samples in _spoken(sound, voice):
        known = language(start, end)
        # The same window as WHOLE, with several readings followed: nobody waits.
        heard = recogniser.recognise(samples, Ask(Kind.CAREFUL, start, end, (), known, MOST_TOKENS))
        if not nothing_said(heard):
            yield passage_of(start, end, heard)


def passage_of(start: float, end: float, heard: Heard) -> Passage:
    words = before_collapse(heard.words)
    believed = not loops(heard.words) and len(words) == len(heard.words)
    return Passage(start, end, heard.language, tuple(words) if believed else (), believed)


def _spoken(sound: Iterable[Samples], voice: VoiceModel) -> Iterator[tuple[Stretch, Samples]]:
    detector, phrases, recent = VoiceDetector(voice), Phrases(), Recording()
    for piece in sound:
        recent.add(piece)
        for probability in detector.hear(piece):
            if (stretch := phrases.hear(probability)) is not None:
                yield stretch, recent.between(*stretch)
        recent.forget(phrases.needed_from)
    if (stretch := phrases.finish()) is not None:
        yield stretch, recent.between(*stretch)
