"""What a meeting decides about sound and picture, done by the forwarder, by handshakes and by inference.

What these report goes to the conference, not through here.
"""

from __future__ import annotations

from typing import Protocol

from sfu.core.effects import (
    CloseMedia,
    CloseStream,
    Effect,
    Evidence,
    Instruct,
    OpenCheck,
    OpenMedia,
    OpenSight,
    OpenStream,
    PrepareCheck,
    TuneStream,
    Tuning,
    WeighCheck,
)
from sfu.host.handshakes import Handshakes
from sfu.link import messages as link


class Forwarder(Protocol):
    def order(self, order: link.Order) -> None: ...


class Streams(Protocol):
    """Where consented speech is captioned, and consented faces are read."""

    def open(self, stream: str, tuning: Tuning) -> None: ...

    def tune(self, stream: str, tuning: Tuning) -> None: ...

    def look(self, stream: str) -> None: ...

    def prepare_check(self) -> None: ...

    def check(self, stream: str) -> None: ...

    def weigh(self, stream: str, evidence: Evidence) -> None: ...

    def close(self, stream: str) -> None: ...


class Machinery:
    def __init__(self, forwarder: Forwarder, handshakes: Handshakes, streams: Streams) -> None:
        self._forwarder = forwarder
        self._handshakes = handshakes
        self._streams = streams

    def do(self, effect: Effect) -> None:
        """Nothing when it is about something else."""
        match effect:
            case Instruct(order):
                self._forwarder.order(order)
            case OpenMedia(peer):
                self._forwarder.order(peer)
                self._handshakes.begin(effect)
            case CloseMedia(peer):
                self._forwarder.order(link.RemovePeer(peer=peer))
                self._handshakes.end(peer)
            case OpenStream(stream, tuning):
                self._streams.open(stream, tuning)
            case TuneStream(stream, tuning):
                self._streams.tune(stream, tuning)
            case OpenSight(stream):
                self._streams.look(stream)
            case PrepareCheck():
                self._streams.prepare_check()
            case OpenCheck(stream):
                self._streams.check(stream)
            case WeighCheck(stream, evidence):
                self._streams.weigh(stream, evidence)
            case CloseStream(stream):
                self._streams.close(stream)
