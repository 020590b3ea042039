from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core import transcript
from sfu.core.transcript import Line
from sfu.wire.messages import Caption, Meeting

ABOUT = Meeting(id="m1", title="Weekly", code="ABCDEFGH")


def line(text: str = "Hello.", name: str = "Ana", start: float = 1.0, end: float = 2.5) -> Line:
    return Line(
        segment="p1-1-1", speaker="p1", name=name, text=text, language="en", start=start, end=end, confidence=0.9
    )


def caption(committed: str, final: bool) -> Caption:
    return Caption(segment="a", speaker="p1", name="Ana", committed=committed, final=final, start=1.00049, end=2)


def test_only_finals_with_words_are_lines() -> None:
    assert transcript.line_of(caption("Hello", final=False)) is None
    assert transcript.line_of(caption("  ", final=True)) is None
    kept = transcript.line_of(caption(" Hello. ", final=True))
    assert kept is not None
    assert (kept.text, kept.start) == ("Hello.", 1.0)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_a_journal_is_read_back_as_it_was_written(texts: list[str]) -> None:
    lines = [line(text).model_copy(update={"segment": str(number)}) for number, text in enumerate(texts)]
    journal = transcript.journal_head(ABOUT, "2026-01-01T10:00:00.000+00:00")
    journal += "".join(transcript.journal_entry(each) for each in lines)

    head, read = transcript.read_journal(journal)

    assert read == lines
    assert head["meeting"]["title"] == "Weekly"


def test_a_corrected_line_reads_as_corrected_and_a_struck_one_is_gone() -> None:
    struck = line("Oops.").model_copy(update={"segment": "p1-1-2"})
    written = [line("Helo."), struck, line("Hello."), struck.model_copy(update={"text": ""})]
    journal = transcript.journal_head(ABOUT, "now") + "".join(transcript.journal_entry(each) for each in written)

    assert transcript.read_journal(journal)[1] == [line("Hello.")]


def test_a_line_that_a_crash_cut_is_left_out_and_the_others_stay() -> None:
    journal = transcript.journal_head(ABOUT, "now") + transcript.journal_entry(line())
    journal += transcript.journal_entry(line("cut"))[:-20]

    assert transcript.read_journal(journal)[1] == [line()]


@pytest.mark.parametrize("text", ["", "{}", "nonsense", "[1]"])
def test_what_is_no_journal_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (json's own error is one, and as good)
        transcript.read_journal(text)


def test_who_refused_stands_in_the_transcript() -> None:
    refused = transcript.not_captioned("p2", "Ben", 61.0004)

    assert (refused.name, refused.text, refused.start) == ("Ben", "[not captioned]", 61.0)
