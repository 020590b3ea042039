"""What the media benches share: the forwarder as a process of its own, and a load made in C.

The load lives in this process, in threads that hold no lock of Python's while they run.  Peers join as they do in a
meeting: they are announced over the link, pass a connectivity check and get keys.  What is measured is the user and
system time of the forwarder's process, from its own snapshots; on loopback that includes the receivers' way through
the kernel.
"""

from __future__ import annotations

import contextlib
import ctypes as c
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from sfu.host.supervision import LARGE_PAGES
from sfu.link import messages as link
from sfu.link.channel import Channel
from sfu.rtp import stun

SOURCE = Path(__file__).with_name("load.c")
BUILT = Path(__file__).parents[3] / "build" / "bench" / "load.so"

VP8, RTX = 96, 97
EXTENSIONS = link.Extensions(mid=1, absolute_send_time=3, transport_cc=4)
PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
VERIFY_EVERY = 100
LATENCIES = 200_000
BUFFER = 4 << 20
_SO_RCVBUFFORCE = 33


class Publisher(c.Structure):
    _fields_ = (
        ("fd", c.c_int), ("seal", c.c_void_p), ("ssrc", c.c_uint32), ("fps", c.c_double), ("full", c.c_int),
        ("size", c.c_int), ("rest", c.c_int), ("vary", c.c_int), ("next", c.c_double), ("sequence", c.c_uint16),
        ("picture", c.c_uint16), ("frame", c.c_uint32), ("want", c.c_int), ("asked", c.c_int), ("most", c.c_int),
        ("asks", c.c_double * 8),
    )  # fmt: skip


class Subscriber(c.Structure):
    _fields_ = (
        ("fd", c.c_int), ("open", c.c_void_p), ("seal", c.c_void_p), ("ssrc", c.c_uint32), ("count", c.c_int),
        ("numbers", c.c_uint16 * 4096), ("times", c.c_int64 * 4096), ("feedback_count", c.c_uint8),
        ("asked", c.c_int), ("asked_ssrc", c.c_uint32 * 128), ("asked_sequence", c.c_uint16 * 128),
        ("feedback_at", c.c_double), ("report_at", c.c_double), ("first", c.c_double), ("publisher", c.c_int),
        ("media", c.c_uint32), ("sequence", c.c_uint16),
    )  # fmt: skip


class Load(c.Structure):
    _fields_ = (
        ("protect", c.c_void_p), ("unprotect", c.c_void_p), ("protect_rtcp", c.c_void_p),
        ("unprotect_rtcp", c.c_void_p), ("stop", c.c_int), ("pause", c.c_int), ("keyframes", c.c_int),
        ("publishers", c.c_int), ("subscribers", c.c_int),
        ("publisher", c.POINTER(Publisher)), ("subscriber", c.POINTER(Subscriber)), ("payload_type", c.c_int),
        ("mid_id", c.c_int), ("transport_id", c.c_int), ("time_id", c.c_int), ("saturate_fd", c.c_int),
        ("verify_every", c.c_int), ("feedback", c.c_int), ("sent", c.c_long), ("received", c.c_long),
        ("repeated", c.c_long), ("samples", c.c_long), ("bad", c.c_long), ("latencies", c.c_long),
        ("unsent", c.c_long), ("latency_room", c.c_long), ("latency", c.POINTER(c.c_double)),
        ("compound", c.c_int),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What one publisher sends: `fps` frames of `full` packets with `size` bytes and one with `rest` (0: none)."""

    fps: float
    full: int
    size: int
    rest: int = 0
    vary: bool = False
    """Frames of two to six equal packets and one of any size, drawn by chance."""


def library() -> c.CDLL:
    """The load, built if need be.  Raises LookupError where there is no C compiler."""
    if not BUILT.exists() or BUILT.stat().st_mtime < SOURCE.stat().st_mtime:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise LookupError("the load of this bench is written in C, and there is no compiler here")
        BUILT.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", BUILT, SOURCE], check=True)
    return c.CDLL(str(BUILT))


def function(name: str) -> int:
    return int(ffi.cast("uintptr_t", ffi.addressof(lib, name)))


def session(key: bytes, direction: int) -> Session:
    policy = Policy(key, direction, srtp_profile=PROFILE)
    policy.window_size = 1024
    return Session(policy)


def context(made: Session) -> int:
    return int(ffi.cast("uintptr_t", made._srtp[0]))


def bound(address: str = "127.0.0.1", buffer: int = BUFFER) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, buffer)
    sock.bind((address, 0))
    return sock


class Peer:
    """A socket with keys; announced to nobody yet."""

    def __init__(self, number: int, address: str = "127.0.0.1") -> None:
        self.number = number
        self.name = f"p{number}"
        self.camera = f"{self.name}/camera"
        self.ssrc = 100_000 + number
        self.socket = bound(address)
        mark = number.to_bytes(2, "big")
        self.take(b"\1" + mark * 13 + b"\1", b"\2" + mark * 13 + b"\2")

    def take(self, send_key: bytes, receive_key: bytes) -> None:
        """Keys and salts: `send_key` of what the forwarder sends here, `receive_key` of what it receives from here."""
        self.send_key, self.receive_key = send_key, receive_key
        self.sealing = session(receive_key, Policy.SSRC_ANY_OUTBOUND)
        self.reporting = session(receive_key, Policy.SSRC_ANY_OUTBOUND)
        self.opening = session(send_key, Policy.SSRC_ANY_INBOUND)

    def announce(self, channel: Channel[link.Event], slots: int) -> None:
        lines = [
            link.SlotLine(mid=f"v{at}", kind="video", ssrc=1_000_000 + 1000 * self.number + 2 * at,
                          rtx_ssrc=1_000_001 + 1000 * self.number + 2 * at)
            for at in range(slots)
        ]  # fmt: skip
        camera = link.SourceLine(source=self.camera, mid="1", kind="video", ssrc=self.ssrc)
        channel.send(
            link.AddPeer(
                peer=self.name, ufrag=f"u{self.number}", pwd="secret", remote_ufrag="r", extensions=EXTENSIONS,
                payload_types=link.PayloadTypes(vp8=VP8, vp8_rtx=RTX), sources=[camera], slots=lines,
            )
        )  # fmt: skip

    def check(self, address: tuple[str, int]) -> None:
        """Raises TimeoutError if the forwarder does not answer."""
        attributes = {int(stun.Attribute.USERNAME): f"u{self.number}:r".encode(),
                      int(stun.Attribute.USE_CANDIDATE): b""}  # fmt: skip
        request = stun.serialize(stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes), b"secret")
        for _ in range(100):
            self.socket.sendto(request, address)
            if select.select([self.socket], [], [], 0.1)[0]:
                self.socket.connect(address)
                return
        raise TimeoutError("the forwarder answers no check")

    def secure(self, channel: Channel[link.Event], publishes: bool, watches: Sequence[Peer]) -> None:
        channel.send(
            link.SetKeys(
                peer=self.name, profile="AEAD_AES_128_GCM", send_key=self.send_key, receive_key=self.receive_key
            )
        )
        channel.send(link.SetSending(peer=self.name, sources=[self.camera] if publishes else []))
        if watches:
            self.watch(channel, watches)

    def watch(self, channel: Channel[link.Event], others: Sequence[Peer]) -> None:
        views = [link.View(source=peer.camera, width=640, height=360, priority=8) for peer in others]
        channel.send(link.SetViews(peer=self.name, views=views))


class Measured(Protocol):
    """Whatever forwards and says what that cost it."""

    def pump(self, wait: float) -> None: ...
    def snapshot(self) -> link.Snapshot: ...


class Forwarder:
    """The process, its link, and what it says about itself."""

    def __init__(self, *arguments: str, form: str = "", portable: bool = False) -> None:
        """`portable`: as on Windows, the link by TCP and nothing that only Linux has."""
        self._folder = tempfile.TemporaryDirectory()
        ours, theirs = tcp_pair() if portable else socket.socketpair()
        arguments = (*arguments, "--portable") if portable else arguments
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.address = self.udp.getsockname()
        command = [sys.executable, "-m", "sfu.forwarder", "--link-fd", str(theirs.fileno())]
        command += ["--udp-fd", str(self.udp.fileno()), "--tap", f"ipc://{self._folder.name}/tap", *arguments]
        environment = LARGE_PAGES | os.environ | ({"PARLEY_FORM": form} if form else {})
        self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(), self.udp.fileno()), env=environment)
        theirs.close()
        self.channel: Channel[link.Event] = Channel(ours, link.EVENT)
        self.events: list[link.Event] = []
        self.compiled = self.wait_for(link.Ready).compiled

    def wait_for(self, kind: type[Any], wanted: Callable[[Any], bool] = lambda _: True, timeout: float = 30.0) -> Any:
        """The next event of that kind; raises TimeoutError."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            while self.events:
                event = self.events.pop(0)
                if isinstance(event, kind) and wanted(event):
                    return event
            self.pump(0.05)
        raise TimeoutError(f"the forwarder sent no {kind.__name__}")

    def pump(self, wait: float) -> None:
        """Takes what the link brings and sends what waits."""
        self.channel.flush()
        if select.select([self.channel], [], [], wait)[0]:
            self.events += self.channel.receive()

    def snapshot(self) -> link.Snapshot:
        """The next one, made after this call."""
        asked = time.monotonic()
        found: link.Snapshot = self.wait_for(link.Snapshot, lambda told: told.at >= asked)
        return found

    def close(self) -> None:
        self.channel.close()
        self.process.wait(10)
        self.udp.close()
        self._folder.cleanup()


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


@dataclass(frozen=True, slots=True)
class Counts:
    sent: int
    received: int
    repeated: int


class Running:
    """Generator and subscribers, each a thread."""

    def __init__(self, publishers: Sequence[tuple[Peer, Shape]], subscribers: Sequence[Peer],
                 saturate: socket.socket | None = None) -> None:  # fmt: skip
        self._library = library()
        self._publishers = (Publisher * len(publishers))()
        for made, (peer, shape) in zip(self._publishers, publishers, strict=True):
            made.fd, made.seal, made.ssrc = peer.socket.fileno(), context(peer.sealing), peer.ssrc
            made.fps, made.full, made.size, made.rest, made.vary = (
                shape.fps, shape.full, shape.size, shape.rest, shape.vary,
            )  # fmt: skip
        self._subscribers = (Subscriber * max(len(subscribers), 1))()
        for reader, peer in zip(self._subscribers, subscribers, strict=False):
            reader.fd, reader.ssrc = peer.socket.fileno(), 7_000_000 + peer.number
            reader.open, reader.seal = context(peer.opening), context(peer.reporting)
            reader.publisher = next((at for at, (other, _) in enumerate(publishers) if other is peer), -1)
        self._latency = (c.c_double * LATENCIES)()
        self.load = Load(
            function("srtp_protect"), function("srtp_unprotect"), function("srtp_protect_rtcp"),
            function("srtp_unprotect_rtcp"), 0, 1, 1, len(publishers), len(subscribers), self._publishers,
            self._subscribers, VP8, EXTENSIONS.mid, EXTENSIONS.transport_cc, EXTENSIONS.absolute_send_time,
            saturate.fileno() if saturate else -1, VERIFY_EVERY, 1,
        )  # fmt: skip
        self.load.latency_room, self.load.latency = LATENCIES, self._latency
        runs = (self._library.load_generate, self._library.load_receive)
        self._threads = [threading.Thread(target=run, args=(c.byref(self.load),), daemon=True) for run in runs]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.load.stop = 1
        for thread in self._threads:
            thread.join(10)

    @contextlib.contextmanager
    def paused(self, drain: float = 0.4) -> Iterator[None]:
        """Nothing is sent meanwhile, and what was sent has arrived."""
        self.load.pause = 1
        time.sleep(drain)
        yield
        self.load.pause = 0

    def begin(self, number: int, fps: float) -> None:
        """That publisher sends so many frames a second from now on."""
        self._publishers[number].next = time.monotonic()
        self._publishers[number].fps = fps

    def first_media(self) -> list[float]:
        """When each subscriber got its first packet of media; 0: it never did."""
        return [subscriber.first for subscriber in self._subscribers]

    def most_asked(self) -> int:
        """The most requests for a key frame that any publisher got within half a second."""
        return max(publisher.most for publisher in self._publishers)

    def counts(self) -> Counts:
        return Counts(self.load.sent, self.load.received, self.load.repeated)

    def latencies_ms(self) -> list[float]:
        """Of the verified packets since `forget`, sorted."""
        return sorted(1000 * at for at in self._latency[: self.load.latencies])

    def forget(self) -> None:
        self.load.latencies = self.load.samples = self.load.bad = 0


def join(forwarder: Forwarder, peers: Sequence[Peer], publishes: Callable[[Peer], bool],
         watches: Callable[[Peer], Sequence[Peer]]) -> None:  # fmt: skip
    """All of them into one meeting."""
    for peer in peers:
        peer.announce(forwarder.channel, len(watches(peer)))
        peer.check(forwarder.address)
        forwarder.pump(0)
    for peer in peers:
        peer.secure(forwarder.channel, publishes(peer), watches(peer))
        forwarder.pump(0)
    while forwarder.channel.wants_write:
        forwarder.pump(0.01)


def measure(forwarder: Measured, running: Running, seconds: float, fan_out: float,
            meanwhile: Callable[[float], None] = time.sleep) -> dict[str, Any]:  # fmt: skip
    """Warms up until everything flows, then counts for `seconds`; `fan_out` is how many get each packet.

    `meanwhile` is what the control process does for so many seconds.
    """
    running.start()
    running.load.pause = 0
    _warm_up(forwarder, running, fan_out)
    running.load.keyframes = 0
    with running.paused():
        first = forwarder.snapshot()
        running.forget()
        before, began = running.counts(), time.monotonic()
    meanwhile(seconds)
    with running.paused():
        took = time.monotonic() - began - 0.4
        last = forwarder.snapshot()
        after = running.counts()
    running.stop()
    return _figures(running, first, last, after, before, took, fan_out)


def _warm_up(forwarder: Measured, running: Running, fan_out: float) -> None:
    """Until nine in ten of what is sent arrives everywhere (or, saturated, for two seconds)."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        before = running.counts()
        time.sleep(1.0)
        forwarder.pump(0)
        after = running.counts()
        if after.received - before.received >= 0.9 * fan_out * (after.sent - before.sent) > 0:
            return


def _figures(running: Running, first: link.Snapshot, last: link.Snapshot, after: Counts, before: Counts, took: float,
             fan_out: float) -> dict[str, Any]:  # fmt: skip
    forwarded, received = last.forwarded - first.forwarded, last.received - first.received
    cpu = last.cpu_s - first.cpu_s
    due = (after.sent - before.sent) * fan_out
    return {
        "us_per_forwarded": round(cpu / max(forwarded, 1) * 1e6, 2),
        "deciding_us": round((last.deciding_s - first.deciding_s) / max(forwarded, 1) * 1e6, 2),
        "us_per_received": round(cpu / max(received, 1) * 1e6, 2),
        "forwarded_per_s": round(forwarded / took),
        "cores": round(cpu / took, 3),
        "delivered": round((after.received - before.received) / max(due, 1), 5),
        "repeated": after.repeated - before.repeated,
        "samples": running.load.samples,
        "bad_samples": running.load.bad,
        "memory_mb": round(last.rss_mb),
        "load_average": round(os.getloadavg()[0], 1),
    }
