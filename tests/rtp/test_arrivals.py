"""What came is told once, in whatever order it came; numbers that come again change nothing."""

from __future__ import annotations

from sfu.rtp.arrivals import ArrivalLog


def told(log: ArrivalLog, *arrivals: tuple[int, float]) -> list[int]:
    return [arrival.sequence for report in log.feedback(arrivals, 7) for arrival in report.arrivals]


def test_everything_that_came_is_told_once_in_its_order() -> None:
    log = ArrivalLog(1)

    assert told(log, (5, 1.0), (7, 1.001), (6, 1.002)) == [5, 6, 7]
    assert told(log, (8, 1.1)) == [8]
    assert told(log) == []


def test_what_is_missing_before_the_next_is_told_as_missing() -> None:
    log = ArrivalLog(1)
    log.feedback([(5, 1.0)], 7)

    (report,) = log.feedback([(8, 1.1)], 7)

    assert (report.base, report.count, [arrival.sequence for arrival in report.arrivals]) == (6, 3, [8])


def test_one_that_comes_late_is_told_with_its_neighbours_of_the_last_half_second() -> None:
    log = ArrivalLog(1)
    log.feedback([(5, 1.0), (7, 1.6), (8, 1.7)], 7)

    assert told(log, (6, 1.8)) == [6, 7, 8]


def test_a_number_that_comes_again_much_later_is_not_told_again() -> None:
    """Of a sender that repeats its numbers nothing may be young enough to be told."""
    log = ArrivalLog(1)
    log.feedback([(5, 1.0)], 7)

    assert told(log, (5, 3.0)) == []
    assert told(log, (6, 3.1)) == [6]
