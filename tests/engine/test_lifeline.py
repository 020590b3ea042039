from __future__ import annotations

from app.engine.lifeline import ALIVE_FOR, GIVE_UP_AFTER, Retries, is_alive


def test_a_link_is_alive_only_while_the_host_proves_it() -> None:
    assert is_alive(last_heard=10.0, now=10.0 + ALIVE_FOR - 0.1)
    assert not is_alive(last_heard=10.0, now=10.0 + ALIVE_FOR)


def test_the_first_attempt_comes_at_once_and_later_ones_leave_the_host_room() -> None:
    retries = Retries()

    pauses = [retries.pause(now=100.0) for _ in range(6)]

    assert pauses == [0.2, 0.5, 1.0, 2.0, 2.0, 2.0]


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
