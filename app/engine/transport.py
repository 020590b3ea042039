"""One path to the host: ICE, DTLS, SRTP; whole RTP and RTCP packets in and out.

aioice and aiortc do the cryptography and the connectivity checks; RTP is ours.  This is the one file that touches
their private names (`~=1.16`, held by a contract test): the raw hooks `_handle_rtp_data`, `_handle_rtcp_data` and
`_send_rtp`, the profile order, and aioice's candidate list, because it never offers loopback by itself.
The host is ICE-lite and passive; we control and connect.  What the packets mean is not known here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aioice import Candidate, Connection, stun
from aioice.ice import get_host_addresses
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_PROFILES,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from app.engine.lifeline import LinkLost
from sfu.rtp.errors import ErrorCode, UserError

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 8.0
# On a LAN a way that exists is found within two round trips; one that does not is looked for again.
MOVE_TIMEOUT = 2.0
CHECK_EVERY = 1.0
# Packets waiting for the socket.  It drains once a loop turn, so this is reached only when the path is gone.
MAX_OUTGOING = 512

Received = Callable[[bytes, float], None]
"""A whole packet and the monotonic instant at which it came."""


@dataclass(frozen=True, slots=True)
class RemoteTransport:
    """What the host's answer says about its end."""

    username: str
    password: str
    candidates: Sequence[Candidate]
    fingerprints: Sequence[tuple[str, str]]
    """(algorithm, value with colons)"""


class MediaTransport:
    """Create it, put its credentials into the offer, `connect` with the answer, then `run` until it is lost."""

    def __init__(self, on_rtp: Received, on_rtcp: Received) -> None:
        self._path = _Path(Connection(ice_controlling=True))
        self._dtls = _Dtls(self._path, RTCCertificate.generateCertificate(), on_rtp, on_rtcp)
        self._outgoing: deque[bytes] = deque(maxlen=MAX_OUTGOING)
        self._wake = asyncio.Event()
        self._closed = False
        self.proved = 0.0
        """The monotonic instant of the last answer to a check; 0 before the first.  What merely comes in proves
        nothing: whoever is heard no longer may go on hearing the others for half a minute."""

    @property
    def username(self) -> str:
        return self._path.ice.local_username

    @property
    def password(self) -> str:
        return self._path.ice.local_password

    @property
    def fingerprint(self) -> tuple[str, str]:
        """(algorithm, value) of our DTLS certificate."""
        sha256 = next(f for f in self._dtls.getLocalParameters().fingerprints if f.algorithm == "sha-256")
        return sha256.algorithm, sha256.value

    @property
    def local_address(self) -> str | None:
        """Our own address on the path that is used."""
        pair = self._path.ice._nominated.get(1)
        return pair.local_candidate.host if pair is not None else None

    async def connect(self, remote: RemoteTransport) -> None:
        """ICE, then DTLS as its client.  Raises UserError(HOST_UNREACHABLE) when the path does not open."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await _connect_ice(self._path.ice, remote)
                fingerprints = [RTCDtlsFingerprint(algorithm, value) for algorithm, value in remote.fingerprints]
                await self._dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        except (ConnectionError, TimeoutError):
            raise _no_path() from None
        if (task := asyncio.current_task()) is not None and task.cancelling():
            # aiortc waits by `asyncio.wait_for`, which until Python 3.12 forgets a cancellation that comes with
            # what it waits for: whoever left during the handshake went on to send what their microphone heard.
            raise asyncio.CancelledError
        if self._dtls.state != "connected":
            raise _no_path()
        self.proved = time.monotonic()

    async def move(self, ask: Callable[[str, str], Awaitable[RemoteTransport]]) -> None:
        """Finds another way under the same keys (ICE restart, RFC 8445 9); the old one is used until there is one.

        `ask` is given our new username and password and returns the host's.  Raises ConnectionError or TimeoutError
        when there is no way now.
        """
        old, ice = self._path.ice, Connection(ice_controlling=True)
        ice._queue = old._queue  # whoever waits for packets need not know by which way they come
        try:
            remote = await ask(ice.local_username, ice.local_password)
            async with asyncio.timeout(MOVE_TIMEOUT):
                await _connect_ice(ice, remote)
            self._path.ice, given_up = ice, old
            self.proved = time.monotonic()
        except BaseException:
            given_up = ice
            raise
        finally:
            given_up._queue = asyncio.Queue()  # its end is not the end of the call
            await given_up.close()

    def send(self, packet: bytes) -> None:
        """Queues one RTP or RTCP packet; when the path is stuck the oldest go."""
        self._outgoing.append(packet)
        self._wake.set()

    async def run(self) -> None:
        """Sends what is queued and keeps checking the path; raises LinkLost, grouped, when DTLS or ICE has ended."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._drain(), name="transport.send")
            tasks.create_task(self._keep_checking(), name="transport.check")

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._dtls.stop()
        await self._path.ice.close()

    async def _drain(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._outgoing:
                    await self._dtls._send_rtp(self._outgoing.popleft())
        except ConnectionError:
            raise LinkLost from None

    async def _keep_checking(self) -> None:
        """RFC 7675 consent, often enough to notice a dead path within seconds even when nobody speaks.

        An unanswered one is repeated at once, half a second after it was sent: of three in ten packets lost nobody
        shall be told that they are away.
        """
        while (pair := (ice := self._path.ice)._nominated.get(1)) and self._dtls.state == "connected":
            request, key = ice.build_request(pair, nominate=False), (ice.remote_password or "").encode()
            try:
                await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
                self.proved = time.monotonic()
                await asyncio.sleep(CHECK_EVERY)
            except stun.TransactionError:
                log.debug("connectivity check unanswered")
        raise LinkLost


class _Path:
    """The aioice connection of now, in the shape that RTCDtlsTransport expects of an ICE transport."""

    role = "controlling"
    state = "completed"

    def __init__(self, ice: Connection) -> None:
        self.ice = ice

    async def _recv(self) -> bytes:
        return await self.ice.recv()

    async def _send(self, data: bytes) -> None:
        await self.ice.send(data)


class _Dtls(RTCDtlsTransport):
    """aiortc's DTLS-SRTP with the decrypted packets handed to us instead of its receivers."""

    def __init__(self, path: _Path, certificate: RTCCertificate, on_rtp: Received, on_rtcp: Received) -> None:
        super().__init__(path, [certificate])  # type: ignore[arg-type]
        self._on_rtp = on_rtp
        self._on_rtcp = on_rtcp
        self._set_role("client")  # the host answers a=setup:passive
        self._srtp_profiles = sorted(SRTP_PROFILES, key=lambda profile: profile is not SRTP_AEAD_AES_128_GCM)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self._on_rtp(data, time.monotonic())

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self._on_rtcp(data, time.monotonic())


async def _connect_ice(ice: Connection, remote: RemoteTransport) -> None:
    ice.remote_is_lite = True
    ice.remote_username, ice.remote_password = remote.username, remote.password
    addresses = local_addresses([candidate.host for candidate in remote.candidates])
    ice._local_candidates += await ice.get_component_candidates(component=1, addresses=addresses)
    ice._local_candidates_end = True
    for candidate in remote.candidates:
        await ice.add_remote_candidate(candidate)
    await ice.add_remote_candidate(None)
    await ice.connect()


def local_addresses(remote_hosts: Sequence[str]) -> list[str]:
    """Our addresses from which the host's can be reached: loopback for a host on this computer, else all others."""
    loopback = [host for host in remote_hosts if ipaddress.ip_address(host).is_loopback]
    addresses: list[str] = []
    if any(":" not in host for host in loopback):
        addresses.append("127.0.0.1")
    if any(":" in host for host in loopback):
        addresses.append("::1")
    if len(loopback) < len(remote_hosts):
        addresses += get_host_addresses(use_ipv4=True, use_ipv6=True)
    return addresses


def _no_path() -> UserError:
    return UserError(
        ErrorCode.HOST_UNREACHABLE,
        "Sound and picture cannot reach the host, though the meeting itself answers. "
        "Check that no firewall blocks the meeting's UDP port.",
    )
