"""The simulated network does what its weather says, and the same every time."""

from collections.abc import Callable

from tests.sim.clock import Clock
from tests.sim.link import Link, Path, Weather


def arrivals(weather: Weather, seed: int = 1, datagrams: int = 1000, every: float = 0.01) -> list[tuple[float, int]]:
    """(arrival, number) of datagrams of 100 bytes sent at an even pace."""
    clock, came = Clock(), list[tuple[float, int]]()
    path = Path(clock, Link(weather, seed), lambda data: came.append((clock.now, int.from_bytes(data[:4], "big"))))
    for number in range(datagrams):
        clock.call_at(number * every, lambda number=number: path.send(number.to_bytes(4, "big") + bytes(96)))  # type: ignore[misc]
    clock.run(until=datagrams * every + 10)
    return came


class Counting:
    """A clock that notes each time for which it is asked to call."""

    def __init__(self, clock: Clock, asked: list[float]) -> None:
        self._clock = clock
        self._asked = asked

    @property
    def now(self) -> float:
        return self._clock.now

    def call_at(self, at: float, action: Callable[[], None]) -> None:
        self._asked.append(at)
        self._clock.call_at(at, action)


def numbers(weather: Weather, seed: int = 1) -> list[int]:
    return [number for _, number in arrivals(weather, seed)]


def test_fair_weather_delivers_everything_in_order_after_the_delay() -> None:
    came = arrivals(Weather(delay=0.02))

    assert [number for _, number in came] == list(range(1000))
    assert all(abs(at - number * 0.01 - 0.02) < 1e-9 for at, number in came)


def test_the_same_seed_is_the_same_weather_and_another_is_not() -> None:
    storm = Weather(jitter=0.03, loss=0.1, reorder=0.1, duplicate=0.1)

    assert arrivals(storm, seed=7) == arrivals(storm, seed=7)
    assert arrivals(storm, seed=7) != arrivals(storm, seed=8)


def test_loss_loses_about_its_share() -> None:
    assert 850 < len(numbers(Weather(loss=0.1))) < 950


def test_jitter_delays_but_never_reorders() -> None:
    came = arrivals(Weather(delay=0.01, jitter=0.05))

    assert [number for _, number in came] == list(range(1000))
    delays = [at - number * 0.01 for at, number in came]
    assert min(delays) < 0.03
    assert 0.05 < max(delays) <= 0.06 + 1e-9


def test_reordered_datagrams_are_overtaken_and_none_is_lost() -> None:
    came = numbers(Weather(reorder=0.1, held_back=0.025))

    assert came != sorted(came)
    assert sorted(came) == list(range(1000))


def test_duplicates_come_twice() -> None:
    came = numbers(Weather(duplicate=0.1))

    assert 1050 < len(came) < 1150
    assert set(came) == set(range(1000))


def test_a_path_that_is_never_empty_keeps_one_timer() -> None:
    """It once gathered one for every datagram, and a relay delayed by half as much again after half a minute."""
    clock, woken = Clock(), list[float]()
    path = Path(Counting(clock, woken), Link(Weather(delay=0.05, reorder=0.2), seed=1), lambda data: None)
    for number in range(1000):
        clock.call_at(number * 0.01, lambda: path.send(bytes(100)))

    clock.run(until=20)

    assert path.link.delivered == 1000
    assert len(woken) < 1500


def test_a_slow_link_queues_and_then_drops() -> None:
    # 1,000 datagrams of 800 bits in ten seconds are 80 kbit/s
    came = arrivals(Weather(rate=40_000, longest_queue=0.1))

    assert 480 < len(came) < 520
    assert max(at - number * 0.01 for at, number in came) < 0.15
