"""Virtual time runs in order and never back."""

from tests.sim.clock import Clock


def test_what_is_due_happens_in_order_of_time_then_of_booking() -> None:
    clock, happened = Clock(), list[tuple[str, float]]()
    for name, at in (("late", 2.0), ("first", 1.0), ("second", 1.0)):
        clock.call_at(at, lambda name=name: happened.append((name, clock.now)))  # type: ignore[misc]

    clock.run(until=1.5)

    assert happened == [("first", 1.0), ("second", 1.0)]
    assert clock.now == 1.5


def test_what_is_booked_for_the_past_happens_now() -> None:
    clock, happened = Clock(now=5.0), list[float]()
    clock.call_at(1.0, lambda: happened.append(clock.now))

    clock.run(until=6.0)

    assert happened == [5.0]


def test_a_regular_event_does_not_drift() -> None:
    clock, happened = Clock(), list[float]()
    clock.every(0.1, lambda: happened.append(clock.now))

    clock.run(until=100.05)

    assert len(happened) == 1000
    assert happened[-1] == 1000 * 0.1
