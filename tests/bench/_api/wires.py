"""HTTP/1.1 and the session's WebSocket as thin as they can be, so that a load costs its maker little.

For a host of ours alone: answers have a length, and frames are neither masked nor in pieces.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import struct
import time
from collections.abc import Callable
from typing import Any

# RFC 6455, 5.2
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_FINAL, _MASKED = 0x80, 0x80
_NO_MASK = bytes(4)


class Wire(asyncio.Protocol):
    """One connection.  Requests go one after the other; after `upgrade`, `heard(instant, text)` is told of texts."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._held = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._upgraded = False
        self.heard: Callable[[float, bytes], None] = lambda instant, text: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the host hung up"))

    def data_received(self, data: bytes) -> None:
        self._held += data
        while self._frame() if self._upgraded else self._reply():
            pass

    def request(self, raw: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Status and body of the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return self._answer

    def raw(self, method: str, path: str, token: str = "", body: dict[str, Any] | None = None) -> bytes:
        content = json.dumps(body).encode() if body is not None else b""
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        head += [f"Authorization: Bearer {token}"] if token else []
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if body is not None else []
        return "\r\n".join([*head, "", ""]).encode() + content

    async def upgrade(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        head = ["GET /session HTTP/1.1", f"Host: {self._host}", "Upgrade: websocket", "Connection: Upgrade",
                f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]  # fmt: skip
        status, _ = await self.request("\r\n".join(head).encode())
        if status != 101:
            raise ConnectionError(f"no session socket: {status}")

    def say(self, message: dict[str, Any]) -> None:
        self._send(_TEXT, json.dumps(message).encode())

    def close(self) -> None:
        self._transport.close()

    def _send(self, opcode: int, content: bytes) -> None:
        """Masked by zeros, which leave it as it is."""
        size = len(content)
        length = bytes([_MASKED | size]) if size < 126 else bytes([_MASKED | 126]) + struct.pack("!H", size)
        self._transport.write(bytes([_FINAL | opcode]) + length + _NO_MASK + content)

    def _reply(self) -> bool:
        head, end, rest = self._held.partition(b"\r\n\r\n")
        if not end or self._answer is None:
            return False
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) < length:
            return False
        status = int(head[9:12])
        self._held, self._upgraded = rest[length:], status == 101
        if not self._answer.done():
            self._answer.set_result((status, rest[:length]))
        return bool(self._held)

    def _frame(self) -> bool:
        if len(self._held) < 2:
            return False
        opcode, size, at = self._held[0] & 0x0F, self._held[1], 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(self._held[2:at], "big")
        if len(self._held) < at + size:
            return False
        content, self._held = self._held[at : at + size], self._held[at + size :]
        if opcode == _TEXT:
            self.heard(time.perf_counter(), content)
        elif opcode == _PING:
            self._send(_PONG, content)
        return bool(self._held)


async def opened(port: int, host: str = "127.0.0.1") -> Wire:
    """Connected by TLS."""
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(f"{host}:{port}"), host, port, ssl=trusting())
    return wire


def trusting() -> ssl.SSLContext:
    """Whatever certificate is shown: what the host answers is measured here, not who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
