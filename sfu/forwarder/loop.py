"""The forwarder's one loop: wait, take everything in, let the core judge, send everything out.

No asyncio: a wake-up costs a third of what it costs there, and there is nothing here to wait for but two sockets and
a time.  The loop ends when the control process says Stop, or the process is told to terminate; it never ends because of
what came over the network.  A control process that is suddenly gone may be back in a moment: until then packets go on
as they did, nobody is waited for longer than `ADOPTION_S`, and those whom the new one does not know stay a little
longer, so that everybody has time to join again before the last picture of them is gone.
"""

from __future__ import annotations

import contextlib
import functools
import mmap
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sfu.core.forward import COMPILED
from sfu.core.ledger import Ledger
from sfu.core.media import MediaPlane
from sfu.core.statistics import ProcessUsage, snapshot
from sfu.forwarder.door import Door
from sfu.forwarder.poller import Poller, Source
from sfu.forwarder.roads import Roads
from sfu.forwarder.sealing import Sealers
from sfu.forwarder.srtp import LibSrtp
from sfu.forwarder.tap import TapeSocket, TapSocket
from sfu.forwarder.udp import takes_batches
from sfu.link.channel import Channel, LinkClosed
from sfu.link.handover import Handed
from sfu.link.messages import ORDER, Begin, Order, Ready, RemovePeer, Stop

SNAPSHOT_EVERY = 1.0
# Where one cannot tell of everybody the next comes sooner, and each keeps packets waiting for less.
NEXT_PART_AFTER = 0.1
# Without a core that is due earlier; the snapshot is due every second anyway.
LONGEST_WAIT = 1.0
# The control process names everybody within milliseconds; should it not, newcomers must not wait for ever.
PATIENCE_S = 2.0
# To start a control process takes one second, or five where everybody else wants the processor too.
ADOPTION_S = 15.0
# Clients try again within a second of the new control process' first answer; then they are here under another name.
ORPHANS_S = 10.0
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Sockets:
    """As they were inherited: UDP bound, one a family; `door` where the system can hand over sockets."""

    link: socket.socket
    udp: Sequence[socket.socket]
    door: socket.socket | None = None
    portable: bool = False
    """Only what every system has: `select` and one datagram a call."""


@dataclass(frozen=True, slots=True)
class Ends:
    """ZeroMQ endpoints of those who take what is tapped."""

    inference: str
    recorder: str


class Loop:
    """Owns all sockets, the taps and the core."""

    def __init__(self, sockets: Sockets, taps: Ends, ledger: Ledger, sealers: int = 0) -> None:
        """`sealers`: threads that seal and send, where the sockets allow it."""
        lanes = sealers if not sockets.portable and all(takes_batches(sock) for sock in sockets.udp) else 0
        make_cipher = functools.partial(LibSrtp, late=bool(lanes))
        self._plane = MediaPlane(make_cipher, secrets.randbelow, ledger, lanes)
        self._listen_at: float | None = time.monotonic() + PATIENCE_S if ledger.life > 1 else 0.0
        self._link: Channel[Order] | None = Channel(sockets.link, ORDER)
        self._next_link: socket.socket | None = None
        self._orphaned_at = 0.0
        self._orphans: list[str] = []
        incoming, outgoing = self._plane.forwarder.received_arena, self._plane.outbox.arena
        self._roads = Roads(sockets.udp, incoming, outgoing, sockets.portable)
        self._sealers = Sealers(self._plane.outbox, self._roads)
        self._poller = Poller(sockets.portable)
        self._door = Door(sockets.door) if sockets.door is not None else None
        self._tap = TapSocket(taps.inference)
        self._tape = TapeSocket(taps.recorder)
        self._stopping = False
        self._link_full = False
        self._snapshot_at = 0.0
        self._told = 0

    def run(self) -> None:
        """Until Stop, SIGTERM or the end of all links; everything is closed by the time this returns."""
        with contextlib.ExitStack() as ending:
            ending.callback(self._roads.close)
            ending.callback(self._sealers.close)
            ending.callback(self._tap.close)
            ending.callback(self._tape.close)
            ending.callback(self._close_link)
            if self._door is not None:
                ending.callback(self._door.close)
            signalled = ending.enter_context(_wakes_on_signals())
            ending.callback(self._poller.close)
            for readable in (self._link, signalled, self._door):
                if readable is not None:
                    self._poller.register(readable)
            self._introduce()
            while not self._stopping:
                self._listen()
                ready = self._poller.wait(self._patience())
                self._stopping |= signalled in ready
                if self._door is not None and self._door in ready:
                    self._take_over(self._door)
                try:
                    self._turn(ready)
                except LinkClosed:
                    self._lose_link()
                if self._link is None:
                    self._await_adoption()

    # -- control processes -----------------------------------------------------------------------------------

    def _introduce(self) -> None:
        assert self._link is not None
        try:
            self._link.send(Ready(pid=os.getpid(), compiled=COMPILED))
            self._watch_link()
        except LinkClosed:
            self._lose_link()

    def _lose_link(self) -> None:
        assert self._link is not None
        self._poller.unregister(self._link)
        self._close_link()
        self._orphaned_at = time.monotonic()
        self._link_full = False
        self._plane.taps.clear()  # nobody is there any more whose consent could be withdrawn

    def _await_adoption(self) -> None:
        """Another control process, or the end: without a door there cannot be another."""
        now = time.monotonic()
        if self._next_link is None:
            self._stopping |= self._door is None or now - self._orphaned_at > ADOPTION_S
            return
        link, self._next_link = self._next_link, None
        self._link = Channel(link, ORDER)
        self._poller.register(self._link)
        self._orphaned_at = now
        self._orphans = [peer.id for peer in self._plane.peers]
        self._introduce()

    def _let_go(self, now: float) -> None:
        """Peers of an earlier control process, once they have had time to come again."""
        for peer in self._orphans:
            self._plane.order(RemovePeer(peer=peer), now)
        self._orphans = []

    def _close_link(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    def _listen(self) -> None:
        """What came while nobody was here waits in the socket until we know again from whom it is."""
        if self._listen_at is not None and time.monotonic() >= self._listen_at:
            self._listen_at = None
            self._roads.register(self._poller)

    def _take_over(self, door: Door) -> None:
        for what, sock in door.handed():
            if what is Handed.CONNECTION:
                self._roads.streams.take_over(sock, time.monotonic())
                continue
            if self._next_link is not None:
                self._next_link.close()
            self._next_link = sock

    def _patience(self) -> float:
        due = self._plane.wake_at()
        at = self._snapshot_at if due is None else min(due, self._snapshot_at)
        if self._listen_at is not None:
            at = min(at, self._listen_at)
        elif self._roads.waiting:
            return 0.0
        return min(max(at - time.monotonic(), 0.0), LONGEST_WAIT)

    def _watch_link(self) -> None:
        """Asks to be woken when the link can be written again, while there is something to write."""
        assert self._link is not None
        if self._link.wants_write != self._link_full:
            self._link_full = self._link.wants_write
            self._poller.watch_writing(self._link, self._link_full)

    def _turn(self, ready: list[Source]) -> None:
        """One wake-up for those that are ready: orders, datagrams, judgement, departures, news."""
        plane = self._plane
        now = time.monotonic()
        if self._orphans and self._link is not None and now - self._orphaned_at > ORPHANS_S:
            self._let_go(now)
        for order in self._link.receive() if self._link is not None and self._link in ready else ():
            if isinstance(order, Stop):
                self._stopping = True
            elif isinstance(order, Begin) and self._listen_at is not None:
                self._listen_at = 0.0
            plane.order(order, now)
        if self._listen_at is None:
            self._roads.receive(ready, plane, now)
        plane.poll(now)
        more = True
        while more:
            for began, ended in self._sealers.collect():
                plane.sent(began, ended)
            began = time.monotonic()
            more = plane.flush(began)
            self._roads.send(plane.outbox.runs)
            plane.sent(began, time.monotonic())
            self._sealers.hand_over(began)
        if plane.taps.chunks:
            self._tap.push(plane.taps.chunks)
        if plane.taps.recorded:
            self._tape.push(plane.taps.recorded, now)
        self._tell(now)

    def _tell(self, now: float) -> None:
        events = self._plane.events
        if now >= self._snapshot_at:
            self._roads.expire(now)
            told = snapshot(self._plane, _usage(), now, self._told)
            self._snapshot_at = now + (NEXT_PART_AFTER if told.others else SNAPSHOT_EVERY)
            self._told += len(told.peers)
            events.append(told)
        if self._link is None:
            events.clear()  # whoever comes next begins with nobody, and is told what happens from then on
            return
        if not events and not self._link_full:
            return
        try:
            for event in events:
                self._link.send(event)
            self._link.flush()
            self._watch_link()
        finally:
            events.clear()


def _usage() -> ProcessUsage:
    try:
        resident = int(_STATM.read_text().split()[1]) * mmap.PAGESIZE
    except OSError:  # no /proc
        import psutil  # 25 ms of every start, and few systems need it

        resident = psutil.Process().memory_info().rss
    return ProcessUsage(time.process_time(), time.thread_time(), resident / (1 << 20))


@contextlib.contextmanager
def _wakes_on_signals() -> Iterator[socket.socket]:
    """A socket that becomes readable when SIGTERM or SIGINT has come: Python's own handlers wait for Python code."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    before = [(number, signal.signal(number, lambda *_: None)) for number in (signal.SIGTERM, signal.SIGINT)]
    old = signal.set_wakeup_fd(writing.fileno())
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(old)
        for number, handling in before:
            signal.signal(number, handling)
        reading.close()
        writing.close()
