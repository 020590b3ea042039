"""What a recogniser is asked and what it answers, and when its answer is not to be believed.

Whisper invents: it repeats itself on odd audio, squeezes words into no time at all, and says "Thanks for watching"
to a fan.  The checks here look at one answer alone; what becomes of it is decided in `captioner`.

Times are seconds on the stream's own timeline (0: its first sample).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

# Text that compresses better than this says the same thing over and over (Whisper's own threshold).
LOOP_RATIO = 2.4
LOOP_MIN_CHARACTERS = 60
# Nobody says three words in a row in under 40 ms each: the decoder ran on after the sound had ended.
COLLAPSED_WORD = 0.04
COLLAPSED_RUN = 3
# Whisper's own rule for "nothing was said", both at once.
SILENCE_PROBABILITY = 0.6
SILENCE_LOGPROB = -1.0


class Kind(Enum):
    PARTIAL = auto()    # speech goes on: short encoder window
    FINAL = auto()      # the phrase has ended, or may have: all of it, freely
    HASTY = auto()      # the same while the computer cannot keep up: in a shorter window
    CAREFUL = auto()    # the final was doubtful: once more, in a longer window yet
    TRANSLATION = auto()    # what was final, in English
    WHOLE = auto()      # nothing is live: the 30 s window the model was trained on


@dataclass(frozen=True, slots=True)
class Ask:
    """Hear the audio from `start` to `end`; the text begins with `prefix` (tokens), already committed."""

    kind: Kind
    start: float
    end: float
    prefix: tuple[int, ...]
    language: str
    max_new_tokens: int
    kept: int = 0   # how many words the prefix is
    hints: tuple[str, ...] = ()     # names and words to expect, most likely first
    guess: bool = False             # also say which language it sounds like, whatever `language` says
    draft: tuple[int, ...] = ()     # what was heard after the prefix last time: only to be quicker by


@dataclass(frozen=True, slots=True)
class Word:
    """One word as Whisper writes it (leading space, trailing punctuation), or one Chinese character."""

    text: str
    tokens: tuple[int, ...]
    start: float
    end: float
    probability: float
    # Tokens of `text` without its trailing punctuation.
    bare_tokens: tuple[int, ...] = ()

    @property
    def bare(self) -> str:
        """Without trailing punctuation, which the model is free to change as the sentence goes on."""
        end = len(self.text)
        while end and not _is_letter(self.text[end - 1]):
            end -= 1
        return self.text[:end]


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer: all words, those of the prefix first."""

    words: tuple[Word, ...]
    language: str
    no_speech: float = 0.0
    mean_logprob: float = 0.0
    guess: str = ""             # which language it sounds like, where that was asked
    guess_probability: float = 0.0
    told: tuple[Word, ...] = ()     # how it reads to who knows the hints, where that has any of them in it


def normal(text: str) -> str:
    """For comparing words: case, width and punctuation do not make a different word."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.sub(r"[^\w']", "", folded).strip("'")


def same(a: Word, b: Word) -> bool:
    return normal(a.text) == normal(b.text)


def text_of(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


def loops(words: Sequence[Word]) -> bool:
    """The decoder repeats itself."""
    text = text_of(words)
    if len(text) <= LOOP_MIN_CHARACTERS:
        return False
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) > LOOP_RATIO


def before_collapse(words: Sequence[Word]) -> Sequence[Word]:
    """The words up to the first run that takes no time."""
    for place in range(len(words) - COLLAPSED_RUN + 1):
        if all(word.end - word.start < COLLAPSED_WORD for word in words[place : place + COLLAPSED_RUN]):
            return words[:place]
    return words


def recites(words: Sequence[Word], hints: Sequence[str]) -> bool:
    """The decoder reads its prompt aloud: nothing but hints, two or more, in the order in which they were given."""
    said, prompt = _letters(text_of(words)), [_letters(hint) for hint in hints]
    for first in range(len(prompt) - 1):
        for last in range(first + 2, len(prompt) + 1):
            if said == "".join(prompt[first:last]):
                return True
    return False


def _letters(text: str) -> str:
    return normal(text).replace("'", "")


def nothing_said(heard: Heard) -> bool:
    return heard.no_speech > SILENCE_PROBABILITY and heard.mean_logprob < SILENCE_LOGPROB


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"
