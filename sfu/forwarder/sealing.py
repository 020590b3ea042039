# cython: wraparound=False, boundscheck=False
"""Sealing and sending on cores of their own: what one core of the forwarder cannot do for a meeting of a hundred.

The forwarder's thread decides everything and lays packets out (`sfu.core.trays`).  A sealer takes whole trays, in
their order, encrypts what is in them and sends it.  It knows packets, keys and addresses and nothing else, makes no
Python object and never takes Python's lock, so compiled it is as good as a process of its own; and because it is none,
no key leaves the process, nothing has to be cleaned up after it, and who kills the forwarder kills it too.

Each subscriber's pictures go by one sealer, so they leave in their order, and no two use one context of libsrtp.  A
tray is either the forwarder's or the sealer's: two locks, each handed from one to the other, say whose.  When all of a
sealer's trays are away the forwarder waits for the first to come back, as it waits for libsrtp and the kernel where
there are no sealers.  A few packets are not worth waking anybody for: the forwarder seals them itself while the sealer
has nothing, so small meetings and lonely packets go as they always did.
"""

from __future__ import annotations

import threading
from array import array
from collections import deque
from typing import Any

from sfu.core.outbox import TRAYS, Outbox, Run
from sfu.core.trays import Tray
from sfu.forwarder.batches import MESSAGE, Rows, address_of, functions
from sfu.forwarder.roads import Roads
from sfu.forwarder.srtp import sealing_function

try:
    import cython
except ImportError:  # nothing needs Cython to run
    import sfu.core.interpreted as cython

if not cython.compiled:
    from sfu.forwarder.calls import (
        clock_function,
        make_lock,
        nanoseconds,
        release,
        seal,
        send_many,
        take,
        wipe,
        word,
    )

ROWS = 512
"""Runs that a sealer sends of one tray by one socket."""
# So many are sealed and sent in some 40 µs; to wake a thread takes as long, and costs both a few.
FEW = 32
# Recognisers and the window need cores too; one sealer is enough for the first 400,000 packets a second.
_CORES_EACH, _MOST = 4, 3
_SIZE_BITS, _SIZE_MASK = 16, 0xFFFF
_TRAYS, _ROWS, _MESSAGE = TRAYS, ROWS, MESSAGE

Span = tuple[float, float]
"""When packets were laid out, and when the last of them had left."""


def how_many(cores: int) -> int:
    """Sealers for a computer of so many."""
    return min(_MOST, cores // _CORES_EACH)


class Sealer:
    """One thread and its trays, which go round."""

    def __init__(self, outbox: Outbox, lane: int, roads: Roads) -> None:
        self._outbox, self._lane, self._roads = outbox, lane, roads
        self._trays: list[Tray] = outbox.lanes[lane]
        self._place = 0
        """The tray that is being filled."""
        self._away: deque[int] = deque()
        """Those that the sealer has, in their order."""
        self._began = [0.0] * TRAYS
        self._spans: list[Span] = []
        self._kept: list[Any] = []
        self._ways = list(roads.udp.values())
        self._kinds = {kind: way for way, kind in enumerate(roads.udp)}
        self._width = len(self._ways)
        self._rows: list[Rows] = [udp.rows(ROWS) for _ in range(TRAYS) for udp in self._ways]
        self._laid: list[list[Run]] = [[] for _ in self._rows]
        """By tray and socket: what its rows are made of."""
        self._prepare()
        self._over = False
        self._thread = threading.Thread(target=self._run, name=f"sealer.{lane}", daemon=True)
        self._thread.start()

    def _prepare(self) -> None:
        """What the thread reads, as numbers."""
        self._arena = address_of(self._outbox.arena, self._kept)
        self._function, self._sending, self._clock = sealing_function(), functions()[1], clock_function()
        self._unsealed = array("Q", [address_of(tray.unsealed, self._kept) for tray in self._trays])
        self._packets, self._ended, self._failed = (array("q", bytes(8 * TRAYS)) for _ in range(3))
        self._fds = array("q", [udp.fileno() for udp in self._ways])
        self._messages = array("Q", [rows.at for rows in self._rows])
        self._counts = array("q", bytes(8 * len(self._rows)))
        self._errors = array("q", bytes(8 * ROWS * len(self._rows)))
        self._ready = array("Q", [make_lock() for _ in self._trays])
        self._done = array("Q", [make_lock() for _ in self._trays])

    # -- the forwarder's thread ------------------------------------------------------------------------------

    def hand_over(self, began: float) -> None:
        """What was laid out at `began` is sealed and leaves; from now on the next tray is filled."""
        place, tray = self._place, self._trays[self._place]
        if not tray.runs:
            return
        self._began[place], self._packets[place] = began, tray.count
        if not self._lay_out(place, tray):
            while self._away:
                self._take_back(True)
            self._work(place)
            self._roads.send(tray.runs)
            self._finish(place)
        elif tray.count < FEW and not self._away:
            self._work(place)
            self._finish(place)
        else:
            self._away.append(place)
            release(self._ready[place])
            self._place = (place + 1) % TRAYS
            self._outbox.trays[self._lane] = self._trays[self._place]

    def collect(self) -> list[Span]:
        """Takes back what has left, so that the next tray can be filled; waits for it if need be."""
        while self._away and self._take_back(len(self._away) == TRAYS):
            pass
        spans, self._spans = self._spans, []
        return spans

    def close(self) -> None:
        """All that was handed over has left when this returns."""
        while self._away:
            self._take_back(True)
        self._over = True
        release(self._ready[self._place])
        self._thread.join()

    def _take_back(self, wait: bool) -> bool:
        place = self._away[0]
        if not take(self._done[place], False):
            if not wait:
                return False
            with cython.nogil:  # a sealer that has only just been started needs Python once
                take(self._done[place], True)
        self._away.popleft()
        self._finish(place)
        return True

    def _finish(self, place: int) -> None:
        """The tray is ours again; what the system refused is told to its socket, which may send it otherwise."""
        if self._failed[place]:
            self._failed[place] = 0
            for way, udp in enumerate(self._ways):
                table = place * self._width + way
                for row, run in enumerate(self._laid[table]):
                    error = self._errors[_ROWS * table + row]
                    if error:
                        self._errors[_ROWS * table + row] = 0
                        udp.refused(run, error)
        self._spans.append((self._began[place], self._ended[place] / 1e9))
        self._trays[place].clear()

    def _lay_out(self, place: int, tray: Tray) -> bool:
        """Makes rows of the tray's runs; False: there are too many, or some go by a connection."""
        begin = place * self._width
        for way in range(self._width):
            self._counts[begin + way] = 0
            self._laid[begin + way].clear()
        for run in tray.runs:
            way = self._kinds.get(len(run[0]), -1)
            if way < 0 or self._counts[begin + way] == _ROWS:
                for clear in range(self._width):
                    self._counts[begin + clear] = 0
                return False
            table = begin + way
            rows = self._rows[table]
            rows.lay_out(self._counts[table], run)
            self._laid[table].append(run)
            self._counts[table] += 1
        return True

    # -- the sealer's ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        with cython.nogil:
            self._serve()

    def _serve(self) -> None:
        place = 0
        while True:
            take(self._ready[place], True)
            if self._over:
                return
            self._work(place)
            release(self._done[place])
            place = (place + 1) % _TRAYS

    def _work(self, place: int) -> None:
        """Seals and sends a tray.  What cannot be sealed leaves as zeros, which are nothing in any protocol."""
        unsealed = self._unsealed[place]
        for index in range(self._packets[place]):
            where = word(unsealed, 2 * index + 1)
            at, size = self._arena + (where >> _SIZE_BITS), where & _SIZE_MASK
            if seal(self._function, word(unsealed, 2 * index), at, size):
                wipe(at, size)
        for way in range(self._width):
            table = place * self._width + way
            count, done = self._counts[table], 0
            while done < count:
                sent = send_many(self._sending, self._fds[way], self._messages[table] + _MESSAGE * done, count - done)
                if sent <= 0:
                    self._errors[_ROWS * table + done] = -sent
                    self._failed[place] += 1
                    sent = 1
                done += sent
        self._ended[place] = nanoseconds(self._clock)


class Sealers:
    """All of them; none is fine."""

    def __init__(self, outbox: Outbox, roads: Roads) -> None:
        """As many as `outbox` has lanes."""
        self._sealers = [Sealer(outbox, lane, roads) for lane in range(len(outbox.lanes))]

    def collect(self) -> list[Span]:
        """Call it before packets are laid out; what it returns has left by now."""
        return [span for sealer in self._sealers for span in sealer.collect()]

    def hand_over(self, began: float) -> None:
        for sealer in self._sealers:
            sealer.hand_over(began)

    def close(self) -> None:
        for sealer in self._sealers:
            sealer.close()
