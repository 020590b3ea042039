"""A stay over sockets that die: the host's correspondence and the client's place on a virtual clock.

Each socket delivers in order and late, and dies at a moment of its own with all that it carries.  Whatever dies when,
both sides hear all that the other said, in order and each once.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from app.engine.place import Place
from sfu.core import frames
from sfu.core.correspondence import Correspondence, Letter
from sfu.wire import messages as wire
from tests.engine.fake_host import WELCOME
from tests.sim.clock import Clock

KEY = "k" * 24
LATENCY = 0.05


class Socket:
    """Two directions, each in order; once it is dead nothing more comes out."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._last = {"up": 0.0, "down": 0.0}
        self.alive = True

    def carry(self, way: str, deliver: Callable[[], None]) -> None:
        at = max(self._last[way], self._clock.now + LATENCY * self._random.random())
        self._last[way] = at
        self._clock.call_at(at, lambda: deliver() if self.alive else None)


class Host:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.letters = Correspondence()
        self.socket: Socket | None = None
        self.client: Client
        self.said: list[str] = []
        self.heard: list[str] = []
        self.count = 0

    def say(self, text: str) -> None:
        self.said.append(text)
        self.letters.put(wire.Notice(code="test", sentence=text))
        self.letters.put(wire.Speaking(participants=["p1"]))
        self.pump()

    def pump(self) -> None:
        while self.socket is not None and (letter := self.letters.take()) is not None:
            self._send(letter)

    def _send(self, letter: Letter) -> None:
        assert self.socket is not None
        frame, socket = frames.written(letter), self.socket
        socket.carry("down", lambda: self.client.hear(socket, wire.HOST.validate_json(frame)))

    def hear(self, socket: Socket, message: wire.ClientMessage) -> None:
        if isinstance(message, wire.Resume):
            self.letters.resume(message.seen, message.media)
            self.socket = socket
            answer = wire.Resumed(you="p1", media=message.media, heard=self.count, now=self._clock.now)
            self._send(Letter(answer, None))
            self.pump()
        elif socket is self.socket:
            self._obey(message)

    def _obey(self, message: wire.ClientMessage) -> None:
        if isinstance(message, wire.Ping):
            self._send(Letter(wire.Pong(n=message.n, now=0, heard=self.count), None))
            return
        self.count += 1
        if isinstance(message, wire.Say):
            self.heard.append(message.text)


class Client:
    def __init__(self, clock: Clock, host: Host, random: Random) -> None:
        self._clock = clock
        self._host = host
        self._random = random
        self._place = Place(WELCOME.model_copy(update={"key": KEY}))
        self._socket: Socket | None = None
        self._live = False
        self.said: list[str] = []
        self.heard: list[str] = []

    def connect(self, media: bool = True) -> None:
        socket = self._socket = Socket(self._clock, self._random)
        self._carry(socket, self._place.ticket(media))

    def cut(self) -> None:
        """We notice, the host need not."""
        if self._socket is not None:
            self._socket.alive = self._live = False
            self._socket = None
            media = self._random.random() < 0.7
            self._clock.call_at(self._clock.now + self._random.random(), lambda: self.connect(media))

    def say(self, message: wire.ClientMessage) -> None:
        if isinstance(message, wire.Say):
            self.said.append(message.text)
        self._place.say(message)
        if self._live and self._socket is not None:
            self._carry(self._socket, message)

    def ping(self) -> None:
        if self._live and self._socket is not None:
            self._carry(self._socket, wire.Ping(n=1))

    def hear(self, socket: Socket, message: wire.HostMessage) -> None:
        assert socket is self._socket
        assert self._place.is_news(message)
        if isinstance(message, wire.Resumed):
            for missing in self._place.resumed(message):
                self._carry(socket, missing)
            self._live = True
        elif isinstance(message, wire.Notice):
            self.heard.append(message.sentence)

    def _carry(self, socket: Socket, message: wire.ClientMessage) -> None:
        socket.carry("up", lambda: self._host.hear(socket, message))


@pytest.mark.parametrize("seed", range(30))
def test_whatever_dies_when_both_sides_hear_all_in_order_and_once(seed: int) -> None:
    clock, random = Clock(), Random(seed)
    host = Host(clock)
    client = host.client = Client(clock, host, random)
    client.connect()
    for n in range(300):
        at = 20 * random.random()
        clock.call_at(at, lambda n=n: host.say(f"host {n}"))  # type: ignore[misc]
        clock.call_at(at + 0.01, lambda n=n: client.say(wire.Say(text=f"client {n}")))  # type: ignore[misc]
        if n % 10 == 0:
            clock.call_at(at, lambda: client.say(wire.Offer(sdp="v=0")))
        if n % 15 == 0:
            clock.call_at(at, client.cut)
    clock.every(0.5, client.ping)

    clock.run(until=30)

    assert client.heard == host.said
    assert host.heard == client.said
    assert len(client.said) == len(host.said) == 300
