from __future__ import annotations

from sfu.core import transcript
from sfu.core.transcript import Line
from sfu.wire.messages import Caption


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


def test_who_refused_stands_in_the_transcript() -> None:
    refused = transcript.not_captioned("p2", "Ben", 61.0004)

    assert (refused.name, refused.text, refused.start) == ("Ben", "[not captioned]", 61.0)
