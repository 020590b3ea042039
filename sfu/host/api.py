"""The host's few HTTP requests: the page, `join`, `health`, and the way to the session socket.

Errors are problem+json (RFC 9457) with a sentence for people.  Nothing is decided here: the door lets people in,
the session talks to them, the guard stands in front.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from sfu.host.conference import Conference
from sfu.host.door import Door
from sfu.host.guard import Guard
from sfu.host.session import Session
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire.messages import MAX_NAME, PROTOCOL, JoinReply, JoinRequest, Problem

WEB = Path(__file__).parents[2] / "resources" / "web"
# A name of 64 characters, escaped in the longest way JSON has, is below 1 KB.
MAX_BODY = 4096

_STATUS = {
    ErrorCode.BAD_FRAME: HTTPStatus.BAD_REQUEST,
    ErrorCode.BAD_TOKEN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.MEETING_FULL: HTTPStatus.CONFLICT,
    ErrorCode.NO_MEETING: HTTPStatus.NOT_FOUND,
    ErrorCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


def create_app(door: Door, conference: Conference, names: Callable[[], frozenset[str]]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, names=names)
    app.add_exception_handler(ParleyError, _refused)
    app.add_exception_handler(HTTPException, _not_here)
    app.mount("/web", StaticFiles(directory=WEB), name="web")

    @app.get("/")
    @app.get("/j/{code}")
    async def page(code: str = "") -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/api/health")
    async def health() -> dict[str, object]:
        return {"status": "ok", "protocol": PROTOCOL}

    @app.post("/api/meetings/{code}/join")
    async def join(code: str, request: Request) -> JoinReply:
        wanted = _join_request(await _body(request))
        address = request.client.host if request.client else ""
        return JoinReply(token=door.knock(code, wanted.name, _bearer(request), address))

    @app.websocket("/session")
    async def session(socket: WebSocket) -> None:
        await Session(socket, door, conference).run()

    return app


async def _body(request: Request) -> bytes:
    """Raises UserError(TOO_LARGE) before more than MAX_BODY bytes are held."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            sentence = f"That request is too large. A name has at most {MAX_NAME} characters."
            raise UserError(ErrorCode.TOO_LARGE, sentence)
    return body


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


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ParleyError)
    return _problem(_STATUS.get(error.code, HTTPStatus.BAD_REQUEST), error.sentence, error.code)


async def _not_here(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "There is nothing at this address. Open the meeting link exactly as it was given to you."
    return _problem(HTTPStatus(error.status_code), sentence, ErrorCode.BAD_LINK)


def _problem(status: HTTPStatus, sentence: str, code: ErrorCode) -> Response:
    problem = Problem(title=status.phrase, status=status, detail=sentence, code=code)
    return JSONResponse(problem.model_dump(), status, media_type="application/problem+json")
