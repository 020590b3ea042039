"""Where a film shows whom: boxes that fit, and a large place that does not jump about."""

from __future__ import annotations

import pytest

from sfu.core.staging import HOLDS_FOR, MOST_IN_STRIP, SPEAKS_FOR, Box, Director, grid, spotlight

LOUD, QUIET = 0.01, 1e-6
STEP = 0.04


def heard(director: Director, who: str, begin: float, end: float) -> None:
    """One person speaks from `begin` to `end`, everybody else breathes."""
    for number in range(round((end - begin) / STEP)):
        powers = {person: LOUD if person == who else QUIET for person in director._people}
        director.hear(powers, begin + number * STEP)


def large(director: Director) -> str:
    return director.seats([], director._people)[0]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9, 16, 40])
@pytest.mark.parametrize("lay", [grid, lambda count, width, height: spotlight(count - 1, width, height)])
def test_boxes_are_even_inside_and_apart(lay: object, count: int) -> None:
    boxes: list[Box] = lay(count, 1280, 720)  # type: ignore[operator]

    assert len(boxes) == count
    assert all(value % 2 == 0 for box in boxes for value in (box.left, box.top, box.width, box.height))
    assert all(box.left + box.width <= 1280 and box.top + box.height <= 720 for box in boxes)
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            across = one.left < other.left + other.width and other.left < one.left + one.width
            down = one.top < other.top + other.height and other.top < one.top + one.height
            assert not (across and down)


def test_before_anybody_speaks_whoever_came_first_is_large() -> None:
    assert Director(["p1", "p2"]).seats([], ["p1", "p2"]) == ["p1", "p2"]


def test_whoever_speaks_is_large_after_a_second_and_a_cough_is_not_enough() -> None:
    director = Director(["p1", "p2", "p3"])
    heard(director, "p2", 0.0, SPEAKS_FOR / 2)
    heard(director, "", SPEAKS_FOR / 2, 3.0)
    after_a_cough = large(director)
    heard(director, "p3", 3.0, 3.0 + SPEAKS_FOR + 0.2)

    assert after_a_cough == "p1"
    assert director.seats([], director._people) == ["p3", "p1", "p2"]


def test_the_large_place_is_held_for_a_while() -> None:
    director = Director(["p1", "p2"])
    heard(director, "p1", 0.0, 2.0)
    heard(director, "p2", 2.0, 1.0 + HOLDS_FOR)
    before = large(director)
    heard(director, "p2", 1.0 + HOLDS_FOR, 1.6 + HOLDS_FOR)

    assert (before, large(director)) == ("p1", "p2")


def test_it_stays_with_who_spoke_last_when_nobody_speaks() -> None:
    director = Director(["p1", "p2"])
    heard(director, "p2", 0.0, 3.0)
    heard(director, "", 3.0, 60.0)

    assert large(director) == "p2"


def test_a_screen_comes_first_and_the_newest_of_two() -> None:
    director = Director(["p1", "p2"])
    heard(director, "p2", 0.0, 3.0)

    assert director.seats(["p1/screen"], director._people) == ["p1/screen", "p1", "p2"]
    assert director.seats(["p1/screen", "p2/screen"], director._people)[0] == "p2/screen"
    assert director.seats([], director._people)[0] == "p2"


def test_a_strip_that_is_too_short_shows_whom_one_heard_last_in_the_order_of_coming() -> None:
    people = [f"p{number}" for number in range(1, 13)]
    director = Director(people)
    heard(director, "p12", 0.0, 2.0)
    heard(director, "p11", 2.0, 10.0)

    seats = director.seats([], director._people)

    assert seats[0] == "p11"
    assert len(seats) == 1 + MOST_IN_STRIP
    assert seats[-1] == "p12"
    assert seats[1:] == sorted(seats[1:], key=people.index)


def test_who_has_left_is_nowhere_and_who_came_first_takes_their_place() -> None:
    director = Director(["p1", "p2", "p3"])
    heard(director, "p2", 0.0, 3.0)

    assert director.seats([], ["p1", "p3"]) == ["p1", "p3"]
    assert director.seats([], []) == []
