"""A real forwarder that can be killed and started again, and clients that write down every index on the wire.

The part of the control process is played here: the socket and the file stay open, orders that hold are told again.
"""

from __future__ import annotations

import contextlib
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

from pylibsrtp import Error, Policy, Session

from sfu.core.standing import StandingOrders
from sfu.link import messages as link
from sfu.link.channel import Channel, LinkClosed
from sfu.rtp import rtcp, stun
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.sequence import Unwrapper
from sfu.rtp.vp8 import Descriptor

OPUS, VP8, RTX = 111, 96, 97
TYPES = link.PayloadTypes(opus=OPUS, vp8=VP8, vp8_rtx=RTX)
DEADLINE_S = 20.0
_PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM


class Lives:
    """One UDP port and one ledger, and the forwarder of the moment."""

    def __init__(self, folder: Path, sealers: int = 0) -> None:
        self._folder = folder
        self._sealers = sealers
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self.address = self._udp.getsockname()
        self.ledger = folder / "ledger"
        self.standing = StandingOrders()
        self.events: list[link.Event] = []
        self.callers: list[Caller] = []
        self.start()

    def start(self) -> None:
        """Returns when the forwarder has been told who was here."""
        ours, theirs = socket.socketpair()
        fds = theirs.fileno(), self._udp.fileno()
        command = [sys.executable, "-m", "sfu.forwarder", "--link-fd", str(fds[0]), "--udp-fd", str(fds[1])]
        command += ["--tap", f"ipc://{self._folder}/tap", "--ledger", str(self.ledger)]
        command += ["--sealers", str(self._sealers)]
        self.process = subprocess.Popen(command, pass_fds=fds)
        theirs.close()
        self.channel: Channel[link.Event] = Channel(ours, link.EVENT)
        self.wait_for(link.Ready)
        for order in self.standing.told():
            self.channel.send(order)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.channel.close()

    def close(self) -> None:
        self.kill()
        self._udp.close()
        for caller in list(self.callers):
            caller.close()

    def order(self, order: link.Order) -> None:
        self.standing.note(order)
        self.channel.send(order)

    def read(self, seconds: float = 0.0) -> None:
        if select.select([self.channel], [], [], seconds)[0]:
            try:
                self.events += self.channel.receive()
            except LinkClosed:
                return
        del self.events[:-1000]

    def wait_for(self, kind: type[link.Message]) -> None:
        until = time.monotonic() + DEADLINE_S
        while not any(isinstance(event, kind) for event in self.events):
            assert time.monotonic() < until, f"no {kind.__name__} within {DEADLINE_S} s"
            self.read(0.1)
        self.events = [event for event in self.events if not isinstance(event, kind)]


class Caller:
    """One peer that sends sound and picture, and notes what it receives.

    `indices` has every (SSRC, SRTP index) and (SSRC, SRTCP index) that came, `reused` those that came twice with
    different bytes.
    """

    def __init__(self, lives: Lives, name: str, number: int) -> None:
        self.lives, self.name = lives, name
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        lives.callers.append(self)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.setblocking(False)
        self._audio, self._video = 1000 * number + 1, 1000 * number + 2
        self._slots = [
            link.SlotLine(mid="a0", kind="audio", ssrc=1000 * number + 10),
            link.SlotLine(mid="v0", kind="video", ssrc=1000 * number + 20, rtx_ssrc=1000 * number + 21),
        ]
        send_key, receive_key = bytes([number]) * 28, bytes([number, 1]) * 14
        self._seal = Session(Policy(receive_key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=_PROFILE))
        self._open = Session(Policy(send_key, Policy.SSRC_ANY_INBOUND, srtp_profile=_PROFILE))
        self.audio_sequence = self.video_sequence = 0
        self.indices: dict[tuple[str, int, int], int] = {}
        self.reused = 0
        self.unopened = 0
        self.frames = self.sounds = self.packets = 0
        self._unwrappers: dict[int, Unwrapper] = {}
        self._key_next = True
        self._join(send_key, receive_key)

    def _join(self, send_key: bytes, receive_key: bytes) -> None:
        sources = [
            link.SourceLine(source=f"{self.name}/microphone", mid="0", kind="audio", ssrc=self._audio),
            link.SourceLine(source=f"{self.name}/camera", mid="1", kind="video", ssrc=self._video),
        ]
        order = self.lives.order
        order(link.AddPeer(
            peer=self.name, ufrag=f"u{self.name}", pwd="secret", remote_ufrag="r", extensions=link.Extensions(mid=1),
            payload_types=TYPES, sources=sources, slots=self._slots,
        ))  # fmt: skip
        self.check()
        self.lives.wait_for(link.PeerValidated)
        order(link.SetKeys(peer=self.name, profile="AEAD_AES_128_GCM", send_key=send_key, receive_key=receive_key))
        order(link.SetSending(peer=self.name, sources=[line.source for line in sources]))

    def watch(self, name: str) -> None:
        view = link.View(source=f"{name}/camera", width=640, height=360, priority=9)
        self.lives.order(link.SetViews(peer=self.name, views=[view]))

    def check(self) -> None:
        """As ICE does, until answered."""
        attributes = {
            int(stun.Attribute.USERNAME): f"u{self.name}:r".encode(),
            int(stun.Attribute.USE_CANDIDATE): b"",
        }
        self._request = stun.serialize(
            stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes), b"secret"
        )
        until = time.monotonic() + DEADLINE_S
        while not select.select([self.socket], [], [], 0.01)[0]:
            assert time.monotonic() < until, "no answer to a check"
            self.consent()

    def consent(self) -> None:
        """One more check, whose answer nobody waits for; without any for 30 s the peer is lost."""
        self.socket.sendto(self._request, self.lives.address)

    def say(self) -> None:
        self.audio_sequence = self.audio_sequence + 1 & 0xFFFF
        self._send(RtpPacket(OPUS, self.audio_sequence, 960 * self.audio_sequence, self._audio, b"\x78 sound"))

    def film(self, packets: int = 1) -> None:
        """One frame; a key frame where one was asked for."""
        key, self._key_next = self._key_next, False
        for place in range(packets):
            self.video_sequence = self.video_sequence + 1 & 0xFFFF
            head = Descriptor(start=place == 0, picture_id=self.video_sequence & 0x7FFF, tl0picidx=1, keyidx=1)
            body = head.serialize() + (b"\0" if key else b"\1") + bytes(40)
            at = 3000 * self.video_sequence & 0xFFFF_FFFF
            self._send(RtpPacket(VP8, self.video_sequence, at, self._video, body, marker=place == packets - 1))

    @property
    def picture(self) -> int:
        """SSRC of the slot that shows one."""
        return self._slots[1].ssrc

    def control(self, *packets: rtcp.Rtcp) -> None:
        self.socket.sendto(self._seal.protect_rtcp(rtcp.serialize(packets)), self.lives.address)

    def raw(self, datagram: bytes) -> None:
        """These bytes under this peer's keys, where there is a way to seal them at all; else as they are."""
        kind = classify(datagram)
        with contextlib.suppress(Error):
            if kind is Datagram.RTP:
                datagram = self._seal.protect(datagram)
            elif kind is Datagram.RTCP:
                datagram = self._seal.protect_rtcp(datagram)
        self.socket.sendto(datagram, self.lives.address)

    def _send(self, packet: RtpPacket) -> None:
        self.socket.sendto(self._seal.protect(packet.serialize()), self.lives.address)

    def read(self, seconds: float = 0.0) -> None:
        """Everything that has come, waiting at most so long for the first."""
        select.select([self.socket], [], [], seconds)
        while True:
            try:
                data = self.socket.recv(2048)
            except BlockingIOError:
                return
            self._take(data)

    def _take(self, data: bytes) -> None:
        kind = classify(data)
        try:
            if kind is Datagram.RTP:
                packet = RtpPacket.parse(self._open.unprotect(data))
                self.packets += 1
                index = self._unwrappers.setdefault(packet.ssrc, Unwrapper()).unwrap(packet.sequence)
                self._note("rtp", packet.ssrc, index, data)
                self.sounds += packet.ssrc == self._slots[0].ssrc
                self.frames += packet.ssrc == self._slots[1].ssrc and packet.marker
            elif kind is Datagram.RTCP:
                self._note("rtcp", int.from_bytes(data[4:8], "big"), int.from_bytes(data[-4:], "big"), data)
                self._obey(rtcp.parse(self._open.unprotect_rtcp(data)))
        except Error:
            self.unopened += 1

    def _obey(self, packets: list[rtcp.Rtcp]) -> None:
        self._key_next |= any(isinstance(packet, rtcp.PictureLoss) for packet in packets)

    def _note(self, kind: str, ssrc: int, index: int, data: bytes) -> None:
        print_ = hash(data)
        self.reused += self.indices.setdefault((kind, ssrc, index), print_) != print_

    def close(self) -> None:
        """Sends no more; idempotent."""
        self.socket.close()
        if self in self.lives.callers:
            self.lives.callers.remove(self)
