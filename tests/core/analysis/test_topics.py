from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.analysis.reading import Sentence, sentences
from sfu.core.analysis.topics import SHORTEST_S, topics
from tests.core.analysis.meetings import KITCHEN, PRODUCT_ZH, RELEASE, Script


def slowly(script: Script) -> list[Sentence]:
    """As a meeting of five to ten minutes."""
    return sentences(
        line.model_copy(update={"start": 5 * line.start, "end": 5 * line.end - 1}) for line in script.lines()
    )


def begins(script: Script, text: str) -> float:
    return next(each.start for each in slowly(script) if each.text.startswith(text))


def test_a_meeting_of_two_topics_is_cut_where_the_second_begins() -> None:
    for script, second in (
        (RELEASE, "Then the second topic"), (KITCHEN, "The second point"), (PRODUCT_ZH, "下面我们来看展会的预算"),
    ):  # fmt: skip
        first, then = topics(slowly(script))
        assert abs(then.start - begins(script, second)) <= 15.0
        assert first.end <= then.start


def test_topics_are_named_by_the_words_that_keep_coming_back() -> None:
    installer, conference = topics(slowly(RELEASE))
    assert "installer" in installer.words
    assert "conference" in conference.words

    chinese, _ = topics(slowly(PRODUCT_ZH))
    assert "安装程序" in chinese.words


def test_nobody_sees_a_topic_in_every_aside() -> None:
    assert len(topics(sentences(KITCHEN.lines()))) == 1  # it took 80 s


def test_a_meeting_in_which_nothing_was_said_has_no_topics() -> None:
    assert topics([]) == []


@given(st.lists(st.tuples(st.sampled_from(["the pump", "水泵", "a lamp", "okay"]), st.floats(0, 300)), max_size=40))
def test_topics_are_in_order_and_none_is_too_short(spoken: list[tuple[str, float]]) -> None:
    at, said = 0.0, []
    for number, (text, gap) in enumerate(spoken):
        said.append(Sentence(text, "p", "P", at, at + 1, f"s{number}"))
        at += gap + 1
    found = topics(said)

    assert [each.start for each in found] == sorted(each.start for each in found)
    assert bool(found) == bool(said)
    assert len(found) == 1 or all(
        after.start - before.start >= SHORTEST_S for before, after in pairwise(found)
    )
