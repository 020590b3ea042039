"""A network that misbehaves the same way every time.

`Link` is pure: it is told the time and decides by its seed what is lost, late, doubled or overtaken.  `Path` ties a
link to a clock, and hands what arrives to a function.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Weather:
    """What a link does to what it carries.  Seconds, shares from 0 to 1, bits per second.

    Jitter delays each datagram by up to so much, but keeps the order; a share `reorder` is held back by `held_back`,
    so that others overtake.  At `rate` datagrams queue, and those that would wait longer than `longest_queue` are lost.
    """

    delay: float = 0.005
    jitter: float = 0.0
    loss: float = 0.0
    reorder: float = 0.0
    held_back: float = 0.01
    duplicate: float = 0.0
    rate: float | None = None
    longest_queue: float = 0.2


class Link:
    """One direction of a network.  `send` what goes in, `receive` what has come out, again at `wake_at`."""

    def __init__(self, weather: Weather, seed: int) -> None:
        self.weather = weather
        """May be changed at any time: the weather does, too."""
        self.sent = self.lost = self.delivered = 0
        self._random = Random(seed)
        self._flying: list[tuple[float, int, bytes]] = []
        self._order = count()
        self._free_at = 0.0
        self._last_arrival = 0.0

    def send(self, datagram: bytes, now: float) -> None:
        self.sent += 1
        weather = self.weather
        free_at = max(self._free_at, now)
        if weather.rate is not None:
            if free_at - now > weather.longest_queue:
                self.lost += 1
                return
            free_at += 8 * len(datagram) / weather.rate
        self._free_at = free_at
        if self._random.random() < weather.loss:
            self.lost += 1
            return
        arrival = free_at + weather.delay + weather.jitter * self._random.random()
        if self._random.random() < weather.reorder:
            arrival += weather.held_back
        else:
            arrival = self._last_arrival = max(arrival, self._last_arrival)
        self._fly(datagram, arrival)
        if self._random.random() < weather.duplicate:
            self._fly(datagram, arrival)

    def receive(self, now: float) -> list[bytes]:
        """What has arrived by now, in order of arrival."""
        arrived: list[bytes] = []
        while self._flying and self._flying[0][0] <= now:
            arrived.append(heapq.heappop(self._flying)[2])
        self.delivered += len(arrived)
        return arrived

    def wake_at(self) -> float | None:
        return self._flying[0][0] if self._flying else None

    def _fly(self, datagram: bytes, arrival: float) -> None:
        heapq.heappush(self._flying, (arrival, next(self._order), datagram))


class Ticking(Protocol):
    """Simulated time, or an event loop's."""

    @property
    def now(self) -> float: ...

    def call_at(self, at: float, action: Callable[[], None]) -> None: ...


class Path:
    """A link on a clock: each datagram reaches `deliver` at its time."""

    def __init__(self, clock: Ticking, link: Link, deliver: Callable[[bytes], None]) -> None:
        self._clock = clock
        self.link = link
        self.deliver = deliver
        self._wake_at: float | None = None

    def send(self, datagram: bytes) -> None:
        self.link.send(datagram, self._clock.now)
        self._await_next()

    def _arrive(self, at: float) -> None:
        if at != self._wake_at:
            return  # somebody overtook
        self._wake_at = None
        for datagram in self.link.receive(self._clock.now):
            self.deliver(datagram)
        self._await_next()

    def _await_next(self) -> None:
        """One timer at a time, or a link that is never empty would gather one for every datagram."""
        wake_at = self.link.wake_at()
        if wake_at is not None and (self._wake_at is None or wake_at < self._wake_at):
            self._wake_at = wake_at
            self._clock.call_at(wake_at, partial(self._arrive, wake_at))
