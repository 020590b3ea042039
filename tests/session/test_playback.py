"""Where a recording stands, and what belongs to that second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.playback import (
    MOST_REMEMBERED,
    RATES,
    Chapter,
    Playhead,
    Reel,
    Spoken,
    next_rate,
    place_to_begin,
    with_place,
)

REEL = Reel(
    "m/r", "", 60.0, "film.mp4", (),
    [Spoken(f"s{start}", "p1", "Ana", 0, start, start + 2, "x") for start in (1.0, 5.0, 9.0)],
    [Chapter(0.0, "start"), Chapter(30.0, "joined", "Ben")],
)  # fmt: skip


def test_a_line_is_the_one_that_is_heard_until_the_next_begins() -> None:
    assert [REEL.line_at(second) for second in (0.5, 1.0, 4.9, 5.0, 59.0)] == [-1, 0, 0, 1, 2]
    assert [REEL.chapter_at(second) for second in (0.0, 29.9, 30.0)] == [0, 0, 1]


def test_what_was_given_is_heard_when_the_loudspeaker_gets_to_it() -> None:
    head = Playhead(60.0, at=10.0)
    head.play()
    head.give(100.5, 0.02)
    head.give(100.52, 0.02)

    assert [round(head.heard(now), 3) for now in (100.0, 100.51, 100.53, 101.0)] == [10.0, 10.01, 10.03, 10.04]


def test_at_double_speed_a_second_takes_half_as_long() -> None:
    head = Playhead(60.0, rate=2.0)
    head.play()
    head.give(0.0, 1.0)

    assert (head.heard(0.5), head.heard(1.0)) == (1.0, 2.0)


def test_another_place_is_heard_at_once() -> None:
    head = Playhead(60.0)
    head.give(0.0, 1.0)

    head.seek(40.0)
    assert head.heard(0.5) == 40.0

    head.seek(-5.0)
    assert head.heard(0.5) == 0.0


def test_at_the_end_it_stops_and_the_next_play_begins_anew() -> None:
    head = Playhead(1.0)
    head.play()
    head.give(0.0, 1.5)
    assert (head.playing, head.ended, head.heard(9.0)) == (False, True, 1.0)

    head.play()
    assert (head.playing, head.heard(9.0)) == (True, 0.0)


@given(
    length=st.floats(0, 1e5), at=st.floats(-1e5, 1e5), rate=st.floats(-9, 9),
    gifts=st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 10))), now=st.floats(0, 1e5),
)  # fmt: skip
def test_what_is_heard_is_always_in_the_recording(
    length: float, at: float, rate: float, gifts: list[tuple[float, float]], now: float
) -> None:
    head = Playhead(length, at)
    head.set_rate(rate)
    for gift in gifts:
        head.give(*gift)

    assert 0.0 <= head.heard(now) <= length


def test_speed_goes_in_steps_and_ends_where_there_are_no_more() -> None:
    steps = [next_rate(1.0, 1), next_rate(1.0, -1), next_rate(RATES[-1], 1), next_rate(RATES[0], -1)]

    assert steps == [1.25, 0.75, 2.0, 0.5]


def test_a_recording_goes_on_where_it_was_left_but_not_at_its_end() -> None:
    assert [place_to_begin(place, 60.0) for place in (0.0, 31.5, 58.0, 90.0)] == [0.0, 31.5, 0.0, 0.0]


def test_of_many_places_the_newest_are_kept() -> None:
    places: dict[str, float] = {}
    for number in range(MOST_REMEMBERED + 2):
        places = with_place(places, str(number), number)
    places = with_place(places, "2", 7.0)

    assert len(places) == MOST_REMEMBERED
    assert "1" not in places
    assert list(places.items())[-1] == ("2", 7.0)
