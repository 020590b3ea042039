"""Feedback read where it lies says what the readable parser says, once about each packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.echoes import Report, read
from sfu.core.flow import SENT_PACKETS, Outbound
from sfu.rtp.errors import PeerFault
from sfu.rtp.transport_feedback import Arrival, TransportFeedback
from tests.rtp.fuzz import hostile, value_or_fault

SIZE = 1000


def sender(first: int, count: int, *, together: int = 1, size: int = SIZE) -> Outbound:
    """One who has sent `count` packets from transport-wide number `first` on, so many at once, 10 ms apart."""
    outbound = Outbound("p1")
    for number in range(count):
        entry = (first + number) % SENT_PACKETS
        outbound.sent_at[entry] = 5.0 + 0.01 * (number // together)
        outbound.sent_size[entry] = (first + number & 0xFFFF) << 16 | size
    return outbound


def body(base: int, count: int, came: list[int], *, at: int = 4000) -> bytes:
    """A report about `count` packets of which those in `came` (by place) arrived a millisecond apart."""
    arrivals = tuple(Arrival(base + place & 0xFFFF, at + 4 * number) for number, place in enumerate(came))
    return TransportFeedback(1, 2, base, count, at >> 8, 0, arrivals).serialize()


def test_what_came_and_what_did_not_is_added_up() -> None:
    report = read(body(10, 5, [0, 1, 4]), sender(10, 5))

    assert (report.reported, report.missing) == (5, 2)
    assert [echo.size for echo in report.echoes] == [SIZE] * 3
    assert [echo.sent_at for echo in report.echoes] == pytest.approx([5.0, 5.01, 5.04])
    assert [echo.came_at for echo in report.echoes] == pytest.approx([1.0, 1.001, 1.002])


def test_what_left_together_is_one_fact() -> None:
    report = read(body(10, 6, list(range(6))), sender(10, 6, together=3))

    assert [echo.size for echo in report.echoes] == [3 * SIZE] * 2


def test_numbers_wrap() -> None:
    report = read(body(0xFFFE, 4, [0, 1, 2, 3]), sender(0xFFFE, 4))

    assert (report.reported, report.missing) == (4, 0)


def test_what_was_sent_too_long_ago_is_not_taken_for_what_stands_in_its_place() -> None:
    report = read(body(10, 5, [0, 1, 2, 3, 4]), sender(10 + SENT_PACKETS, 5))

    assert (report.reported, report.echoes) == (0, [])


def test_reports_that_overlap_count_nothing_twice() -> None:
    outbound = sender(10, 6)

    first = read(body(10, 4, [0, 1, 3]), outbound)
    again = read(body(11, 5, [0, 2, 3, 4]), outbound)

    assert (first.reported, first.missing) == (4, 1)
    assert (again.reported, again.missing) == (2, 0)


def test_what_was_missing_and_comes_late_is_taken_back() -> None:
    outbound = sender(10, 4)

    read(body(10, 4, [0, 3]), outbound)
    late = read(body(10, 4, [0, 1, 3]), outbound)

    assert (late.reported, late.missing) == (0, -1)
    assert sum(echo.size for echo in late.echoes) == SIZE


def test_what_was_never_sent_says_nothing() -> None:
    assert read(body(10, 4, [0, 3]), Outbound("p1")).reported == 0


def test_a_probes_packets_are_told_apart() -> None:
    outbound = sender(0xFFFC, 10)
    outbound.probe_first, outbound.probe_count = 0xFFFE, 4

    report = read(body(0xFFFC, 10, list(range(10))), outbound)

    assert report.probed == 4 * SIZE
    assert report.last_came - report.first_came == pytest.approx(0.003)


def test_a_report_about_more_than_is_remembered_is_refused() -> None:
    whole = TransportFeedback(1, 2, 0, SENT_PACKETS, 4000 >> 8, 0, (Arrival(0, 4000),)).serialize()

    with pytest.raises(PeerFault):
        read(whole, Outbound("p1"))


@given(st.integers(0, 0xFFFF), st.lists(st.tuples(st.booleans(), st.integers(0, 0x3000)), min_size=1, max_size=300))
def test_it_agrees_with_the_readable_parser(base: int, statuses: list[tuple[bool, int]]) -> None:
    clock, arrivals = 256_000, []
    for place, (came, later) in enumerate(statuses):
        if came:
            clock += later % 0x300
            arrivals.append(Arrival(base + place & 0xFFFF, clock))
    first = arrivals[0].at if arrivals else clock
    raw = TransportFeedback(1, 2, base, len(statuses), first >> 8, 7, tuple(arrivals)).serialize()

    report = read(raw, sender(base, len(statuses)))

    parsed = TransportFeedback.parse(raw)
    assert [echo.came_at for echo in report.echoes] == [arrival.at / 4000 for arrival in parsed.arrivals]
    assert report.reported == len(statuses)
    assert report.missing == len(statuses) - len(arrivals)


@given(hostile(body(10, 5, [0, 1, 4]), body(0xFFF0, 300, list(range(0, 300, 2))), body(1, 40, list(range(40)))))
def test_any_bytes_are_added_up_or_one_fault(raw: bytes) -> None:
    outbound = sender(0, SENT_PACKETS)

    report = value_or_fault(lambda data: read(data, outbound), raw)

    assert report is None or isinstance(report, Report)
