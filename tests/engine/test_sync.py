from __future__ import annotations

import random

from app.engine.sync import FORGET_S, LONGEST_WAIT, Lips, SlotClock
from sfu.rtp.rtcp import SenderReport, to_ntp


def report(at: float, rtp_time: int) -> SenderReport:
    return SenderReport(7, to_ntp(at), rtp_time, 1, 1)


def test_a_timestamp_is_an_instant_of_the_hosts_clock_once_a_report_has_come() -> None:
    clock = SlotClock(90_000)
    assert clock.captured(5) is None

    clock.report(report(100.0, 0xFFFF_FF00))

    assert clock.captured(0xFFFF_FF00) == 100.0
    assert clock.captured(90_000 - 0x100) == 101.0
    assert clock.captured(0xFFFF_FF00 - 9_000) == 99.9


def test_another_person_in_the_slot_is_not_read_by_the_clock_of_the_last() -> None:
    clock = SlotClock(48_000)
    clock.report(report(1.0, 1))

    clock.forget()

    assert clock.captured(1) is None


def test_a_picture_waits_for_its_voice() -> None:
    lips = Lips()
    lips.heard(captured=50.0, plays_at=10.2)

    assert abs(lips.show_at(captured=50.0, now=10.06) - 10.2) < 1e-9


def test_who_never_spoke_or_was_silent_for_long_is_shown_at_once() -> None:
    lips = Lips()
    assert lips.show_at(captured=50.0, now=10.0) == 10.0

    lips.heard(captured=50.0, plays_at=10.2)
    late = 10.2 + FORGET_S
    assert lips.show_at(captured=50.0 + FORGET_S + 0.1, now=late) == late


def test_a_picture_that_is_late_already_and_one_of_another_clock_are_shown_at_once() -> None:
    lips = Lips()
    lips.heard(captured=50.0, plays_at=10.2)

    assert lips.show_at(captured=49.0, now=10.06) == 10.06
    assert lips.show_at(captured=50.0 + 2 * LONGEST_WAIT, now=10.06) == 10.06


def test_pictures_never_overtake_each_other() -> None:
    lips, dice = Lips(), random.Random(3)
    shown = []
    for number in range(200):
        at = 10 + number / 30
        lips.heard(50 + number / 30, at + dice.uniform(0.02, 0.3))
        shown.append(lips.show_at(50 + number / 30, at + dice.uniform(0.0, 0.05)))

    assert shown == sorted(shown)


def test_at_50_ms_of_jitter_lips_and_voice_are_within_80_ms() -> None:
    """Sound is played evenly 140 ms after capture, pictures are ready 20 to 70 ms after theirs."""
    lips, dice, skews = Lips(), random.Random(4), []
    for number in range(600):
        captured = 50 + number * 0.02
        lips.heard(captured, 10 + number * 0.02 + 0.14)
        if number % 2 == 0:
            shown = lips.show_at(captured, 10 + number * 0.02 + 0.02 + dice.uniform(0, 0.05))
            skews.append(abs(shown - (10 + number * 0.02 + 0.14)))

    assert sorted(skews)[int(0.95 * len(skews))] < 0.08
