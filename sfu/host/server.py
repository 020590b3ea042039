"""uvicorn on a socket that is open already, with our certificate, our signals and our limits."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from sfu.wire.messages import MAX_FRAME

# Frames up to this size are refused with a sentence by the session; larger ones end the connection unread.
_HARD_MAX_FRAME = 4 * MAX_FRAME
# A phone that went into a tunnel is noticed after this, in seconds; twice.
_PING = 15.0
_MAX_CONNECTIONS = 1_000
_MAX_HEADERS = 16_384
_GOODBYES = 3


class Server(uvicorn.Server):
    """Leaves signals to whoever runs it: set `should_exit`."""

    def __init__(self, app: FastAPI, tls: ssl.SSLContext) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="websockets-sansio",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                ws_max_size=_HARD_MAX_FRAME,
                ws_ping_interval=_PING,
                ws_ping_timeout=_PING,
                ws_per_message_deflate=False,
                limit_concurrency=_MAX_CONNECTIONS,
                h11_max_incomplete_event_size=_MAX_HEADERS,
                timeout_graceful_shutdown=_GOODBYES,
                ssl_context_factory=lambda _config, _default: tls,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_on(self, listening: socket.socket) -> None:
        """Serves until `should_exit`; closes the socket."""
        await self.serve(sockets=[listening])
