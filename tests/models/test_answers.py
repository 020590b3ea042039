"""Kept answers are the model's, cost what they cost then, and are asked for once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.captions.audio import Samples
from models.core.hearing import Ask, Heard, Kind, Word
from tests.bench._answers import Answers

SOUND = np.zeros(160, np.float32)
ASK = Ask(Kind.FINAL, 0.0, 1.0, (), "en", 10)


class Parrot:
    def __init__(self) -> None:
        self.asked = 0

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        self.asked += 1
        return Heard((Word(" hello", (1,), ask.start, ask.end, 0.9),), "en")

    def place(self, samples: Samples, text: str, language: str) -> list[Word]:
        return [Word(text, (1,), 0.0, 1.0, 1.0)]


def test_what_was_answered_once_is_not_asked_again_and_takes_as_long(tmp_path: Path) -> None:
    parrot, spent = Parrot(), list[float]()
    first = Answers(parrot, "parrot", tmp_path / "answers", spent.append)
    heard = first.recognise(SOUND, ASK)
    first.save()
    again = Answers(parrot, "parrot", tmp_path / "answers", spent.append)

    assert again.recognise(SOUND, ASK) == heard
    assert (parrot.asked, again.new) == (1, 0)
    assert spent[0] == spent[1]


def test_other_sound_another_question_and_another_model_are_asked_anew(tmp_path: Path) -> None:
    parrot = Parrot()
    answers = Answers(parrot, "parrot", tmp_path / "answers", lambda seconds: None)
    answers.recognise(SOUND, ASK)
    answers.recognise(SOUND + 1, ASK)
    answers.recognise(SOUND, Ask(Kind.FINAL, 0.0, 1.0, (7,), "en", 10))
    answers.save()
    Answers(parrot, "canary", tmp_path / "answers", lambda seconds: None).recognise(SOUND, ASK)

    assert parrot.asked == 4
