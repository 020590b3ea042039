from __future__ import annotations

from itertools import pairwise

from app.engine.lifeline import (
    ALIVE_FOR,
    ASLEEP_FOR,
    GIVE_UP_AFTER,
    MOVE_AFTER,
    MOVE_EVERY,
    STAY_FOR,
    Lifeline,
    Retries,
    Turn,
    is_alive,
    is_stranded,
)


def turns(lifeline: Lifeline, heard: float, until: float) -> list[tuple[float, Turn]]:
    """What a quarter-second's looks come to, from `heard` on, while nothing more is heard."""
    found = []
    for look in range(1, int((until - heard) * 4) + 1):
        now = heard + look / 4
        if (turn := lifeline.look(heard, now, now)) is not None:
            found.append((now - heard, turn))
    return found


def test_a_silent_call_looks_for_other_ways_then_is_no_longer_live_then_is_lost() -> None:
    found = turns(Lifeline(100.0, 100.0), heard=100.0, until=100.0 + STAY_FOR + 0.25)

    assert [turn for _, turn in found if turn is not Turn.MOVE] == [Turn.SILENT, Turn.LOST]
    assert (ALIVE_FOR, Turn.SILENT) in found
    moves = [at for at, turn in found if turn is Turn.MOVE]
    assert MOVE_AFTER <= moves[0] < ALIVE_FOR
    assert all(later - sooner >= MOVE_EVERY for sooner, later in pairwise(moves))


def test_a_call_that_is_heard_again_is_live_again() -> None:
    lifeline = Lifeline(0.0, 0.0)
    turns(lifeline, heard=0.0, until=9.0)

    assert lifeline.look(9.9, 10.0, 10.0) is Turn.BACK
    assert lifeline.look(9.9, 10.1, 10.1) is None


def test_after_a_long_sleep_nothing_of_the_old_call_is_waited_for() -> None:
    lifeline = Lifeline(0.0, 0.0)
    asleep = ASLEEP_FOR + 1

    assert lifeline.look(0.1, 0.2, 0.2) is None
    assert lifeline.look(0.1, 0.3, 0.3 + asleep) is Turn.LOST


def test_a_call_from_an_address_that_is_gone_is_stranded() -> None:
    assert is_stranded("192.168.1.7", {"127.0.0.1", "10.0.0.4"})
    assert not is_stranded("10.0.0.4", {"127.0.0.1", "10.0.0.4"})
    assert not is_stranded(None, set())


def test_an_attempt_is_given_up_sooner_than_a_lost_packet_is_sent_again_and_a_slow_host_gets_more_time() -> None:
    retries = Retries()
    assert retries.patience is None
    given = []
    for _ in range(5):
        retries.pause(now=0.0)
        given.append(retries.patience)

    assert given == [1.5, 1.5, 3.0, 6.0, 6.0]


def test_a_link_is_alive_only_while_the_host_proves_it() -> None:
    assert is_alive(proved=10.0, now=10.0 + ALIVE_FOR - 0.1)
    assert not is_alive(proved=10.0, now=10.0 + ALIVE_FOR)


def test_the_first_attempt_comes_at_once_and_later_ones_leave_the_host_room() -> None:
    retries = Retries()

    pauses = [retries.pause(now=100.0) for _ in range(6)]

    assert pauses == [0.2, 0.5, 1.0, 1.0, 1.0, 1.0]


def test_after_half_a_minute_without_success_it_gives_up() -> None:
    retries = Retries()
    retries.pause(now=0.0)

    assert retries.pause(now=GIVE_UP_AFTER - 1) is not None
    assert retries.pause(now=GIVE_UP_AFTER) is None


def test_a_link_that_came_back_starts_afresh_at_the_next_loss() -> None:
    retries = Retries()
    retries.pause(now=0.0)
    retries.pause(now=20.0)
    retries.recovered()

    assert not retries.trying
    assert retries.pause(now=29.0) == 0.2
    assert retries.pause(now=50.0) is not None
