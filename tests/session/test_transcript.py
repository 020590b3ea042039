from __future__ import annotations

from app.session.transcript import Entry, clock, entered, headed
from sfu.wire.messages import Caption


def final(segment: str, text: str, start: float, *, by: str = "ana") -> Caption:
    return Caption(
        segment=segment, speaker=by, name=by.title(), committed=text, final=True, start=start, end=start + 2
    )


def test_entries_stand_in_the_order_people_began_to_speak() -> None:
    transcript: tuple[Entry, ...] = ()
    for caption in (final("b", "second", 5, by="ben"), final("c", "third", 9), final("a", "first", 1)):
        transcript = entered(transcript, caption, order=0)

    assert [entry.text for entry in transcript] == ["first", "second", "third"]


def test_a_withdrawn_final_leaves_no_trace() -> None:
    transcript = entered((), final("a", "noise", 1), order=0)

    assert entered(transcript, final("a", "", 1), order=0) == ()


def test_the_name_is_said_again_only_after_a_pause_or_another_speaker() -> None:
    first, soon, late, other = (
        Entry("1", "ana", "Ana", 0, 0, 2, "a"),
        Entry("2", "ana", "Ana", 0, 3, 5, "b"),
        Entry("3", "ana", "Ana", 0, 90, 92, "c"),
        Entry("4", "ben", "Ben", 1, 93, 94, "d"),
    )

    assert [headed(None, first), headed(first, soon), headed(soon, late), headed(late, other)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_the_clock_shows_hours_only_when_there_are_some() -> None:
    assert [clock(5), clock(725), clock(3725)] == ["0:05", "12:05", "1:02:05"]
