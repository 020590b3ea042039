"""Who says what, and when, in the demo meeting.

Times are seconds since the participants' media starts, START_AT seconds after they were sent into the meeting, so
that everybody is there before the first word.  One overlap is on purpose: two
people talk at once for three and a half seconds, and each must get their own caption.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

START_AT = 9.0
"""Seconds from the participants' start to their media's."""
TAIL = 4.0
"""Quiet seconds after the last word in which finals arrive."""
SHORTEST = 24
"""A demo of fewer seconds holds no whole turn."""


class Picture(Enum):
    """What stands in for a camera."""

    FACE = auto()
    """A clip of a real face, played to and fro."""
    PORTRAIT = auto()
    """A slow pan over a portrait."""
    AVATAR_BLUE = auto()
    """A drawn face whose mouth follows the voice."""
    AVATAR_RED = auto()
    """The same in another shirt."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording; `begin` and `length` cut it, `text` is what is said, empty where nobody wrote it down."""

    file: str
    length: float
    text: str = ""
    begin: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    at: float
    clip: Clip

    @property
    def end(self) -> float:
        return self.at + self.clip.length


@dataclass(frozen=True, slots=True)
class Part:
    """One participant of the demo.  `window`: joins from the desktop window, not headless."""

    name: str
    picture: Picture
    turns: tuple[Turn, ...]
    window: bool = False


JFK = Clip(
    "en_jfk_inaugural.flac",
    11.0,
    "And so, my fellow Americans, ask not what your country can do for you,"
    " ask what you can do for your country.",
)
DASHWOOD = Clip(
    "en_sense_0870.flac",
    7.1,
    "And Mr. John Dashwood had then leisure to consider how much there might be prudently in his power to do"
    " for them.",
)
ILL_DISPOSED = Clip("en_sense_0880.flac", 2.99, "He was not an ill-disposed young man,")
SELFISH = Clip(
    "en_sense_0890.flac",
    5.3,
    "unless to be rather cold-hearted and rather selfish is to be ill-disposed.",
)
AMIABLE = Clip(
    "en_sense_0920.flac",
    6.05,
    "Had he married a more amiable woman, he might have been made still more respectable than he was.",
)
SEVEN = Clip("en_cards_003.flac", 1.538, "seven of clubs")
CARDS = Clip("en_cards_005.flac", 3.502, "eight of spades, four of clubs, seven of hearts")
MEETING_ROOM = Clip("ami_trn05.flac", 6.5, begin=10.0)

ROUND = 48.0
"""Seconds after which a longer demo begins the same turns again."""

CAST = (
    Part("Ana", Picture.PORTRAIT, (Turn(30.5, MEETING_ROOM),)),
    Part(
        "Ben",
        Picture.FACE,
        (Turn(0.5, DASHWOOD), Turn(23.2, AMIABLE), Turn(38.0, ILL_DISPOSED), Turn(41.4, SELFISH)),
    ),
    Part("Ravi", Picture.AVATAR_BLUE, (Turn(20.6, SEVEN), Turn(25.0, CARDS))),
    Part("Max", Picture.AVATAR_RED, (Turn(8.6, JFK),), window=True),
)


def cast(seconds: float) -> tuple[Part, ...]:
    """The parts of a demo of `seconds`: turns that would not end in time are left out, or come again."""
    room = seconds - START_AT - TAIL
    return tuple(
        Part(part.name, part.picture, tuple(_fitting(part.turns, room)), part.window) for part in CAST
    )


def media_seconds(seconds: float) -> float:
    """How long each participant's media lasts."""
    return seconds - START_AT


def _fitting(turns: tuple[Turn, ...], room: float) -> list[Turn]:
    rounds = int(room // ROUND) + 1
    every = [Turn(turn.at + ROUND * i, turn.clip) for i in range(rounds) for turn in turns]
    return [turn for turn in every if turn.end <= room]
