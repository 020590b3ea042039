"""What a receiver report says (RFC 3550, A.1, A.3 and A.8)."""

import pytest

from sfu.rtp import rtcp
from sfu.rtp.reception import Reception

RATE = 48_000


def receive(reception: Reception, sequences: list[int], start: float = 0.0, every: float = 0.02) -> None:
    for index, sequence in enumerate(sequences):
        at = start + index * every
        reception.feed(sequence & 0xFFFF, int(at * RATE) & 0xFFFF_FFFF, at)


def test_nothing_received_is_nothing_to_report() -> None:
    assert Reception(7, RATE).report(now=1.0) is None


def test_a_whole_stream_has_no_loss_and_no_jitter() -> None:
    reception = Reception(7, RATE)
    receive(reception, list(range(65_500, 65_600)))

    block = reception.report(now=2.0)

    assert block == rtcp.ReportBlock(7, 0, 0, highest=65_599, jitter=0, last_sr=0, delay=0)


def test_loss_is_told_as_a_share_since_the_last_report_and_as_a_sum() -> None:
    reception = Reception(7, RATE)
    receive(reception, [n for n in range(100) if n % 4 != 1])
    first = reception.report(now=2.0)
    receive(reception, [n for n in range(100, 200) if n % 10 != 5], start=2.0)
    second = reception.report(now=4.0)

    assert first is not None
    assert second is not None
    assert (first.fraction_lost, first.lost) == (64, 25)
    assert (second.fraction_lost, second.lost) == (25, 35)
    assert reception.lost == 35


def test_a_silent_source_is_left_out_of_the_next_report() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1, 2, 3])

    assert reception.report(now=1.0) is not None
    assert reception.report(now=2.0) is None


def test_duplicates_make_the_sum_negative_and_never_the_share() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1, 1, 2, 2, 3, 3])

    block = reception.report(now=1.0)

    assert block is not None
    assert (block.fraction_lost, block.lost) == (0, -3)


def test_late_packets_are_not_lost() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1, 2, 5, 4, 3, 6])

    block = reception.report(now=1.0)

    assert block is not None
    assert block.lost == 0


def test_jitter_is_the_mean_change_of_transit_times() -> None:
    reception = Reception(7, RATE)
    for index in range(1000):
        late = 0.005 if index % 2 else 0.0
        reception.feed(index, index * 960, index * 0.02 + late)

    assert reception.jitter == pytest.approx(0.005 * RATE, rel=0.02)


def test_a_clock_that_is_set_is_not_jitter() -> None:
    reception = Reception(7, RATE)
    for index in range(100):
        jump = 0x7000_0000 if index >= 50 else 0
        reception.feed(index, (index * 960 + jump) & 0xFFFF_FFFF, index * 0.02)

    assert reception.jitter == 0


def test_one_stray_number_changes_nothing() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1, 2, 3, 30_000, 4, 5])

    assert reception.highest == 5
    assert reception.lost == 0


def test_two_in_a_row_from_elsewhere_are_a_sender_that_began_again() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1, 2, 3])
    receive(reception, [30_000, 30_001, 30_002], start=1.0)

    block = reception.report(now=2.0)

    assert block is not None
    assert (block.highest, block.lost, block.fraction_lost) == (30_002, 0, 0)


def test_a_report_repeats_when_the_senders_came() -> None:
    reception = Reception(7, RATE)
    receive(reception, [1])
    reception.sender_report(rtcp.SenderReport(7, rtcp.to_ntp(1000.5), 0, 1, 100), now=10.0)

    block = reception.report(now=10.25)

    assert block is not None
    assert block.last_sr == rtcp.middle_ntp(rtcp.to_ntp(1000.5))
    assert block.delay == 65536 // 4
