"""A recording as somebody watches it: what it holds, where it stands, which line is spoken and how fast it runs.

Seconds are the film's, in which pauses of the recording are cut out.  Sound is the master clock: whoever gives sound to
a loudspeaker says how much it gave, and the picture follows what is heard.  Nothing is decoded and no clock read here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RATES = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
# What lies so close to the end has been seen, of a short one its last tenth: the next time begins at the beginning.
_SEEN_S, _SEEN_PART = 5.0, 0.1
MOST_REMEMBERED = 200
"""Recordings whose places are remembered."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the transcript; `order`: the speaker's colour."""

    segment: str
    speaker: str
    name: str
    order: int
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """`kind`: start, joined (and `name` who), resumed after a pause."""

    start: float
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody's sound, as long as the film.  `file`: a path or the name of what a host gives; empty: there is none."""

    person: str
    name: str
    order: int
    file: str


@dataclass(frozen=True, slots=True)
class Reel:
    """A recording that can be played.  `key` names it for ever; `film`: as a voice's `file`.

    Where no voice has a file, the film's own sound is played.
    """

    key: str
    title: str
    length: float
    film: str
    voices: Sequence[Voice] = ()
    lines: Sequence[Spoken] = ()
    chapters: Sequence[Chapter] = ()

    def line_at(self, second: float) -> int:
        """The line that is spoken, or was spoken last; -1 before the first.  They are in the order of their start."""
        return bisect_right(self.lines, second, key=lambda line: line.start) - 1

    def chapter_at(self, second: float) -> int:
        return bisect_right(self.chapters, second, key=lambda chapter: chapter.start) - 1

    def heard(self) -> list[Voice]:
        """Those of whom there is sound."""
        return [voice for voice in self.voices if voice.file]


class Playhead:
    """Where a recording stands.  `give` for everything that the loudspeaker was given; instants are monotonic."""

    def __init__(self, length: float, at: float = 0.0, rate: float = 1.0) -> None:
        self.length = length
        self.rate = rate
        self.playing = False
        self.given = min(max(0.0, at), length)
        """The second that is given next."""
        self._under_way: deque[_Given] = deque()

    @property
    def ended(self) -> bool:
        return self.given >= self.length

    def play(self) -> None:
        """At the end: from the beginning."""
        if self.ended:
            self.seek(0.0)
        self.playing = True

    def pause(self) -> None:
        self.playing = False

    def seek(self, second: float) -> None:
        self.given = min(max(0.0, second), self.length)
        self._under_way.clear()

    def set_rate(self, rate: float) -> None:
        """What is under way to the loudspeaker is heard at the old one."""
        self.rate = min(max(RATES[0], rate), RATES[-1])

    def give(self, heard_at: float, seconds: float) -> None:
        """So much was given, as long as it takes to hear, which begins at that instant."""
        self._under_way.append(_Given(heard_at, seconds, self.given, self.rate))
        self.given = min(self.length, self.given + seconds * self.rate)
        if self.ended:
            self.playing = False

    def heard(self, now: float) -> float:
        """The second that is heard at this instant, or was heard last."""
        while len(self._under_way) > 1 and self._under_way[1].at <= now:
            self._under_way.popleft()
        if not self._under_way:
            return self.given
        given = self._under_way[0]
        return min(self.length, given.second + min(max(0.0, now - given.at), given.seconds) * given.rate)


@dataclass(frozen=True, slots=True)
class _Given:
    """Heard from the instant `at` on for so many `seconds`: what begins at that `second` of the film."""

    at: float
    seconds: float
    second: float
    rate: float


def next_rate(rate: float, by: int) -> float:
    """One step slower or faster."""
    nearest = min(range(len(RATES)), key=lambda number: abs(RATES[number] - rate))
    return RATES[min(max(0, nearest + by), len(RATES) - 1)]


def place_to_begin(remembered: float, length: float) -> float:
    return remembered if 0 < remembered < length - min(_SEEN_S, length * _SEEN_PART) else 0.0


def with_place(places: Mapping[str, float], key: str, second: float) -> dict[str, float]:
    """The newest last; the oldest are forgotten."""
    others = {other: place for other, place in places.items() if other != key}
    return dict(list({**others, key: round(second, 1)}.items())[-MOST_REMEMBERED:])
