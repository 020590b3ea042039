"""Waiting for sockets, where a lonely packet pays for every object that is made on the way.

Python's `selectors` makes a key and two tuples of each event; at one packet a wake-up that was a twentieth of all that
the forwarder did.  So on Linux what it registered is waited for by epoll itself.
"""

from __future__ import annotations

import os
import select
import selectors
import sys
from typing import Any, Protocol

_AT_ONCE = 16
"""Told of in one wait: Python makes room for a thousand otherwise."""


class Source(Protocol):
    def fileno(self) -> int: ...


class Poller:
    """Everything registered is watched for reading; what is asked for, for writing too."""

    def __init__(self, portable: bool) -> None:
        """`portable`: by `select`, which every system has."""
        self._selector = selectors.SelectSelector() if portable else selectors.DefaultSelector()
        self._sources: dict[int, Source] = {}
        self._epoll: Any = None
        if sys.platform == "linux" and isinstance(self._selector, selectors.EpollSelector):
            self._epoll = select.epoll.fromfd(os.dup(self._selector.fileno()))

    def register(self, source: Source) -> None:
        self._sources[source.fileno()] = source
        self._selector.register(source.fileno(), selectors.EVENT_READ)

    def unregister(self, source: Source) -> None:
        """While it is still open."""
        self._selector.unregister(source.fileno())
        del self._sources[source.fileno()]

    def watch_writing(self, source: Source, writing: bool) -> None:
        also = selectors.EVENT_WRITE if writing else 0
        self._selector.modify(source.fileno(), selectors.EVENT_READ | also)

    def wait(self, seconds: float) -> list[Source]:
        """Those that are ready, after at most so long."""
        if self._epoll is not None:
            return [self._sources[number] for number, _ in self._epoll.poll(seconds, _AT_ONCE)]
        return [self._sources[key.fd] for key, _ in self._selector.select(seconds)]

    def close(self) -> None:
        if self._epoll is not None:
            self._epoll.close()
        self._selector.close()
