"""Names of the glossary are put right; nothing else is touched."""

from __future__ import annotations

from models.core.hearing import Word, text_of
from models.core.naming import may_miss, says_any, with_names

HINTS = ("Inverashiel", "Crianan", "Ana Petrović", "王芳")


def said(text: str, probability: float = 0.9) -> list[Word]:
    return [Word(f" {word}", (), at, at + 0.3, probability) for at, word in enumerate(text.split())]


def put_right(plain: str, told: str, probability: float = 0.9) -> str:
    return text_of(with_names(said(plain), said(told, probability), HINTS))


def test_a_name_that_was_misheard_is_put_right() -> None:
    assert put_right("the inverse shield sailed", "the Inverashiel sailed") == "the Inverashiel sailed"
    assert put_right("ask anna petrovic now", "ask Ana Petrović now") == "ask Ana Petrović now"


def test_other_words_stay_as_they_were_heard_without_names() -> None:
    assert put_right("a white gown to Cranon", "the wide gone to Crianan") == "a white gown to Crianan"


def test_a_name_that_sounds_like_nothing_that_was_heard_is_not_believed() -> None:
    assert put_right("see you on Monday", "see you on Inverashiel") == "see you on Monday"
    assert put_right("over the loch", "over the loch Crianan") == "over the loch"


def test_a_name_that_the_model_doubts_is_not_believed() -> None:
    assert put_right("to Cranon", "to Crianan", probability=0.1) == "to Cranon"


def test_who_recites_the_whole_list_is_not_believed_at_all() -> None:
    assert put_right("Inverness Cranon", "Inverashiel Crianan") == "Inverness Cranon"


def test_chinese_names_are_words_of_one_character() -> None:
    plain, told = ([Word(letter, (), 0, 1, 0.9) for letter in text] for text in ("请王方来", "请王芳来"))

    assert text_of(with_names(plain, told, HINTS)) == "请王芳来"


def test_a_reading_without_any_hint_needs_no_second_look() -> None:
    assert says_any("The Inverashiel, and", HINTS)
    assert not says_any("The steamer, and", HINTS)


def test_what_may_be_a_misheard_name_is_heard_again() -> None:
    assert may_miss(said("the inverse shield sailed", 0.5), HINTS)
    assert may_miss([Word(letter, (), 0, 1, 0.5) for letter in "请王方来"], HINTS)


def test_what_is_like_no_name_or_beyond_doubt_is_not_heard_again() -> None:
    assert not may_miss(said("the steamer sailed", 0.5), HINTS)
    assert not may_miss(said("the inverse shield sailed", 0.95), HINTS)
    assert not may_miss(said("the Inverashiel sailed", 0.5), HINTS)
    assert not may_miss(said("the inverse shield sailed", 0.5), ())
