"""Subtitles: two rows, names, time to read; examples, then whatever people say at once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.subtitles import LINGERS, ROWS, Cue, Row, cues, wrapped
from sfu.core.transcript import Line

WIDTH = 20


def line(name: str, start: float, end: float, text: str) -> Line:
    return Line(
        segment=f"{name}{start}", speaker=name, name=name, text=text, language="", start=start, end=end, confidence=1.0
    )


def made(*lines: Line) -> list[Cue]:
    return cues(lines, len, WIDTH)


def test_a_sentence_is_shown_with_its_name_while_it_is_said_and_a_little_longer() -> None:
    assert made(line("Ana", 2.0, 4.0, "Hello, all.")) == [Cue(2.0, 4.0 + LINGERS, (Row("Ana", "Hello, all."),))]


def test_what_is_longer_than_two_rows_is_shown_page_by_page() -> None:
    found = made(line("Ana", 0.0, 8.0, "one two three four five six seven eight nine ten eleven twelve"))

    assert [[row.text for row in cue.rows] for cue in found] == [
        ["one two three four", "five six seven eight"], ["nine ten eleven", "twelve"],
    ]  # fmt: skip
    assert found[0].end == found[1].start
    assert 4.0 < found[1].start < 6.0


def test_while_two_talk_the_newest_is_whole_and_the_other_comes_back() -> None:
    found = made(line("Ana", 0.0, 10.0, "I go on and on."), line("Ben", 3.0, 4.0, "Yes."))

    assert [(cue.start, [row.name for row in cue.rows]) for cue in found] == [
        (0.0, ["Ana"]), (3.0, ["Ana", "Ben"]), (4.0, ["Ana"]),
    ]  # fmt: skip


def test_as_text_the_name_stands_once() -> None:
    two_rows = made(line("Ana", 0.0, 2.0, "one two three four five six"))[0]
    two_people = made(line("Ana", 0.0, 5.0, "Go on."), line("Ben", 1.0, 2.0, "Yes."))[1]

    assert two_rows.text == "Ana: one two three four\nfive six"
    assert two_people.text == "Ana: Go on.\nBen: Yes."


def test_chinese_breaks_anywhere_but_before_what_closes_a_sentence() -> None:
    assert wrapped("我们今天开会。好吗", len, 6) == ["我们今天开", "会。好吗"]


def test_a_word_that_is_too_long_is_cut() -> None:
    assert wrapped("x" * 45, len, WIDTH) == ["x" * 20, "x" * 20, "x" * 5]


@given(st.lists(st.tuples(
    st.sampled_from("AB"), st.floats(0, 50), st.floats(0, 9), st.text("ab \u4f60\u3002", max_size=90)
), max_size=8))  # fmt: skip
def test_cues_never_overlap_are_never_too_high_and_no_word_is_lost(said: list[tuple[str, float, float, str]]) -> None:
    lines = [line(name, start, start + length, text) for name, start, length, text in said]

    found = made(*lines)

    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 < len(cue.rows) <= ROWS and cue.end > cue.start for cue in found)
    assert all(len(row.text) <= WIDTH and row.text.strip() for cue in found for row in cue.rows)
    for each in lines:
        alone = "".join(row.text for cue in made(each) for row in cue.rows)
        assert alone.replace(" ", "") == "".join(each.text.split())
