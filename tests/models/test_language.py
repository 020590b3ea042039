"""Which language somebody speaks."""

from __future__ import annotations

from models.core.language import Language


def hear(language: Language, *phrases: tuple[str, float, float]) -> str:
    for guess, probability, speech_s in phrases:
        language.heard(guess, probability, speech_s)
    return language.known


def test_one_guess_settles_nothing() -> None:
    assert hear(Language(), ("en", 0.99, 4.0)) == ""


def test_two_phrases_that_agree_settle_it_and_short_ones_do_not_count() -> None:
    assert hear(Language(), ("en", 0.9, 2.0), ("cy", 0.9, 0.4), ("en", 0.9, 2.0)) == "en"


def test_a_settled_language_outlives_a_foreign_name_and_a_doubtful_sentence() -> None:
    language = Language(settled="en")

    assert hear(language, ("de", 0.95, 1.6), ("de", 0.5, 5.0), ("de", 0.9, 4.0), ("en", 0.9, 4.0)) == "en"


def test_who_goes_on_in_another_language_is_followed_after_two_sure_sentences() -> None:
    assert hear(Language(settled="en"), ("zh", 0.95, 4.0), ("zh", 0.95, 4.0)) == "zh"


def test_what_people_say_they_speak_is_not_guessed() -> None:
    language = Language(told="zh")

    assert hear(language, ("en", 0.99, 5.0), ("en", 0.99, 5.0)) == "zh"
    assert not language.guesses
