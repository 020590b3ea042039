"""The host's few HTTP requests: the page, `join`, `health`, and the way to the session socket.

Errors are problem+json (RFC 9457) with a sentence for people.  Nothing is decided here: the door lets people in,
the session talks to them, the guard stands in front.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sfu.host.conference import Conference
from sfu.host.door import Door
from sfu.host.feed_routes import feed_router
from sfu.host.feeds import Feeds
from sfu.host.file_routes import file_router
from sfu.host.guard import Guard
from sfu.host.metrics import exposition
from sfu.host.problems import not_here, not_understood, refused
from sfu.host.recording_routes import recording_router
from sfu.host.requests import address_of, bearer, body_of
from sfu.host.service_routes import Services, service_router
from sfu.host.session import Session
from sfu.host.trust import Authority, plain_site, routes
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire.messages import MAX_NAME, PROTOCOL, FindReply, FindRequest, JoinReply, JoinRequest

WEB = Path(__file__).parents[2] / "resources" / "web"
# A name of 64 characters, escaped in the longest way JSON has, is below 1 KB.
MAX_BODY = 4096
# 200 invited people; an offer of a feed.
MOST_HELD = 131_072


def create_app(
    door: Door,
    conference: Conference,
    feeds: Feeds,
    names: Callable[[], frozenset[str]],
    authority: Authority,
    services: Services,
) -> FastAPI:
    app = FastAPI(title="Parley", version=str(PROTOCOL), docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(Bounded)
    app.add_middleware(Guard, names=names, plain=plain_site(authority))
    app.add_exception_handler(ParleyError, refused)
    app.add_exception_handler(HTTPException, not_here)
    app.add_exception_handler(RequestValidationError, not_understood)
    # One flat list, what is asked most first: an included router is searched twice for every request.
    for router in (
        service_router(services), file_router(services), recording_router(services), feed_router(feeds)
    ):
        app.router.routes.extend(router.routes)
    app.router.routes.extend(routes(authority))
    app.mount("/web", StaticFiles(directory=WEB), name="web")

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(WEB / "api.html")

    @app.get("/", include_in_schema=False)
    @app.get("/j/{code}", include_in_schema=False)
    async def page(code: str = "") -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/api/health")
    async def health() -> dict[str, object]:
        return {"status": "ok", "protocol": PROTOCOL}

    @app.get("/api/metrics")
    async def metrics(request: Request) -> Response:
        """For Prometheus; shows who is here, so it wants the host's token."""
        door.require_host(bearer(request))
        body = exposition(conference.snapshot) if conference.snapshot is not None else b""
        return Response(body, media_type="text/plain; version=0.0.4")

    @app.post("/api/find")
    async def find(request: Request) -> FindReply:
        """Whether the meeting of somebody's code is here (see `sfu.wire.finding`)."""
        return FindReply(proof=door.asked(_find_request(await _body(request)).question, address_of(request)))

    @app.post("/api/meetings/{code}/join")
    async def join(code: str, request: Request) -> JoinReply:
        wanted = _join_request(await _body(request))
        return JoinReply(token=await door.knock(code, wanted, bearer(request), address_of(request)))

    @app.websocket("/session")
    async def session(socket: WebSocket) -> None:
        await Session(socket, door, conference).run()

    return app


class Bounded:
    """No request may make us hold more than this, whatever it says about its length.

    A shared file is not held but written, and has its own limit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held = 0

        async def bounded() -> Message:
            nonlocal held
            message = await receive()
            held += len(message.get("body", b""))
            if held > MOST_HELD:
                raise HTTPException(413)
            return message

        own_limit = scope["type"] != "http" or (scope["method"] == "PUT" and "/files/" in scope["path"])
        await self._app(scope, receive if own_limit else bounded, send)


async def _body(request: Request) -> bytes:
    return await body_of(request, MAX_BODY, f"That request is too large. A name has at most {MAX_NAME} characters.")


def _join_request(body: bytes) -> JoinRequest:
    try:
        return JoinRequest.model_validate_json(body)
    except ValidationError as error:
        kind = error.errors()[0]["type"]
        if kind == "string_too_long":
            raise UserError(ErrorCode.BAD_FRAME, f"That name is too long. Use at most {MAX_NAME} characters.") from None
        if kind == "string_too_short":
            raise UserError(ErrorCode.BAD_FRAME, "Type your name, so that others know who you are.") from None
        sentence = 'That was not a request to join. Send {"name": "…"} as JSON.'
        raise UserError(ErrorCode.BAD_FRAME, sentence) from None


def _find_request(body: bytes) -> FindRequest:
    try:
        return FindRequest.model_validate_json(body)
    except ValidationError:
        sentence = 'That was not a question for a meeting. Send {"question": "…"} as JSON.'
        raise UserError(ErrorCode.BAD_FRAME, sentence) from None
