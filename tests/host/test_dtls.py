"""The contract with aiortc 1.16: what `sfu/host/dtls.py` uses of its private names behaves as we need it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from pylibsrtp import Policy, Session

from sfu.host import dtls
from sfu.host.dtls import PROFILES, DtlsCertificate, Handshake
from sfu.rtp.errors import ErrorCode, PeerFault

RTP = bytes.fromhex("8060000100000001000003e9") + b"payload"


class Client:
    """A WebRTC client's side: the DTLS client, over a road that loses what `loses` says."""

    role = "controlling"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send_on = send
        self._in: asyncio.Queue[bytes] = asyncio.Queue()
        self.certificate = RTCCertificate.generateCertificate()
        self.transport = RTCDtlsTransport(self, [self.certificate])  # type: ignore[arg-type]
        self.transport._set_role("client")

    def arrived(self, datagram: bytes) -> None:
        self._in.put_nowait(datagram)

    def fingerprints(self) -> list[tuple[str, str]]:
        return [(f.algorithm, f.value) for f in self.certificate.getFingerprints() if f.algorithm == "sha-256"]

    async def start(self, fingerprint: str) -> None:
        await self.transport.start(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint)]))

    async def _recv(self) -> bytes:
        return await self._in.get()

    async def _send(self, datagram: bytes) -> None:
        self._send_on(datagram)


@asynccontextmanager
async def pair(
    fingerprints: list[tuple[str, str]] | None = None, loses: Callable[[], bool] = lambda: False
) -> AsyncIterator[tuple[Handshake, Client, DtlsCertificate]]:
    certificate = DtlsCertificate()

    def to_host(datagram: bytes) -> None:
        if not loses():
            handshake.arrived(datagram)

    def to_client(datagram: bytes) -> None:
        if not loses():
            client.arrived(datagram)

    client = Client(to_host)
    handshake = Handshake("p1", certificate, fingerprints or client.fingerprints(), to_client)
    try:
        yield handshake, client, certificate
    finally:
        handshake.close()
        await client.transport.stop()


async def test_both_sides_end_with_the_same_keys_and_gcm_128() -> None:
    async with pair() as (handshake, client, certificate):
        keys, _ = await asyncio.gather(handshake.keys(), client.start(certificate.fingerprint))

        assert (keys.peer, keys.profile) == ("p1", "AEAD_AES_128_GCM")
        assert client.transport.state == "connected"
        assert unprotected(keys.receive_key, client.transport._tx_srtp.protect(RTP)) == RTP
        assert client.transport._rx_srtp.unprotect(protected(keys.send_key, RTP)) == RTP


@pytest.mark.parametrize("offered", PROFILES, ids=lambda profile: profile.openssl_profile.decode())
async def test_whatever_profile_the_client_has_is_named_as_the_forwarder_knows_it(offered: object) -> None:
    async with pair() as (handshake, client, certificate):
        client.transport._srtp_profiles = [offered]  # type: ignore[list-item]

        keys, _ = await asyncio.gather(handshake.keys(), client.start(certificate.fingerprint))

        lengths = {"AEAD_AES_128_GCM": 28, "AEAD_AES_256_GCM": 44, "AES_CM_128_HMAC_SHA1_80": 30}
        assert len(keys.send_key) == len(keys.receive_key) == lengths[keys.profile]
        assert keys.send_key != keys.receive_key


async def test_a_certificate_other_than_the_announced_one_is_refused() -> None:
    async with pair([("sha-256", ":".join(["AB"] * 32))]) as (handshake, client, certificate):
        with pytest.raises(PeerFault, match="other than the one it announced") as fault:
            await asyncio.gather(handshake.keys(), client.start(certificate.fingerprint))

        assert fault.value.code == ErrorCode.BAD_MEDIA


async def test_nonsense_before_the_handshake_does_not_stop_it() -> None:
    chance = random.Random(1)
    async with pair() as (handshake, client, certificate):
        for first in (20, 22, 23, 63):
            handshake.arrived(bytes([first]) + chance.randbytes(chance.randrange(200)))
        handshake.arrived(b"")

        keys, _ = await asyncio.gather(handshake.keys(), client.start(certificate.fingerprint))

        assert keys.profile == "AEAD_AES_128_GCM"


async def test_datagrams_that_get_lost_are_sent_again() -> None:
    losses = iter([True, False, True])

    async with pair(loses=lambda: next(losses, False)) as (handshake, client, certificate):
        keys, _ = await asyncio.gather(handshake.keys(), client.start(certificate.fingerprint))

        assert keys.profile == "AEAD_AES_128_GCM"


async def test_a_client_that_never_shakes_hands_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dtls, "DEADLINE", 0.05)

    async with pair() as (handshake, _client, _certificate):
        with pytest.raises(PeerFault, match="firewall"):
            await handshake.keys()


async def test_closing_ends_a_handshake_that_waits_and_may_be_done_twice() -> None:
    async with pair() as (handshake, _client, _certificate):
        waiting = asyncio.create_task(handshake.keys())
        await asyncio.sleep(0)

        handshake.close()
        handshake.close()

        with pytest.raises(PeerFault):
            await waiting


def test_the_fingerprint_is_written_as_sdp_wants_it() -> None:
    words = DtlsCertificate().fingerprint.split(":")

    assert len(words) == 32
    assert all(len(word) == 2 and word == word.upper() for word in words)


def unprotected(key: bytes, packet: bytes) -> bytes:
    return Session(policy(key, Policy.SSRC_ANY_INBOUND)).unprotect(packet)


def protected(key: bytes, packet: bytes) -> bytes:
    return Session(policy(key, Policy.SSRC_ANY_OUTBOUND)).protect(packet)


def policy(key: bytes, direction: int) -> Policy:
    return Policy(key=key, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
