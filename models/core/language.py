"""Which language somebody speaks: told, or guessed with hysteresis.

A recogniser that guesses anew for every phrase takes a cough for Welsh, and a phrase in the wrong language is
nonsense. So two phrases in a row must agree before a guess is settled. Then every phrase is heard in that language,
guesses go on beside it, and only two longer phrases in a row in which the recogniser is sure of another one change
it: people who switch languages are followed a sentence late, a foreign name changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.core.hearing import Heard

# Speech that makes a guess count, in seconds; a settled language needs longer and surer ones to change.
SETTLES = 1.5
UNSETTLES = 3.0
SURE = 0.8


@dataclass(slots=True)
class Language:
    """`told` by people, "" for nobody; `settled`: by two guesses that agreed."""

    told: str = ""
    settled: str = ""
    _guess: str = ""

    @property
    def known(self) -> str:
        """What the next phrase is heard in; "" to guess."""
        return self.told or self.settled

    @property
    def guesses(self) -> bool:
        """Whether it is worth asking which language a whole phrase was in."""
        return not self.told

    def doubts(self, heard: Heard, speech_s: float) -> bool:
        """Whether a whole phrase was probably in another language, and is worth hearing in that."""
        other = heard.guess not in ("", heard.language)
        return self.guesses and other and speech_s >= SETTLES and heard.guess_probability >= SURE

    def heard(self, guess: str, probability: float, speech_s: float) -> None:
        """A whole phrase with so much speech was taken for `guess`."""
        if self.told or not guess:
            return
        if self.settled and (speech_s < UNSETTLES or probability < SURE):
            return      # says nothing against what is settled, nor for it
        if speech_s < SETTLES:
            return
        if guess == self._guess:
            self.settled = guess
        self._guess = guess
