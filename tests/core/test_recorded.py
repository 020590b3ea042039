"""The film's clock, who had agreed when, and what is left of the words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.recorded import NOT_RECORDED, Begins, Cut, Span, agreed, chapters, spans, words
from sfu.core.records import Consented, Deed
from sfu.core.transcript import Line

START = Deed("p1", "Ana", "record.start", "r1", 10.0)


def deed(what: str, at: float, name: str = "r1") -> Deed:
    return Deed("p1", "Ana", f"record.{what}", name, at)


def yes(who: str, at: float, answer: bool = True) -> Consented:
    return Consented(who, who, "recording", answer, at)


def line(speaker: str, start: float, text: str = "x") -> Line:
    return Line(
        segment=f"{speaker}{start}", speaker=speaker, name=speaker, text=text, language="en", start=start,
        end=start + 1, confidence=1,
    )  # fmt: skip


def test_a_recording_runs_between_its_steps() -> None:
    steps = [START, deed("pause", 15), deed("resume", 20), deed("stop", 30), deed("start", 40, "r2")]

    assert spans("r1", 10.0, 30.0, steps) == [Span(0, 5), Span(10, 20)]


def test_one_that_nobody_stopped_ends_with_what_was_recorded() -> None:
    assert spans("r1", 10.0, 17.0, [START]) == [Span(0, 7)]


def test_the_film_leaves_pauses_out() -> None:
    cut = Cut([Span(0, 5), Span(10, 20)])

    assert cut.length == 15
    assert [cut.at(second) for second in (0, 4, 7, 10, 12, 99)] == [0, 4, 5, 5, 7, 15]


def test_a_yes_holds_from_then_until_it_is_taken_back_and_for_this_recording_alone() -> None:
    answers = [yes("p2", 5), yes("p2", 12), yes("p3", 13), yes("p2", 18, False), yes("p2", 25)]

    assert agreed("p2", 10.0, 30.0, answers) == [Span(2, 8), Span(15, 20)]


def test_who_had_not_agreed_says_that_they_are_not_recorded_once_in_a_row() -> None:
    said = [line("p1", 11), line("p2", 12), line("p2", 14), line("p1", 16), line("p2", 18)]

    found = words(said, 10.0, Cut([Span(0, 20)]), {"p1": [Span(0, 20)]})

    assert [(one.speaker, one.text) for one in found] == [
        ("p1", "x"), ("p2", NOT_RECORDED), ("p1", "x"), ("p2", NOT_RECORDED)
    ]  # fmt: skip
    assert found[0].start == 1


def test_chapters_begin_the_film_and_are_not_crowded() -> None:
    found = chapters(Cut([Span(0, 60)]), [
        (20.0, Begins.JOINED, "Ben"), (21.0, Begins.JOINED, "Cy"), (2.0, Begins.JOINED, "Di")
    ])

    assert [(chapter.start, chapter.title) for chapter in found] == [(0.0, "Start"), (20.0, "Ben joins")]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), max_size=8), st.lists(st.floats(0, 2000)))
def test_later_is_never_earlier_in_the_film(parts: list[tuple[float, float]], instants: list[float]) -> None:
    at, found = 0.0, []
    for gap, length in parts:
        found.append(Span(at + gap, at + gap + length))
        at += gap + length
    cut = Cut(found)

    placed = [cut.at(second) for second in sorted(instants)]

    assert placed == sorted(placed)
    assert all(0 <= one <= cut.length + 1e-6 for one in placed)
