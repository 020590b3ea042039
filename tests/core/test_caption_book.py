from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.captions import CaptionBook, Heard
from sfu.wire.messages import Caption, Remark


def heard(**changes: Any) -> Heard:
    values = {
        "stream": "p1-1", "segment": 1, "committed": "Hello", "tail": "wor", "final": False, "language": "en",
        "start_s": 101.0, "end_s": 102.0, "confidence": 0.8,
    }  # fmt: skip
    return Heard(**{**values, **changes})


def book() -> CaptionBook:
    opened = CaptionBook(began=100.0)
    opened.open("p1-1", "p1", "Ana")
    return opened


def test_a_final_has_no_tail_and_comes_once() -> None:
    opened = book()
    final = opened.hear(heard(committed="Hello world.", final=True))

    assert final is not None
    assert (final.committed, final.tail, final.final) == ("Hello world.", "", True)
    assert opened.hear(heard(committed="Hello world again.", final=True)) is None
    assert opened.hear(heard()) is None


def test_committed_words_are_never_taken_back_by_a_partial() -> None:
    opened = book()
    opened.hear(heard(committed="Hello there"))

    assert opened.hear(heard(committed="Hello")) is None
    assert opened.hear(heard(committed="Hello there Ana")) is not None


def test_what_nobody_opened_is_nobodys_caption() -> None:
    assert book().hear(heard(stream="p9-1")) is None


def test_times_before_the_meeting_are_its_beginning() -> None:
    caption = book().hear(heard(start_s=99.0, end_s=98.0))

    assert caption is not None
    assert (caption.start, caption.end) == (0.0, 0.0)


def test_a_withdrawn_speaker_loses_all_unfinished_segments_of_all_their_streams() -> None:
    opened = book()
    opened.open("p1-2", "p1", "Ana")
    opened.open("p2-3", "p2", "Ben")
    for stream in ("p1-1", "p1-2", "p2-3"):
        opened.hear(heard(stream=stream))
    opened.drain("p1-1")

    taken_back = opened.withdraw("p1")

    assert [(c.segment, c.committed, c.tail, c.final) for c in taken_back] == [
        ("p1-1-1", "", "", True),
        ("p1-2-1", "", "", True),
    ]
    assert opened.hear(heard(stream="p1-2", segment=2)) is None
    assert opened.hear(heard(stream="p2-3", segment=2)) is not None


@given(
    st.builds(
        Heard,
        stream=st.sampled_from(["p1-1", "p2-2"]), segment=st.integers(0, 3), committed=st.text(max_size=5_000),
        tail=st.text(max_size=2_000), final=st.booleans(), language=st.text(max_size=20),
        start_s=st.floats(0, 1e6), end_s=st.floats(0, 1e6), confidence=st.floats(-5, 5),
    )
)  # fmt: skip
def test_a_worker_gone_mad_cannot_break_the_protocol(result: Heard) -> None:
    caption = book().hear(result)

    assert caption is None or Caption.model_validate(caption.model_dump()) == caption


def test_an_interruption_stands_in_the_transcript_where_somebody_was_speaking() -> None:
    book = CaptionBook(began=100.0)
    book.open("p1-1", "p1", "Ana")
    book.open("p2-1", "p2", "Ben")
    book.hear(Heard("p1-1", 1, "As I was", " say", False, "en", 110.0, 112.0, 0.9))

    (gap,) = book.interrupted(["p1-1", "p2-1", "nobody"])

    assert (gap.name, gap.final, gap.start) == ("Ana", True, 12.0)
    assert "may be missing" in gap.committed
    assert gap.remark is Remark.INTERRUPTED
    assert gap.segment != "p1-1-1"


def test_no_interruption_is_told_of_somebody_who_said_no() -> None:
    book = CaptionBook(began=100.0)
    book.open("p1-1", "p1", "Ana")
    book.hear(Heard("p1-1", 1, "As I was", "", False, "en", 110.0, 112.0, 0.9))
    book.withdraw("p1")

    assert book.interrupted(["p1-1"]) == []
