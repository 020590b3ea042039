from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.analysis.talking import talk_time
from sfu.core.transcript import NOT_CAPTIONED, Line


def line(speaker: str, start: float, end: float, text: str = "one two three") -> Line:
    return Line(
        segment=f"{speaker}{start}", speaker=speaker, name=speaker.upper(), text=text, language="", start=start,
        end=end, confidence=1,
    )  # fmt: skip


def test_each_persons_time_turns_and_words_are_counted_and_who_spoke_most_stands_first() -> None:
    found = talk_time([line("a", 0, 2), line("a", 2.5, 4.5), line("b", 5, 6), line("a", 7, 8), line("b", 8, 17)])

    assert [(each.participant, each.seconds, each.turns, each.words) for each in found.people] == [
        ("b", 10.0, 2, 6), ("a", 5.0, 2, 9),
    ]  # fmt: skip
    assert (found.people[0].share, found.people[0].longest_s, found.seconds) == (0.6667, 9.0, 15.0)


def test_captions_of_one_person_that_overlap_count_once_and_people_who_overlap_count_both() -> None:
    assert talk_time([line("a", 0, 4), line("a", 2, 6)]).seconds == 6.0
    assert talk_time([line("a", 0, 4), line("b", 0, 4)]).seconds == 8.0


def test_who_said_nothing_that_was_captioned_is_not_in_it() -> None:
    assert talk_time([line("a", 0, 0, NOT_CAPTIONED), line("b", 1, 1, "")]).people == []


spoken = st.tuples(st.sampled_from("abc"), st.floats(0, 1000), st.floats(0, 60)).map(
    lambda each: line(each[0], each[1], each[1] + each[2])
)


@given(st.lists(spoken, max_size=20))
def test_shares_are_of_a_whole(lines: list[Line]) -> None:
    found = talk_time(lines)

    assert not found.seconds or abs(sum(each.share for each in found.people) - 1) < 0.01
    assert all(each.longest_s <= each.seconds + 0.1 for each in found.people)
