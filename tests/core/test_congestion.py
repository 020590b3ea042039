"""What is believed of a path, by whatever its other end tells."""

from __future__ import annotations

import pytest

from sfu.core.congestion import LAN_MOST, LAN_START, Path
from sfu.core.echoes import Report
from sfu.rtp.bandwidth import LEAST, Echo
from sfu.rtp.rtcp import Remb, ReportBlock


def block(loss: float) -> tuple[ReportBlock, ...]:
    return (ReportBlock(1, int(loss * 256), 0, 0, 0, 0, 0),)


class Told:
    """A path whose subscriber writes receiver reports, once a second, while `rate` bits per second go out."""

    def __init__(self) -> None:
        self.path = Path()
        self.now = 10.0
        self.octets = 0

    def report(self, loss: float, rate: float = 2_000_000) -> float:
        self.now += 1
        self.octets += int(rate / 8)
        self.path.reported(block(loss), self.octets, self.now)
        return self.path.budget(self.now)


def test_a_local_network_is_wide_until_it_shows_otherwise() -> None:
    path = Path()

    assert path.budget(0.0) == LAN_START
    assert not path.is_narrow


def test_loss_above_a_tenth_takes_a_fifth_of_what_was_sent() -> None:
    told = Told()
    told.report(0.0)

    assert told.report(0.11) == 0.8 * 2_000_000
    assert told.report(0.2) == pytest.approx(0.8 * 0.8 * 2_000_000)
    assert told.path.is_narrow


def test_loss_between_changes_nothing_and_below_a_fiftieth_gives_a_tenth_back() -> None:
    told = Told()
    told.report(0.0)
    low = told.report(0.5)

    assert told.report(0.05) == low
    assert told.report(0.01) == 1.1 * low


def test_it_ends_at_what_a_thumbnail_needs_and_at_what_a_lan_has() -> None:
    told = Told()
    for _ in range(60):
        told.report(0.9)
    assert told.path.budget(told.now) == LEAST

    for _ in range(200):
        told.report(0.0)
    assert told.path.budget(told.now) == LAN_MOST


def test_reports_that_come_too_often_count_once() -> None:
    told = Told()
    told.report(0.0)
    low = told.report(0.5)

    told.path.reported(block(0.5), told.octets, told.now + 0.1)

    assert told.path.budget(told.now) == low


def test_a_clients_own_belief_holds_for_a_while_and_is_cut_by_loss() -> None:
    told = Told()
    told.path.believed(Remb(1, 900_000, (1,)), now=told.now)
    assert told.path.budget(told.now + 4) == 900_000
    assert told.path.budget(told.now + 6) == LAN_START

    told.report(0.0)
    told.report(0.5, rate=500_000)
    told.path.believed(Remb(1, 900_000, (1,)), now=told.now)
    assert told.path.budget(told.now) == 0.8 * 500_000


def test_who_feeds_back_every_packet_is_not_judged_by_less() -> None:
    told = Told()
    report = Report()
    report.echoes, report.reported = [Echo(1.0, 1.005, 1000)], 1
    told.path.fed(report, told.now)

    told.report(0.5)

    assert told.path.budget(told.now) >= LAN_START
    assert told.path.loss == 0.5
