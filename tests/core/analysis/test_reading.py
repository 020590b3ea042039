from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.analysis.reading import count_words, is_chinese, sentences, stem, turns, words
from sfu.core.transcript import NOT_CAPTIONED, Line


def line(text: str, start: float, speaker: str = "p1", segment: str = "") -> Line:
    return Line(
        segment=segment or f"s{start}", speaker=speaker, name=speaker.upper(), text=text, language="", start=start,
        end=start + 1, confidence=1,
    )  # fmt: skip


def test_captions_that_end_within_a_sentence_are_put_together_again() -> None:
    said = sentences([line("We will meet", 0), line("on Monday. And then", 1), line("we eat.", 2)])

    assert [(each.text, each.start, each.segment) for each in said] == [
        ("We will meet on Monday.", 0.0, "s0"), ("And then we eat.", 1.0, "s1"),
    ]  # fmt: skip


def test_chinese_captions_are_put_together_without_a_space() -> None:
    assert [each.text for each in sentences([line("我们周一", 0), line("见面。再", 1), line("吃饭。", 2)])] == [
        "我们周一见面。", "再吃饭。",
    ]  # fmt: skip


def test_a_dot_in_a_number_or_after_a_title_ends_no_sentence() -> None:
    said = sentences([line("Mr. Dashwood pays 3.5 percent. Good.", 0)])

    assert [each.text for each in said] == ["Mr. Dashwood pays 3.5 percent.", "Good."]


def test_a_turn_ends_with_another_speaker_or_a_long_silence() -> None:
    spoken = [line("a", 0), line("b", 1), line("c", 2, "p2"), line("d", 3), line("e", 60), line(NOT_CAPTIONED, 61)]

    assert [[each.text for each in turn.lines] for turn in turns(spoken)] == [["a", "b"], ["c"], ["d"], ["e"]]


def test_words_that_mean_something_are_the_same_in_each_of_their_forms() -> None:
    assert words("We installed the installers!") == words("installing, one installer") == ["install", "installer"]
    assert words("我们的安装程序") == ["安装", "装程", "程序"]
    assert stem("classes") == stem("class") == "class"


def test_languages_are_told_apart_by_their_script() -> None:
    assert is_chinese("我们用 Python 写的程序")
    assert not is_chinese("We say 你好 to everybody here")
    assert count_words("It's 你好 there") == 4


@given(st.lists(st.tuples(st.text(max_size=40), st.floats(0, 1e4), st.sampled_from("ab")), max_size=12))
def test_whatever_was_said_is_read_word_by_word_and_nothing_is_added(spoken: list[tuple[str, float, str]]) -> None:
    lines = [line(text, start, speaker, f"s{number}") for number, (text, start, speaker) in enumerate(spoken)]

    read = "".join(each.text for each in sentences(lines))

    assert sorted("".join(read.split())) == sorted("".join("".join(
        each.text.split()) for each in lines if each.text != NOT_CAPTIONED))  # fmt: skip
