"""The real forwarder process: real sockets, real SRTP, a few lines of client."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from pylibsrtp import Policy, Session

from sfu.link import messages as link
from sfu.link.channel import Channel
from sfu.link.handover import Handed
from sfu.rtp import stun
from sfu.rtp.packet import Datagram, RtpPacket, classify
from tests.bench.load import tcp_pair

pytestmark = pytest.mark.system

OPUS = 111
DEADLINE_S = 20.0
EventT = TypeVar("EventT", bound=link.Message)


@dataclass
class Process:
    process: subprocess.Popen[bytes]
    channel: Channel[link.Event]
    address: tuple[str, int]
    events: list[link.Event] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)

    def wait_for(self, kind: type[EventT]) -> EventT:
        until = time.monotonic() + DEADLINE_S
        while time.monotonic() < until:
            for event in self.events:
                if isinstance(event, kind):
                    self.events.remove(event)
                    return event
            if select.select([self.channel], [], [], 0.1)[0]:
                self.events += self.channel.receive()
        raise AssertionError(f"no {kind.__name__} within {DEADLINE_S} s")


@pytest.fixture(params=["native", "portable", "sealers"])
def forwarder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Process]:
    """`portable` is what runs on Windows: the link by TCP, `select`, one datagram a call."""
    portable = request.param == "portable"
    ours, theirs = tcp_pair() if portable else socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)  # so that it is soon full
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    command = [sys.executable, "-m", "sfu.forwarder", "--link-fd", str(theirs.fileno()), "--udp-fd", str(udp.fileno())]
    command += ["--tap", f"ipc://{tmp_path}/tap", "--ledger", str(tmp_path / "ledger")]
    command += {"native": [], "portable": ["--portable"], "sealers": ["--sealers", "2"]}[request.param]
    with subprocess.Popen(command, pass_fds=(theirs.fileno(), udp.fileno())) as process:
        theirs.close()
        started = Process(process, Channel(ours, link.EVENT), udp.getsockname())
        udp.close()
        try:
            started.wait_for(link.Ready)
            yield started
        finally:
            for open_socket in started.sockets:
                open_socket.close()
            started.channel.close()
            if process.poll() is None:
                process.terminate()


class Client:
    """One peer: its socket, its keys, its lines."""

    def __init__(self, forwarder: Process, name: str, ssrc: int) -> None:
        self.forwarder, self.name, self.ssrc = forwarder, name, ssrc
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        forwarder.sockets.append(self.socket)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(DEADLINE_S)
        send_key, receive_key = bytes([ssrc & 0xFF]) * 28, bytes([ssrc & 0xFF, 1]) * 14
        profile = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
        self.protect = Session(Policy(receive_key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
        self.open = Session(Policy(send_key, Policy.SSRC_ANY_INBOUND, srtp_profile=profile))
        microphone = link.SourceLine(source=f"{name}/microphone", mid="0", kind="audio", ssrc=ssrc)
        forwarder.channel.send(
            link.AddPeer(
                peer=name, ufrag=f"u{name}", pwd="secret", remote_ufrag="r", extensions=link.Extensions(mid=1),
                payload_types=link.PayloadTypes(opus=OPUS), sources=[microphone],
                slots=[link.SlotLine(mid="s0", kind="audio", ssrc=ssrc + 5_000)],
            )
        )  # fmt: skip
        self._check()
        forwarder.wait_for(link.PeerValidated)
        forwarder.channel.send(
            link.SetKeys(peer=name, profile="AEAD_AES_128_GCM", send_key=send_key, receive_key=receive_key)
        )
        forwarder.channel.send(link.SetSending(peer=name, sources=[f"{name}/microphone"]))

    def _check(self) -> None:
        """As ICE does, until answered: the order may still be on its way when the first check comes in."""
        attributes = {
            int(stun.Attribute.USERNAME): f"u{self.name}:r".encode(),
            int(stun.Attribute.USE_CANDIDATE): b"",
        }
        request = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)
        until = time.monotonic() + DEADLINE_S
        while not select.select([self.socket], [], [], 0.1)[0] and time.monotonic() < until:
            self.socket.sendto(stun.serialize(request, b"secret"), self.forwarder.address)
        assert classify(self.socket.recv(2048)) is Datagram.STUN

    def say(self, sequence: int, payload: bytes) -> None:
        packet = RtpPacket(OPUS, sequence, 960 * sequence, self.ssrc, payload)
        self.socket.sendto(self.protect.protect(packet.serialize()), self.forwarder.address)

    def hear(self) -> RtpPacket:
        while True:
            data = self.socket.recv(2048)
            if classify(data) is Datagram.RTP:
                return RtpPacket.parse(self.open.unprotect(data))


def test_a_voice_goes_in_under_one_key_and_comes_out_under_another(forwarder: Process) -> None:
    ana, ben = Client(forwarder, "ana", 1001), Client(forwarder, "ben", 2002)
    shown = forwarder.wait_for(link.SlotsChanged)

    ana.say(1, b"hello")
    first = ben.hear()
    ana.say(2, b"again")
    second = ben.hear()

    assert shown.peer in {"ana", "ben"}
    assert (first.payload, second.payload) == (b"hello", b"again")
    assert first.ssrc == 7002
    assert (second.sequence - first.sequence) & 0xFFFF == 1


def test_garbage_is_counted_and_harms_nobody(forwarder: Process) -> None:
    ana, ben = Client(forwarder, "ana", 1001), Client(forwarder, "ben", 2002)
    for first in range(256):
        ana.socket.sendto(bytes((first, 111)) * 40, forwarder.address)

    ana.say(1, b"hello")

    assert ben.hear().payload == b"hello"
    forwarder.events.clear()
    snapshot = forwarder.wait_for(link.Snapshot)
    assert next(peer for peer in snapshot.peers if peer.peer == "ana").malformed > 0


def test_it_ends_when_told_to(forwarder: Process) -> None:
    forwarder.channel.send(link.Stop())

    assert forwarder.process.wait(DEADLINE_S) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(forwarder: Process, number: signal.Signals) -> None:
    forwarder.process.send_signal(number)

    assert forwarder.process.wait(DEADLINE_S) == 0


def test_news_that_nobody_read_for_a_while_is_told_afterwards(forwarder: Process) -> None:
    ana = Client(forwarder, "ana", 1001)
    handshake = [bytes([22, 254, 253]) + bytes([number]) * 1200 for number in range(40)]
    for datagram in handshake:
        ana.socket.sendto(datagram, forwarder.address)

    time.sleep(0.5)  # nobody reads, and the link is full

    assert [forwarder.wait_for(link.Dtls).datagram for _ in handshake] == handshake
    read, meanwhile = time.monotonic(), 0
    while forwarder.wait_for(link.Snapshot).at < read:
        meanwhile += 1
    assert meanwhile < 5, "each part waited for the next news"


def test_without_a_control_process_it_goes_on_until_another_comes_and_lets_the_old_peers_go(tmp_path: Path) -> None:
    with left_behind(tmp_path) as (forwarder, door):
        ana, ben = Client(forwarder, "ana", 1001), Client(forwarder, "ben", 2002)
        forwarder.channel.close()
        ana.say(1, b"hello")
        assert ben.hear().payload == b"hello"

        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(door, [Handed.LINK.value], [theirs.fileno()])
        forwarder.channel = Channel(ours, link.EVENT)
        forwarder.events.clear()
        ready = forwarder.wait_for(link.Ready)
        cleo = Client(forwarder, "cleo", 3003)
        ana.say(2, b"again")

        assert ready.pid == forwarder.process.pid
        assert {ben.hear().payload, cleo.hear().payload} == {b"again"}
        forwarder.channel.send(link.Stop())
        assert forwarder.process.wait(DEADLINE_S) == 0


@contextmanager
def left_behind(folder: Path) -> Iterator[tuple[Process, socket.socket]]:
    """A forwarder that has a door, and our end of it."""
    ours, theirs = socket.socketpair()
    door, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with door, inner, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        fds = theirs.fileno(), udp.fileno(), inner.fileno()
        command = [sys.executable, "-m", "sfu.forwarder", "--link-fd", str(fds[0]), "--udp-fd", str(fds[1])]
        command += ["--door-fd", str(fds[2]), "--tap", f"ipc://{folder}/tap"]
        with subprocess.Popen(command, pass_fds=fds) as process:
            theirs.close()
            started = Process(process, Channel(ours, link.EVENT), udp.getsockname())
            started.wait_for(link.Ready)
            yield started, door
            started.channel.close()
            process.terminate()
        for open_socket in started.sockets:
            open_socket.close()


def test_it_ends_when_the_control_process_is_gone_and_none_can_come(forwarder: Process) -> None:
    forwarder.channel.close()

    forwarder.process.wait(DEADLINE_S)
