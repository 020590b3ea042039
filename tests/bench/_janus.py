"""Debian's Janus as a process of its own, and the peers of `load` as members of a video room in it.

Only the signalling is Janus' own (JSON over its Unix socket); connectivity checks, the handshake and the session
descriptions are the host's code, and the media afterwards is `load`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from sfu.host.dtls import DtlsCertificate, Handshake
from sfu.link.messages import Extensions, Snapshot
from sfu.rtp import stun
from sfu.rtp.sdp import Candidate, Codec, Description, Direction, ExtensionUri, Fingerprint, MediaLine, Setup, Source
from tests.bench import load

PATIENCE = 30.0
STARTS = 10
ROOM = 1
PASSWORD = "secret-of-the-load-bench"
_PRIORITY = 2_130_706_431
# The ids that the video room of 1.1.2 offers to subscribers, whatever the publisher's are.
EXTENSIONS = Extensions(mid=4, absolute_send_time=2, transport_cc=3)
_LIBRARIES = (("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_pfunix.so"))
_CONFIGURATION = {
    "janus.jcfg": """
        general: {{ plugins_folder = "{folder}/plugins"; transports_folder = "{folder}/transports"
                    events_folder = "{folder}/none"; loggers_folder = "{folder}/none"
                    debug_level = 1; session_timeout = 0; {loops} }}""",
    "janus.transport.pfunix.jcfg": 'general: {{ enabled = true; json = "compact"; path = "{folder}/api" }}',
    "janus.plugin.videoroom.jcfg": "general: {{ events = false }}\nroom-{room}: {{ publishers = 1; bitrate = 0 }}",
}
_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
_CODECS = (
    Codec(load.VP8, "VP8", 90_000, feedback=_FEEDBACK),
    Codec(load.RTX, "rtx", 90_000, parameters={"apt": str(load.VP8)}),
)
_EXTENSIONS = {
    ExtensionUri.MID: EXTENSIONS.mid,
    ExtensionUri.SEND_TIME: EXTENSIONS.absolute_send_time,
    ExtensionUri.TRANSPORT_CC: EXTENSIONS.transport_cc,
}


class Refused(Exception):
    """Janus answered with an error; the message is its own."""


def missing() -> str:
    """What keeps Janus from running here; "" where nothing does."""
    if shutil.which("janus") and all(_library(*library) for library in _LIBRARIES):
        return ""
    return "Janus is not installed; on Debian: apt-get install janus"


def _library(kind: str, name: str) -> Path | None:
    return next(Path("/usr/lib").glob(f"*/janus/{kind}/{name}"), None)


class Janus:
    """The process with nothing but the video room; `forwarded` says what its subscribers got so far."""

    def __init__(self, event_loops: int = 0) -> None:
        """`event_loops`: how many threads serve all peers; 0 is its default, one for each peer."""
        self._folder = tempfile.TemporaryDirectory(prefix="parley-janus-")
        folder = Path(self._folder.name)
        for kind, name in _LIBRARIES:
            (folder / kind).mkdir()
            (folder / kind / name).symlink_to(_library(kind, name) or name)
        (folder / "none").mkdir()
        loops = f"event_loops = {event_loops}" if event_loops else ""
        for name, text in _CONFIGURATION.items():
            (folder / name).write_text(text.format(folder=folder, loops=loops, room=ROOM), "utf-8")
        self.forwarded: Callable[[], int] = lambda: 0
        self._process = _started(folder)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._numbers = count(1)
        self._publisher = 0
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(folder / "api"))
        self._session = self._ask({"janus": "create"})["data"]["id"]

    def publish(self, peer: load.Peer) -> None:
        """Announces the peer's camera and connects it."""
        handle = self._attach()
        certificate = DtlsCertificate()
        offer = _description(peer, certificate, _line(peer))
        wanted = {"request": "joinandconfigure", "ptype": "publisher", "room": ROOM}
        said = self._message(handle, wanted, "offer", offer)
        self._publisher = said["plugindata"]["data"]["id"]
        answer = Description.parse(said["jsep"]["sdp"]).media[0]
        asyncio.run(_connect(peer, certificate, answer, controlling=True))
        self._wait(lambda event: event["janus"] == "webrtcup")

    def subscribe(self, peer: load.Peer) -> None:
        """Connects the peer to the camera.  Raises Refused where the extensions are not EXTENSIONS."""
        handle = self._attach()
        certificate = DtlsCertificate()
        wanted = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._publisher}]}
        offer = Description.parse(self._message(handle, wanted)["jsep"]["sdp"]).media[0]
        if any(offer.extensions.get(uri) != number for uri, number in _EXTENSIONS.items()):
            raise Refused(f"this Janus has other header extensions than 1.1.2: {offer.extensions}")
        line = MediaLine("video", offer.mid, Direction.RECVONLY, offer.codecs, _EXTENSIONS)
        self._message(handle, {"request": "start"}, "answer", _description(peer, certificate, line))
        asyncio.run(_connect(peer, certificate, offer, controlling=False))
        self._wait(lambda event: event["janus"] == "webrtcup")

    def pump(self, wait: float) -> None:
        """Nothing to do meanwhile: its events wait in the socket."""

    def snapshot(self) -> Snapshot:
        process = psutil.Process(self._process.pid)
        used = process.cpu_times()
        return Snapshot(
            at=time.monotonic(), cpu_s=used.user + used.system, rss_mb=process.memory_info().rss / 1e6, received=0,
            forwarded=self.forwarded(), tap_dropped=0, peers=[],
        )  # fmt: skip

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._folder.cleanup()

    def _attach(self) -> int:
        attached = self._ask({"janus": "attach", "plugin": "janus.plugin.videoroom", "session_id": self._session})
        return int(attached["data"]["id"])

    def _message(self, handle: int, body: dict[str, Any], kind: str = "", sdp: str = "") -> dict[str, Any]:
        jsep = {"jsep": {"type": kind, "sdp": sdp}} if sdp else {}
        said = self._ask({"janus": "message", "session_id": self._session, "handle_id": handle, "body": body, **jsep})
        if "error" in said["plugindata"]["data"]:
            raise Refused(said["plugindata"]["data"]["error"])
        return said

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        transaction = str(next(self._numbers))
        self._socket.send(json.dumps({**request, "transaction": transaction}).encode())
        said = self._wait(lambda event: event.get("transaction") == transaction and event["janus"] != "ack")
        if said["janus"] == "error":
            raise Refused(said["error"]["reason"])
        return said

    def _wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event like that; raises TimeoutError."""
        while True:
            event: dict[str, Any] = json.loads(self._socket.recv(1 << 16))
            if wanted(event):
                return event


def _started(folder: Path) -> subprocess.Popen[bytes]:
    """Raises OSError when it does not listen.

    Janus 1.1.2 removes its socket and exits where that socket's thread runs before its own start has ended (seen in
    five of eleven starts), so that one exit says little.
    """
    for _ in range(STARTS):
        process = subprocess.Popen(["janus", "-F", folder], stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe, contextlib.suppress(OSError):
                probe.connect(str(folder / "api"))
                return process
            time.sleep(0.1)
        process.kill()
        process.wait()
    raise OSError("Janus does not start; try: janus -F /etc/janus")


def _line(peer: load.Peer) -> MediaLine:
    camera = Source(peer.ssrc, cname=peer.name, msid=f"{peer.name} camera")
    return MediaLine("video", "1", Direction.SENDONLY, _CODECS, _EXTENSIONS, sources=(camera,))


def _description(peer: load.Peer, certificate: DtlsCertificate, line: MediaLine) -> str:
    candidate = Candidate("1", 1, "udp", _PRIORITY, *peer.socket.getsockname())
    line = replace(
        line, rtcp_reduced_size=False, candidates=(candidate,), end_of_candidates=True,
        ice_ufrag=_ufrag(peer), ice_pwd=PASSWORD, setup=Setup.PASSIVE,
        fingerprints=(Fingerprint("sha-256", certificate.fingerprint),),
    )  # fmt: skip
    return str(Description((line,), bundle=(line.mid,)))


def _ufrag(peer: load.Peer) -> str:
    return f"load{peer.number}"


async def _connect(peer: load.Peer, certificate: DtlsCertificate, theirs: MediaLine, controlling: bool) -> None:
    """Checks until Janus opens the handshake; its keys are the peer's then.  `controlling`: the peer made the offer."""
    fingerprints = [(fingerprint.algorithm, fingerprint.digest) for fingerprint in theirs.fingerprints]
    handshake = Handshake(peer.name, certificate, fingerprints, peer.socket.send)
    address = theirs.candidates[0].address, theirs.candidates[0].port
    peer.socket.connect(address)
    check = _check(peer, theirs, controlling)

    def arrived() -> None:
        datagram = peer.socket.recv(2048)
        if 20 <= datagram[0] <= 63:  # RFC 7983: DTLS
            handshake.arrived(datagram)
        elif datagram[0] < 4 and (request := stun.Message.parse(datagram)).is_binding_request:
            peer.socket.send(stun.binding_success(request, address, PASSWORD.encode()))

    loop = asyncio.get_running_loop()
    loop.add_reader(peer.socket, arrived)
    keys = asyncio.ensure_future(handshake.keys())
    while not keys.done():
        peer.socket.send(check)
        await asyncio.wait([keys], timeout=0.2)
    loop.remove_reader(peer.socket)
    found = keys.result()
    assert found.profile == "AEAD_AES_128_GCM", "the same cipher for both"
    peer.take(send_key=found.receive_key, receive_key=found.send_key)


def _check(peer: load.Peer, theirs: MediaLine, controlling: bool) -> bytes:
    attributes = {int(stun.Attribute.USERNAME): f"{theirs.ice_ufrag}:{_ufrag(peer)}".encode(),
                  int(stun.Attribute.PRIORITY): _PRIORITY.to_bytes(4, "big")}  # fmt: skip
    if controlling:
        attributes |= {stun.Attribute.ICE_CONTROLLING: b"tiebreak", stun.Attribute.USE_CANDIDATE: b""}
    else:
        attributes |= {stun.Attribute.ICE_CONTROLLED: b"tiebreak"}
    message = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)
    return stun.serialize(message, (theirs.ice_pwd or "").encode())
