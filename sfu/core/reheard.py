"""A meeting's words made again from its recording, beside those that were heard while it went on.

What somebody corrected by hand stays as corrected.  Where nothing was recorded, and where the second hearing is not
believed, the first one stays.  Who refused the recording has no part in it.  All instants are meeting time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from sfu.core import captioning, recording
from sfu.core.recorded import Span
from sfu.core.records import Consented
from sfu.core.transcript import NOT_CAPTIONED, Line


class Second(BaseModel):
    """The second transcript, and the catalogue id of the model that heard it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word as a recogniser writes it (leading space, trailing punctuation), or a Chinese character."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """What one person said without a pause.  Not `believed`: there was speech, but the answer made no sense."""

    speaker: str
    start: float
    end: float
    language: str
    words: tuple[Spoken, ...]
    believed: bool = True


class Source(Enum):
    """Where the words of an instant come from."""

    RECORDING = auto()
    FIRST = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Ground:
    """What was recorded of whom: `ran`, when that was; `agreed`, when each had said yes; `taped`, whose voice there is.

    `consents`: everybody's answers of all kinds, in order.
    """

    ran: Sequence[Span]
    agreed: Mapping[str, Sequence[Span]]
    consents: Sequence[Consented] = ()
    taped: Collection[str] = field(default_factory=frozenset)

    def source(self, person: str, at: float) -> Source:
        if _within(self.ran, at):
            if not _within(self.agreed.get(person, ()), at):
                return Source.NOWHERE
            return Source.RECORDING if person in self.taped else Source.FIRST
        return Source.NOWHERE if self._refused(person) else Source.FIRST

    def captioned(self, person: str, at: float) -> bool:
        """Whether they had agreed that what they say is written down."""
        said = [each.yes for each in self.consents
                if each.participant == person and each.about == captioning.ABOUT and each.at <= at]
        return bool(said) and said[-1]

    def _refused(self, person: str) -> bool:
        no = any(
            each.participant == person and each.about == recording.ABOUT and not each.yes for each in self.consents
        )
        return no and not self.agreed.get(person)


def merged(
    first: Sequence[Line], phrases: Sequence[Phrase], corrected: Collection[str], names: Mapping[str, str],
    ground: Ground,
) -> list[Line]:
    """`first` with the lines that were struck (no text); `corrected`: segments that somebody edited by hand."""
    by_hand = [line for line in first if line.segment in corrected]
    doubted = [phrase for phrase in phrases if not phrase.believed]
    found = [line for line in first if line.text and _stays(line, by_hand, doubted, ground)]
    for phrase in phrases:
        if phrase.believed and not _is_somebody_else(phrase, first):
            found += _lines(phrase, by_hand, names, ground)
    return sorted(found, key=lambda line: (line.start, line.end, line.segment))


def language_of(first: Iterable[Line], speaker: str, start: float, end: float) -> str:
    """Which the speaker was heard in then; "" where nobody knows."""
    said = [line for line in first if line.speaker == speaker and line.language and _overlap(line, start, end) > 0]
    return max(said, key=lambda line: _overlap(line, start, end)).language if said else ""


def _stays(line: Line, by_hand: Collection[Line], doubted: Iterable[Phrase], ground: Ground) -> bool:
    middle = (line.start + line.end) / 2
    match ground.source(line.speaker, middle):
        case Source.NOWHERE:
            return False
        case Source.FIRST:
            return True
        case Source.RECORDING:
            unheard = any(each.speaker == line.speaker and each.start <= middle <= each.end for each in doubted)
            return unheard or line in by_hand or line.text == NOT_CAPTIONED


def _is_somebody_else(phrase: Phrase, first: Iterable[Line]) -> bool:
    """A microphone that heard another's voice: while the meeting ran that other was written down, and they were not."""
    then = {line.speaker for line in first if line.text and _overlap(line, phrase.start, phrase.end) > 0}
    return bool(then) and phrase.speaker not in then


def _lines(
    phrase: Phrase, by_hand: Iterable[Line], names: Mapping[str, str], ground: Ground
) -> Iterator[Line]:
    """What is not somebody's correction already; that may cut a phrase in two."""
    theirs = [line for line in by_hand if line.speaker == phrase.speaker]

    def wanted(word: Spoken) -> bool:
        at = (word.start + word.end) / 2
        return (
            ground.source(phrase.speaker, at) is Source.RECORDING and ground.captioned(phrase.speaker, at)
            and not any(line.start <= at <= line.end for line in theirs)
        )  # fmt: skip

    for kept, group in groupby(phrase.words, wanted):
        words = list(group)
        text = "".join(word.text for word in words).strip()
        if kept and text:
            start = round(max(0.0, words[0].start), 3)
            yield Line(
                segment=f"{phrase.speaker}-again-{start}", speaker=phrase.speaker,
                name=names.get(phrase.speaker, phrase.speaker), text=text, language=phrase.language, start=start,
                end=round(max(start, words[-1].end), 3),
                confidence=round(sum(word.probability for word in words) / len(words), 3),
            )  # fmt: skip


def _overlap(line: Line, start: float, end: float) -> float:
    return min(line.end, end) - max(line.start, start)


def _within(spans: Iterable[Span], at: float) -> bool:
    return any(span.start <= at < span.end for span in spans)
