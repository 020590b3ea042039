"""What one forwarded packet costs: one publisher, ten subscribers, loopback, real SRTP, the real process.

The publisher sends VP8 packets as fast as the forwarder's socket buffer takes them (`--pps` for a fixed rate); each
subscriber is a socket of its own, one in a hundred of its packets is decrypted and compared with what was sent.
Figures are the forwarder's own user + system time from its snapshots, divided by the packets it sent; on loopback
that includes the receivers' way through the kernel.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from pylibsrtp import Policy, Session

from sfu.link import messages as link
from sfu.link.channel import Channel
from sfu.rtp import stun
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.vp8 import Descriptor

VP8, RTX = 96, 97
EXTENSIONS = link.Extensions(mid=1, absolute_send_time=3, transport_cc=4)
PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
PUBLISHER_SSRC = 77
SAMPLE_EVERY = 100
SHORT = ["--seconds", "4"]


class Peer:
    """A socket that has passed its check and has keys."""

    def __init__(self, bench: Bench, number: int) -> None:
        self.name = f"p{number}"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        send_key, receive_key = bytes([number]) * 28, bytes([number, 1]) * 14
        self.protect = Session(Policy(receive_key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILE))
        self.open = Session(Policy(send_key, Policy.SSRC_ANY_INBOUND, srtp_profile=PROFILE))
        publishes = number == 0
        camera = link.SourceLine(source=f"{self.name}/camera", mid="1", kind="video", ssrc=PUBLISHER_SSRC + number)
        slot = link.SlotLine(mid="v0", kind="video", ssrc=5000 + number, rtx_ssrc=6000 + number)
        bench.channel.send(
            link.AddPeer(
                peer=self.name, ufrag=f"u{number}", pwd="secret", remote_ufrag="r", extensions=EXTENSIONS,
                payload_types=link.PayloadTypes(vp8=VP8, vp8_rtx=RTX), sources=[camera], slots=[slot],
            )
        )  # fmt: skip
        self._check(f"u{number}:r", bench.address)
        bench.channel.send(
            link.SetKeys(peer=self.name, profile="AEAD_AES_128_GCM", send_key=send_key, receive_key=receive_key)
        )
        bench.channel.send(link.SetSending(peer=self.name, sources=[camera.source] if publishes else []))
        if not publishes:
            view = link.View(source="p0/camera", width=640, height=360, priority=8)
            bench.channel.send(link.SetViews(peer=self.name, views=[view]))

    def _check(self, username: str, address: tuple[str, int]) -> None:
        attributes = {int(stun.Attribute.USERNAME): username.encode(), int(stun.Attribute.USE_CANDIDATE): b""}
        request = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)
        for _ in range(50):
            self.socket.sendto(stun.serialize(request, b"secret"), address)
            if select.select([self.socket], [], [], 0.1)[0]:
                return
        raise TimeoutError("the forwarder answers no check")


class Bench:
    """The forwarder process, its link, and its newest snapshot."""

    def __init__(self, folder: str) -> None:
        ours, theirs = socket.socketpair()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        self.address = udp.getsockname()
        command = [sys.executable, "-m", "sfu.forwarder", "--link-fd", str(theirs.fileno())]
        command += ["--udp-fd", str(udp.fileno()), "--tap", f"ipc://{folder}/tap"]
        self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(), udp.fileno()))
        theirs.close()
        udp.close()
        self.channel: Channel[link.Event] = Channel(ours, link.EVENT)
        self.compiled = self._ready().compiled

    def _ready(self) -> link.Ready:
        while True:
            select.select([self.channel], [], [], 10)
            for event in self.channel.receive():
                if isinstance(event, link.Ready):
                    return event

    def snapshots(self, seconds: float) -> list[link.Snapshot]:
        """Those that come within the next `seconds`."""
        found: list[link.Snapshot] = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if select.select([self.channel], [], [], 0.05)[0]:
                found += [event for event in self.channel.receive() if isinstance(event, link.Snapshot)]
        return found

    def close(self) -> None:
        self.channel.close()
        self.process.wait(5)


class Load(threading.Thread):
    """The publisher: packets that are valid, made ahead, sent at a rate or as fast as they go."""

    def __init__(self, peer: Peer, address: tuple[str, int], size: int, pps: int) -> None:
        super().__init__(daemon=True)
        self.payload = os.urandom(size)
        self.stop = threading.Event()
        self._peer, self._address, self._pps = peer, address, pps

    def run(self) -> None:
        began = time.monotonic()
        sent = 0
        while not self.stop.is_set():
            if self._pps and sent > (time.monotonic() - began) * self._pps:
                time.sleep(0.0005)
                continue
            head = Descriptor(start=True, picture_id=sent & 0x7FFF).serialize()
            body = head + (b"\0" if sent % 300 == 0 else b"\1") + self.payload
            packet = RtpPacket(VP8, sent & 0xFFFF, (3000 * sent) & 0xFFFFFFFF, PUBLISHER_SSRC, body, marker=True)
            self._peer.socket.sendto(self._peer.protect.protect(packet.serialize()), self._address)
            sent += 1


class Sink(threading.Thread):
    """All subscribers: reads everything, verifies a sample."""

    def __init__(self, peers: list[Peer], payload: bytes) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.received = self.bad_samples = self.samples = 0
        self._peers, self._payload = {peer.socket: peer for peer in peers}, payload

    def run(self) -> None:
        while not self.stop.is_set():
            for sock in select.select(list(self._peers), [], [], 0.05)[0]:
                for _ in range(32):
                    try:
                        data = sock.recv(2048, socket.MSG_DONTWAIT)
                    except BlockingIOError:
                        break
                    self._look(self._peers[sock], data)

    def _look(self, peer: Peer, data: bytes) -> None:
        if classify(data) is not Datagram.RTP:
            return
        self.received += 1
        if self.received % SAMPLE_EVERY == 0:
            self.samples += 1
            packet = RtpPacket.parse(peer.open.unprotect(data))
            self.bad_samples += not packet.payload.endswith(self._payload)


def run(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench forward")
    parser.add_argument("--subscribers", type=int, default=10)
    parser.add_argument("--size", type=int, default=1050, help="bytes of payload")
    parser.add_argument("--pps", type=int, default=0, help="packets a second in; 0: as fast as they go")
    parser.add_argument("--seconds", type=float, default=6.0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        try:
            return _measure(bench, options)
        finally:
            bench.close()


def _measure(bench: Bench, options: argparse.Namespace) -> dict[str, Any]:
    publisher, *subscribers = [Peer(bench, number) for number in range(options.subscribers + 1)]
    load = Load(publisher, bench.address, options.size, options.pps)
    sink = Sink(subscribers, load.payload)
    sink.start()
    load.start()
    snapshots = bench.snapshots(options.seconds)
    load.stop.set()
    sink.stop.set()
    load.join()
    sink.join()
    first, last = snapshots[1], snapshots[-1]
    forwarded, received = last.forwarded - first.forwarded, last.received - first.received
    cpu = last.cpu_s - first.cpu_s
    return {
        "us_per_forwarded": round(cpu / max(forwarded, 1) * 1e6, 2),
        "us_per_received": round(cpu / max(received, 1) * 1e6, 2),
        "forwarded_per_s": round(forwarded / (last.at - first.at)),
        "cores": round(cpu / (last.at - first.at), 3),
        "samples": sink.samples,
        "bad_samples": sink.bad_samples,
        "compiled": bench.compiled,
    }
