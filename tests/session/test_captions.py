from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.captions import KEPT_LINES, CaptionBar, Line
from sfu.wire.messages import Caption


def one_a_letter(text: str) -> float:
    return float(len(text))


def said(
    segment: str, committed: str, tail: str = "", *, by: str = "ana", final: bool = False
) -> Caption:
    return Caption(
        segment=segment, speaker=by, name=by.title(), committed=committed, tail=tail, final=final, start=0, end=1
    )


def bar_after(*captions: Caption, width: float = 20) -> CaptionBar:
    bar = CaptionBar(width, one_a_letter)
    for caption in captions:
        bar = bar.heard(caption)
    return bar


def texts(bar: CaptionBar) -> list[tuple[str, str]]:
    return [(line.committed, line.tail) for line in bar.shown]


def test_words_that_commit_stay_and_the_tail_follows_them() -> None:
    bar = bar_after(said("1", "Let us start", "with page"))

    assert texts(bar) == [("Let us start", ""), ("", "with page")]


def test_a_tail_that_fits_ends_the_line() -> None:
    bar = bar_after(said("1", "Let us", "start now"))

    assert texts(bar) == [("Let us", " start now")]


def test_a_line_started_early_for_the_tail_takes_the_words_that_commit_next() -> None:
    bar = bar_after(said("1", "Let us start", "with page"), said("1", "Let us start with", ""))

    assert texts(bar) == [("Let us start", ""), ("with", "")]


def test_a_full_line_is_broken_once_at_a_word() -> None:
    bar = bar_after(said("1", "one two three four five six"))

    assert texts(bar) == [("one two three four", ""), ("five six", "")]


def test_a_full_bar_moves_up_by_one_whole_line() -> None:
    bar = bar_after(said("1", "aaaa bbbb cccc dddd"), said("1", "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii"))

    assert texts(bar) == [("eeee ffff gggg hhhh", ""), ("iiii", "")]
    assert [line.row for line in bar.shown] == [1, 2]


def test_chinese_breaks_between_characters_but_not_before_a_full_stop() -> None:
    bar = bar_after(said("1", "今天我们讨论第二页。"), width=9)

    assert texts(bar) == [("今天我们讨论第二", ""), ("页。", "")]


def test_a_word_longer_than_the_line_is_taken_apart() -> None:
    bar = bar_after(said("1", "x" * 25))

    assert texts(bar) == [("x" * 20, ""), ("x" * 5, "")]


def test_two_people_at_once_never_share_a_line() -> None:
    bar = bar_after(said("1", "I think"), said("2", "No wait", by="ben"), said("1", "I think we should"))

    assert [(line.name, line.committed) for line in bar.shown] == [("Ana", "I think we should"), ("Ben", "No wait")]


def test_the_same_person_goes_on_behind_their_last_words() -> None:
    bar = bar_after(said("1", "Thank you.", final=True), said("2", "Next", "page"))

    assert texts(bar) == [("Thank you. Next", " page")]


def test_a_withdrawn_tail_leaves_an_empty_line_that_the_next_speaker_takes() -> None:
    bar = bar_after(said("1", "Yes.", final=True), said("2", "", "uh", by="ben"), said("2", "", by="ben", final=True))
    assert texts(bar) == [("Yes.", ""), ("", "")]

    bar = bar.heard(said("3", "Right", by="mei"))

    assert [(line.name, line.committed) for line in bar.shown] == [("Ana", "Yes."), ("Mei", "Right")]


def test_a_partial_that_comes_after_its_final_writes_nothing() -> None:
    bar = bar_after(said("1", "Done.", final=True), said("1", "Done", "maybe"))

    assert texts(bar) == [("Done.", "")]


def test_a_final_that_corrects_shown_words_puts_each_in_its_place_and_goes_on() -> None:
    bar = bar_after(said("1", "one two tree four five"), said("1", "one two three four fine. Six", final=True))

    assert texts(bar) == [("one two three four", ""), ("fine. Six", "")]


def test_a_word_too_many_goes_and_the_others_keep_their_line() -> None:
    bar = bar_after(said("1", "one two two three four"), said("1", "one two three four.", final=True))

    assert texts(bar) == [("one two three", ""), ("four.", "")]


def test_a_corrected_word_that_is_too_long_for_its_line_breaks_the_lines_anew() -> None:
    bar = bar_after(said("1", "one two three four five"), said("1", "one two threescore four five", final=True))

    assert texts(bar) == [("one two threescore", ""), ("four five", "")]


def test_what_was_taken_back_is_gone_and_what_was_said_before_it_stays() -> None:
    bar = bar_after(said("1", "Yes.", final=True), said("2", "Thanks for watching"), said("2", "", final=True))

    assert texts(bar) == [("Yes.", ""), ("", "")]

    assert texts(bar.heard(said("3", "No."))) == [("Yes.", ""), ("No.", "")]


def test_chinese_words_are_corrected_where_they_stand() -> None:
    bar = bar_after(said("1", "今天我们讨论第一页"), said("1", "今天我们讨论第二页。好", final=True), width=9)

    assert texts(bar) == [("今天我们讨论第二", ""), ("页。好", "")]


def test_a_very_long_tail_flows_over_the_bar_and_no_further() -> None:
    bar = bar_after(said("1", "", " ".join(["word"] * 40)))

    assert texts(bar) == [("", "word word word word"), ("", "word word word word")]


def test_a_narrower_window_breaks_the_last_words_anew() -> None:
    bar = bar_after(said("1", "one two three four five", final=True)).refitted(10, one_a_letter)

    assert texts(bar) == [("three four", ""), ("five", "")]


def test_markup_and_line_ends_are_only_text() -> None:
    bar = bar_after(said("1", "<b>a</b>\n\tb"))

    assert texts(bar) == [("<b>a</b> b", "")]


WORDS = st.sampled_from(["a", "page", "two,", "unbelievable", "supercalifragilistic", "你", "好。", "x" * 30])
SPEAKERS = st.sampled_from(["ana", "ben", "mei"])


@st.composite
def talks(draw: st.DrawFn) -> list[Caption]:
    """Segments of several people that grow in any interleaving, with tails that change as they like."""
    captions = []
    grown: dict[str, list[str]] = {}
    for _ in range(draw(st.integers(1, 25))):
        speaker = draw(SPEAKERS)
        segment = f"{speaker}{draw(st.integers(0, 2))}"
        words = grown.setdefault(segment, [])
        words += draw(st.lists(WORDS, max_size=4))
        tail = " ".join(draw(st.lists(WORDS, max_size=8)))
        final = draw(st.booleans()) and draw(st.booleans())
        captions.append(said(segment, " ".join(words), "" if final else tail, by=speaker, final=final))
    return captions


@given(talks(), st.integers(5, 60))
def test_committed_words_never_move_whatever_people_say(talk: list[Caption], width: int) -> None:
    bar = CaptionBar(float(width), one_a_letter)
    for caption in talk:
        before = bar
        bar = bar.heard(caption)

        rows = {line.row: line for line in bar.lines}
        numbers = [line.row for line in bar.lines]
        assert numbers == list(range(*([numbers[0], numbers[-1] + 1] if numbers else [0])))
        assert numbers[-1:] >= [line.row for line in before.lines[-1:]]
        for old in before.lines:
            new = rows.get(old.row, old)
            assert new.committed.startswith(old.committed)
            assert new.speaker == old.speaker or not old.committed


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8), st.integers(24, 60))
def test_a_final_is_on_the_bar_whole_whatever_was_there(committed: list[str], final: list[str], width: int) -> None:
    last = said("1", " ".join(final), final=True)
    bar = bar_after(said("1", " ".join(committed)), last, width=width)

    kept = "".join(line.committed for line in bar.lines).replace(" ", "")
    assert kept == "".join(final) if len(bar.lines) < KEPT_LINES else "".join(final).endswith(kept)
    assert all(len(line.committed) <= width for line in bar.lines)


@given(talks(), st.integers(3, 60))
def test_no_line_is_wider_than_the_bar(talk: list[Caption], width: int) -> None:
    for line in bar_after(*talk, width=float(width)).lines:
        assert len((line.committed + line.tail).rstrip()) <= width


@given(talks(), st.integers(8, 60), st.integers(8, 60))
def test_refitting_keeps_every_word_of_the_last_lines(talk: list[Caption], width: int, other: int) -> None:
    bar = bar_after(*talk, width=float(width)).refitted(float(other), one_a_letter)

    assert all(isinstance(line, Line) for line in bar.shown)
    assert bar.refitted(float(other), one_a_letter) is bar
