"""Finals in other languages, in English."""

from __future__ import annotations

import numpy as np

from models.captions.translations import MOST_WAITING, Translations, around
from models.core.captioner import Caption
from models.core.hearing import Ask, Heard, Kind, Word
from models.core.turns import Turns

SOUND = np.zeros(16_000, np.float32)


def final(segment: int = 1, language: str = "zh", text: str = "你好") -> Caption:
    return Caption(segment, text, "", True, language, 10.0, 12.0, 0.9)


def english(text: str) -> Heard:
    return Heard((Word(text, (), 10.0, 12.0, 0.9),) if text else (), "en")


def test_only_finals_with_words_in_other_languages_are_translated_and_only_for_readers() -> None:
    asked, unasked = Translations("ana", on=True), Translations("ana")
    growing = Caption(1, "你", "好", False, "zh", 10.0, 12.0, 0.9)

    assert asked.wants(final())
    assert not unasked.wants(final())
    assert not any(asked.wants(each) for each in (growing, final(text=""), final(language="en"), final(language="")))


def test_a_translation_names_its_segment_and_hears_the_whole_phrase() -> None:
    waiting = Translations("ana", on=True)
    waiting.add(final(segment=7), SOUND)

    ask = waiting.next
    assert ask is not None
    assert (ask.kind, ask.language, (ask.start, ask.end)) == (Kind.TRANSLATION, "zh", around(final()))
    (result,) = waiting.heard(english(" Hello"))
    assert (result.stream, result.translation.segment, result.translation.text) == ("ana", 7, "Hello")
    assert waiting.next is None


def test_what_nobody_could_have_said_is_not_shown() -> None:
    waiting = Translations("ana", on=True)
    for said in ("", " and then" * 40):
        waiting.add(final(), SOUND)
        assert waiting.heard(english(said)) == []


def test_they_never_queue() -> None:
    waiting = Translations("ana", on=True)
    for segment in range(1, 10):
        waiting.add(final(segment), SOUND)

    segments = [waiting.heard(english("x"))[0].translation.segment for _ in range(MOST_WAITING)]
    assert segments == [8, 9]
    assert waiting.next is None


def test_finals_go_before_translations_and_those_before_updates() -> None:
    turns, ask = Turns(), Ask(Kind.PARTIAL, 0.0, 2.0, (), "en", 10)
    kinds = {"a": Kind.PARTIAL, "b": Kind.TRANSLATION, "c": Kind.FINAL}
    wishes = {name: Ask(kind, 0.0, 2.0, (), "zh", 10) for name, kind in kinds.items()}

    assert turns.choose(wishes, 1.0) == "c"
    assert turns.choose({"a": ask, "b": wishes["b"]}, 2.0) == "b"
