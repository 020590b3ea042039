"""What every HTTP answer carries, and which requests are answered at all.

A web page somewhere else must not be able to use a visitor's browser to reach this host (DNS rebinding, cross-site
WebSockets): requests must name this computer in `Host`, and browsers must say that they come from our own page.
Whoever comes without TLS gets the plain site and nothing else.  Plain ASGI, so that it covers pages, API and
WebSocket alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sfu.host.addresses import parsed
from sfu.rtp.errors import ErrorCode
from sfu.wire.messages import Problem

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob: mediastream:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), geolocation=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_MISDIRECTED = Problem(
    title="Wrong name",
    status=421,
    detail="This computer is not known by that name. Open the meeting link exactly as it was given to you.",
    code=ErrorCode.BAD_LINK,
)
_FOREIGN = Problem(
    title="Foreign page",
    status=403,
    detail="Another web page tried to reach this meeting. Open the meeting link itself.",
    code=ErrorCode.NOT_ALLOWED,
)


class Guard:
    """`names`: what this computer is called now, besides its addresses; `plain` answers requests without TLS."""

    def __init__(self, app: ASGIApp, names: Callable[[], frozenset[str]], plain: ASGIApp) -> None:
        self._app = app
        self._names = names
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        encrypted = scope["scheme"] in ("https", "wss")
        problem = self._problem(Headers(scope=scope), "https" if encrypted else "http")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if problem is None and (encrypted or scope["type"] == "http"):
            await (self._app if encrypted else self._plain)(scope, receive, send_guarded)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before accepting: the server answers HTTP 403
        elif problem is not None:
            await _answer(problem, send_guarded)

    def _problem(self, headers: Headers, scheme: str) -> Problem | None:
        host = headers.get("host", "")
        if not self._ours(host):
            return _MISDIRECTED
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"{scheme}://{host.lower()}":
            return _FOREIGN
        return None

    def _ours(self, host: str) -> bool:
        """An address cannot be rebound, so any will do; a name must be one of ours."""
        bracketed = host.startswith("[")
        name = host[1:].partition("]")[0] if bracketed else host.partition(":")[0].lower()
        if name in self._names():
            return True
        return parsed(name) is not None


async def _answer(problem: Problem, send: Send) -> None:
    body = json.dumps(problem.model_dump()).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
