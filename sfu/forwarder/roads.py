"""Every way in and out of a meeting: UDP by IPv4, UDP by IPv6, and connections of those to whom no UDP gets through.

An address says by its form which way leads to it, as the system writes it: two parts for IPv4, four for IPv6, three
for a connection.  Which way is best for somebody is ICE's decision, not ours.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from sfu.core.media import MediaPlane
from sfu.core.outbox import Run
from sfu.forwarder.poller import Poller, Source
from sfu.forwarder.streams import Streams
from sfu.forwarder.udp import Udp

_IPV4, _STREAM, _IPV6 = 2, 3, 4


class Roads:
    """Owns the sockets."""

    def __init__(
        self, sockets: Sequence[socket.socket], incoming: bytearray, outgoing: bytearray, portable: bool = False
    ) -> None:
        """`sockets`: UDP, one a family.  What comes is laid into one arena, what goes lies in the other."""
        self.udp = {
            _IPV6 if sock.family == socket.AF_INET6 else _IPV4: Udp(sock, incoming, outgoing, portable)
            for sock in sockets
        }
        """By how many parts an address has that leads there."""
        self.streams = Streams(incoming)
        self._sockets = list(self.udp.values())
        self._connections = self.streams.by_address
        self._outgoing = memoryview(outgoing)
        self._portable = portable

    def register(self, poller: Poller) -> None:
        if not self._portable:   # then no connection is ever handed over
            poller.register(self.streams)
        for udp in self.udp.values():
            poller.register(udp)

    @property
    def waiting(self) -> bool:
        """Something is here already that no wait will tell of."""
        return bool(self._connections) and self.streams.waiting

    def receive(self, ready: list[Source], plane: MediaPlane, now: float) -> None:
        """Gives `plane` what has come by those that are ready: of each before the next, for they share an arena."""
        for udp in self._sockets:
            if udp in ready:
                plane.take(udp.receive(), now)
        if self._connections:
            plane.take(self.streams.receive(), now)

    def send(self, runs: list[Run]) -> None:
        if len(self._sockets) == 1 and not self._connections:
            self._sockets[0].send(runs)
            return
        for kind, udp in self.udp.items():
            udp.send([run for run in runs if len(run[0]) == kind])
        for run in runs:
            if len(run[0]) == _STREAM:
                self.streams.send(run, self._outgoing)

    def expire(self, now: float) -> None:
        self.streams.expire(now)

    def close(self) -> None:
        self.streams.close()
        for udp in self.udp.values():
            udp.close()
