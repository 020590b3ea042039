"""The rules by which a second hearing and the first become one transcript."""

from __future__ import annotations

from collections.abc import Collection

from sfu.core.recorded import Span
from sfu.core.records import Consented
from sfu.core.reheard import Ground, Phrase, Spoken, language_of, merged
from sfu.core.transcript import Line, not_captioned

NAMES = {"p1": "Ana", "p2": "Ben", "p3": "Cy"}
YES = [Consented(person, name, "captions", True, 0.0) for person, name in NAMES.items()]
NO = Consented("p3", "Cy", "recording", False, 10.0)
# Recorded from 10 to 100 with Ana and Ben; Cy said no.
GROUND = Ground(
    [Span(10.0, 100.0)], {"p1": [Span(10.0, 100.0)], "p2": [Span(10.0, 100.0)]}, [*YES, NO], frozenset({"p1", "p2"})
)


def line(segment: str, speaker: str, start: float, end: float, text: str) -> Line:
    return Line(segment=segment, speaker=speaker, name=NAMES[speaker], text=text, language="en", start=start, end=end,
                confidence=0.5)  # fmt: skip


def phrase(speaker: str, start: float, text: str, believed: bool = True) -> Phrase:
    """A word a second."""
    words = tuple(
        Spoken(f" {word}", start + at, start + at + 1, 0.8) for at, word in enumerate(text.split() if believed else ())
    )
    return Phrase(speaker, start, start + len(text.split()), "en", words, believed)


def texts(
    first: list[Line], phrases: list[Phrase], corrected: Collection[str] = (), ground: Ground = GROUND
) -> list[str]:
    return [each.text for each in merged(first, phrases, corrected, NAMES, ground)]


def test_what_was_recorded_reads_as_it_was_heard_again() -> None:
    (found,) = merged([line("s1", "p1", 20, 23, "Hollow word.")], [phrase("p1", 20, "Hello world.")], (), NAMES, GROUND)

    assert (found.text, found.name, found.speaker, found.language) == ("Hello world.", "Ana", "p1", "en")
    assert (found.start, found.end, found.confidence) == (20.0, 22.0, 0.8)


def test_a_correction_stays_and_cuts_the_phrase_around_it() -> None:
    first = [line("s1", "p1", 20, 22, "one two"), line("s2", "p1", 22, 24, "Szczepan"), line("s3", "p1", 24, 26, "x")]

    assert texts(first, [phrase("p1", 20, "one two shut up five six")], {"s2"}) == ["one two", "Szczepan", "five six"]


def test_what_somebody_struck_by_hand_does_not_come_back() -> None:
    assert texts([line("s1", "p1", 20, 22, "")], [phrase("p1", 20, "a secret and more")], {"s1"}) == ["and more"]


def test_where_nothing_was_recorded_the_first_words_stand() -> None:
    first = [line("s1", "p1", 2, 4, "Before."), line("s2", "p1", 110, 112, "After.")]

    assert texts(first, [phrase("p1", 20, "Recorded.")]) == ["Before.", "Recorded.", "After."]


def test_who_refused_has_no_part_in_it_not_even_before_it_was_recorded_nor_corrected() -> None:
    first = [line("s0", "p3", 2, 4, "Early."), line("s1", "p3", 20, 22, "Secret."), line("s2", "p3", 30, 32, "Mended.")]

    assert texts(first, [phrase("p3", 20, "Secret.")], {"s2"}) == []


def test_who_was_never_asked_keeps_what_they_said_before_and_has_no_part_in_what_was_recorded() -> None:
    ground = Ground(GROUND.ran, GROUND.agreed, YES, GROUND.taped)

    assert texts([line("s0", "p3", 2, 4, "Early."), line("s1", "p3", 20, 22, "Late.")], [], set(), ground) == ["Early."]


def test_who_agreed_to_be_recorded_but_not_to_captions_is_not_written_down() -> None:
    consents = [*YES, Consented("p2", "Ben", "captions", False, 15.0)]
    ground = Ground(GROUND.ran, GROUND.agreed, consents, GROUND.taped)
    refusal = not_captioned("p2", "Ben", 15.0)

    assert texts([refusal], [phrase("p2", 13, "one two three four")], set(), ground) == ["one two", refusal.text]
    assert texts([], [phrase("p2", 13, "one two")], set(), Ground(GROUND.ran, GROUND.agreed, (), GROUND.taped)) == []


def test_what_was_heard_as_nonsense_and_whose_file_is_gone_reads_as_before() -> None:
    first = [line("s1", "p1", 20, 22, "As it was."), line("s2", "p2", 30, 32, "Ben too.")]
    gone = Ground(GROUND.ran, GROUND.agreed, GROUND.consents, frozenset({"p1"}))

    assert texts(first, [phrase("p1", 20, "la la la la", believed=False)], set(), gone) == ["As it was.", "Ben too."]


def test_a_microphone_that_heard_another_is_not_believed() -> None:
    first = [line("s1", "p1", 20, 24, "Hello all of you.")]

    said = [phrase("p1", 20, "Hello all of you."), phrase("p2", 20.5, "Hello all of")]
    assert texts(first, said) == ["Hello all of you."]


def test_a_phrase_is_heard_in_the_language_in_which_its_speaker_was_heard() -> None:
    chinese = line("s1", "p1", 20, 24, "你好").model_copy(update={"language": "zh"})

    assert language_of([chinese, line("s2", "p1", 24, 25, "Yes.")], "p1", 20.0, 25.0) == "zh"
    assert language_of([chinese], "p2", 20.0, 25.0) == ""
