"""A host's end of the transport, in process: ICE-lite answers, DTLS passive, raw RTP and RTCP back and forth.

It stands in for the real host and forwarder, so that the client's transport is tested without either.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aioice import Candidate, stun
from aioice.utils import random_string
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from app.engine.transport import RemoteTransport


class IceLiteHost(asyncio.DatagramProtocol):
    """`await start()`, give `remote` to the client, `await secure(...)` with the client's fingerprint."""

    role = "controlled"
    state = "completed"

    def __init__(self) -> None:
        self.username, self.password = random_string(8), random_string(22)
        self.answers = True
        self.rtp: asyncio.Queue[bytes] = asyncio.Queue()
        self.rtcp: asyncio.Queue[bytes] = asyncio.Queue()
        self._inbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._peer: Any = None
        self._socket: Any = None
        self._dtls = _HostDtls(self, RTCCertificate.generateCertificate())

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._socket, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    @property
    def remote(self) -> RemoteTransport:
        host, port = self._socket.get_extra_info("sockname")
        candidate = Candidate("1", 1, "udp", 2_130_706_431, host, port, "host")
        fingerprints = [(f.algorithm, f.value) for f in self._dtls.getLocalParameters().fingerprints]
        return RemoteTransport(self.username, self.password, [candidate], fingerprints)

    async def secure(self, fingerprint: tuple[str, str]) -> None:
        """The server side of the handshake; waits for the client's first flight."""
        await self._dtls.start(RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint(*fingerprint)]))

    async def send(self, packet: bytes) -> None:
        await self._dtls._send_rtp(packet)

    async def close(self) -> None:
        await self._dtls.stop()
        self._socket.close()
        await asyncio.sleep(0)

    def datagram_received(self, data: bytes, address: Any) -> None:
        if not self.answers:
            return
        try:
            message = stun.parse_message(data)
        except ValueError:
            self._inbox.put_nowait(data)
            return
        self._peer = address
        reply = stun.Message(message.message_method, stun.Class.RESPONSE, message.transaction_id)
        reply.attributes["XOR-MAPPED-ADDRESS"] = address
        reply.add_message_integrity(self.password.encode())
        self._socket.sendto(bytes(reply), address)

    async def _recv(self) -> bytes:
        return await self._inbox.get()

    async def _send(self, data: bytes) -> None:
        self._socket.sendto(data, self._peer)


class _HostDtls(RTCDtlsTransport):
    def __init__(self, host: IceLiteHost, certificate: RTCCertificate) -> None:
        super().__init__(host, [certificate])  # type: ignore[arg-type]
        self._host = host
        self._set_role("server")
        self._srtp_profiles = [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80]

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self._host.rtp.put_nowait(data)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self._host.rtcp.put_nowait(data)
