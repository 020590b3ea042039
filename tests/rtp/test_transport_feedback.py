"""Transport-wide feedback: runs, vectors and deltas, to the bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.errors import PeerFault
from sfu.rtp.transport_feedback import Arrival, TransportFeedback
from tests.rtp.fuzz import hostile, value_or_fault

HEAD = bytes.fromhex("00000001 00000002")


def body(base: int, count: int, reference: int, rest: str) -> bytes:
    fixed = base.to_bytes(2, "big") + count.to_bytes(2, "big") + (reference & 0xFFFFFF).to_bytes(3, "big") + b"\x05"
    return HEAD + fixed + bytes.fromhex(rest)


def feedback(base: int, count: int, reference: int, *arrivals: tuple[int, int]) -> TransportFeedback:
    return TransportFeedback(1, 2, base, count, reference, 5, tuple(Arrival(*arrival) for arrival in arrivals))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        # a run of three small deltas
        (body(10, 3, 1, "2003 040506"), feedback(10, 3, 1, (10, 260), (11, 265), (12, 271))),
        # a one-bit vector: 1 0 1 and eleven that are past the end
        (body(10, 3, 0, "a800 04ff"), feedback(10, 3, 0, (10, 4), (12, 259))),
        # a two-bit vector: small, missing, large (-1), large (300)
        (body(65535, 4, 0, "d280 02ffff012c"), feedback(65535, 4, 0, (65535, 2), (1, 1), (2, 301))),
        # a run of missing ones, then one that came; a negative reference
        (body(0, 9, -2, "0008 2001 00"), feedback(0, 9, -2, (8, -512))),
        # nothing came at all
        (body(0, 100, 0, "0064"), feedback(0, 100, 0)),
    ],
)
def test_the_bits_of_the_draft(raw: bytes, value: TransportFeedback) -> None:
    assert TransportFeedback.parse(raw) == value
    assert TransportFeedback.parse(value.serialize()) == value


def test_runs_and_vectors_are_chosen_by_what_is_shorter() -> None:
    steady = feedback(0, 1000, 0, *[(number, number) for number in range(1000)])
    alternating = feedback(0, 28, 0, *[(number, number) for number in range(0, 28, 2)])

    assert len(steady.serialize()) == 16 + 2 + 1000
    assert len(alternating.serialize()) == 16 + 2 * 2 + 14


def test_padding_behind_the_deltas_is_not_read() -> None:
    assert TransportFeedback.parse(body(10, 1, 0, "2001 07 000000")) == feedback(10, 1, 0, (10, 7))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        HEAD,
        body(0, 0, 0, ""),  # reports nothing
        body(0, 1, 0, ""),  # no statuses
        body(0, 1, 0, "2001"),  # no delta
        body(0, 1, 0, "4001 00"),  # half a delta
        body(0, 1, 0, "6001 0000"),  # the reserved symbol, in a run
        body(0, 7, 0, "ffff" + "00" * 20),  # and in a vector
        body(0, 0xFFFF, 0, "3fff" * 9),  # 8,191 arrivals a chunk and no time for any
        body(0, 10, 0, "2000"),  # runs of nothing
    ],
)
def test_statuses_without_their_times_are_the_peers_fault(raw: bytes) -> None:
    with pytest.raises(PeerFault):
        TransportFeedback.parse(raw)


DELTAS = st.none() | st.integers(0, 255) | st.integers(-0x8000, 0x7FFF)


@given(
    st.integers(0, 0xFFFF),
    st.integers(-0x800000, 0x7FFFFF),
    st.lists(st.tuples(DELTAS, st.integers(1, 40)), min_size=1, max_size=20),
)
def test_what_is_written_is_read(base: int, reference: int, runs: list[tuple[int | None, int]]) -> None:
    statuses = [delta for delta, run in runs for _ in range(run)]
    clock, arrivals = reference * 256, list[Arrival]()
    for index, delta in enumerate(statuses):
        if delta is not None:
            clock += delta
            arrivals.append(Arrival(base + index & 0xFFFF, clock))
    value = TransportFeedback(1, 2, base, len(statuses), reference, 255, tuple(arrivals))

    assert TransportFeedback.parse(value.serialize()) == value


@given(hostile(body(10, 3, 1, "2003 040506"), body(65535, 4, 0, "d280 02ffff012c"), body(0, 9, -2, "0008 2001 00")))
def test_any_bytes_are_feedback_or_one_fault(raw: bytes) -> None:
    value = value_or_fault(TransportFeedback.parse, raw)

    if value is not None:
        assert len(value.arrivals) <= min(value.count, len(raw))
        assert TransportFeedback.parse(value.serialize()) == value


def test_a_packet_that_is_repeated_when_it_was_long_forgotten_is_not_told_again() -> None:
    log = ArrivalLog(sender=1)

    assert len(log.feedback([(1, 1.0)], media=7)) == 1
    assert log.feedback([(1, 100.0)], media=7) == []
