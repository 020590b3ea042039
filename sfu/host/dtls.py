"""DTLS-SRTP handshakes whose datagrams travel through the forwarder.

The forwarder owns the socket and knows which address proved itself (ICE); the host owns the certificate and does
the handshake, so that keys appear in one process and OpenSSL never sees a datagram of somebody unknown.  This is
the only file of the host that knows aiortc: its `RTCDtlsTransport` runs over an object that looks like an ICE
transport.  Private names of aiortc 1.16 are used here and nowhere else; `tests/host/test_dtls.py` is their contract.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Literal

from aiortc import rtcdtlstransport
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    SRTPProtectionProfile,
)
from OpenSSL import SSL

from sfu.link.messages import SetKeys
from sfu.rtp.errors import ErrorCode, PeerFault

log = logging.getLogger("sfu.host.dtls")

# Best first: GCM-128 costs the forwarder a third less per packet than CM-SHA1, and 256 bits buy a LAN nothing.
PROFILES = [SRTP_AEAD_AES_128_GCM, SRTP_AEAD_AES_256_GCM, SRTP_AES128_CM_SHA1_80]
Profile = Literal["AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"]
_NAMES: dict[bytes, Profile] = {
    SRTP_AEAD_AES_128_GCM.openssl_profile: "AEAD_AES_128_GCM",
    SRTP_AEAD_AES_256_GCM.openssl_profile: "AEAD_AES_256_GCM",
    SRTP_AES128_CM_SHA1_80.openssl_profile: "AES_CM_128_HMAC_SHA1_80",
}
# A handshake is two round trips; lost datagrams are sent again after 1, 2, 4 … seconds.
DEADLINE = 20.0
# A handshake has about ten datagrams; what is sent twice fits as well.
_WAITING = 64

Send = Callable[[bytes], None]


class DtlsCertificate:
    """The host's certificate for media, made anew each run; the SDP carries its fingerprint."""

    def __init__(self) -> None:
        self._certificate = RTCCertificate.generateCertificate()

    @property
    def fingerprint(self) -> str:
        """SHA-256 as `AA:BB:…` (RFC 8122)."""
        return next(f.value for f in self._certificate.getFingerprints() if f.algorithm == "sha-256")

    def transport(self, road: _Road) -> RTCDtlsTransport:
        transport = RTCDtlsTransport(road, [self._certificate])  # type: ignore[arg-type]  # looks like one, is not
        transport._set_role("server")
        transport._srtp_profiles = PROFILES
        return transport


class _Road:
    """What `RTCDtlsTransport` uses of an ICE transport: datagrams in, datagrams out."""

    role = "controlled"
    state = "completed"

    def __init__(self, send: Send) -> None:
        self._out = send
        self._in: asyncio.Queue[bytes | None] = asyncio.Queue(_WAITING)

    def arrived(self, datagram: bytes) -> None:
        if datagram and not self._in.full():
            self._in.put_nowait(datagram)

    def end(self) -> None:
        """Whoever waits for a datagram gets the end instead."""
        while not self._in.empty():
            self._in.get_nowait()
        self._in.put_nowait(None)

    async def _recv(self) -> bytes:
        datagram = await self._in.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._out(datagram)


class Handshake:
    """One peer's handshake and, after it, the association: a peer that hangs up by DTLS alert is noticed."""

    def __init__(
        self, peer: str, certificate: DtlsCertificate, fingerprints: Sequence[tuple[str, str]], send: Send
    ) -> None:
        self.peer = peer
        self._road = _Road(send)
        self._transport = certificate.transport(self._road)
        self._expected = RTCDtlsParameters([RTCDtlsFingerprint(name, value) for name, value in fingerprints])

    def arrived(self, datagram: bytes) -> None:
        """One DTLS datagram of this peer; more than fit are dropped, the peer sends them again."""
        self._road.arrived(datagram)

    async def keys(self) -> SetKeys:
        """Waits for the handshake to end.  Raises PeerFault when it fails or takes longer than DEADLINE."""
        try:
            async with asyncio.timeout(DEADLINE):
                await self._transport.start(self._expected)
        except TimeoutError:
            raise _failed("did not finish in time; a firewall may drop UDP between us") from None
        except (SSL.Error, ValueError) as error:
            # ValueError: a certificate that OpenSSL takes and the stricter parser of `cryptography` does not.
            raise _failed("failed; the client sent what no handshake contains") from error
        if self._transport.state != "connected":
            raise _failed("failed; the client may have shown a certificate other than the one it announced")
        return self._export()

    def close(self) -> None:
        """Ends the association; `keys`, if it still waits, fails.  May be called twice."""
        self._road.end()

    def _export(self) -> SetKeys:
        connection = self._transport._ssl
        assert connection is not None, "connected without a connection"
        profile = _profile(connection.get_selected_srtp_profile())
        material = connection.export_keying_material(
            b"EXTRACTOR-dtls_srtp", 2 * (profile.key_length + profile.salt_length)
        )
        # RFC 5764, 4.2: the client's key and salt come first.
        return SetKeys(
            peer=self.peer,
            profile=_NAMES[profile.openssl_profile],
            send_key=profile.get_key_and_salt(material, 1),
            receive_key=profile.get_key_and_salt(material, 0),
        )


def _profile(selected: bytes) -> SRTPProtectionProfile:
    return next(profile for profile in PROFILES if profile.openssl_profile == selected)


def _failed(how: str) -> PeerFault:
    return PeerFault(ErrorCode.BAD_MEDIA, f"The secure connection for sound and picture {how}. Join again.")


# The library logs every step of every handshake at DEBUG, with nothing that says whose it is.
logging.getLogger(rtcdtlstransport.__name__).setLevel(logging.WARNING)
