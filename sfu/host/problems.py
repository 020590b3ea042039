"""Errors of the HTTP API as `application/problem+json` (RFC 9457), each with a sentence for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sfu.rtp.errors import ErrorCode, ParleyError
from sfu.wire.messages import Problem

_STATUS = {
    ErrorCode.BAD_FRAME: HTTPStatus.BAD_REQUEST,
    ErrorCode.BAD_LOGIN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.BAD_PASSCODE: HTTPStatus.UNAUTHORIZED,
    ErrorCode.BAD_TOKEN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.DISK_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    ErrorCode.GONE: HTTPStatus.GONE,
    ErrorCode.HOST_UNREACHABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.MEETING_FULL: HTTPStatus.CONFLICT,
    ErrorCode.MEETING_LOCKED: HTTPStatus.LOCKED,
    ErrorCode.REMOVED: HTTPStatus.FORBIDDEN,
    ErrorCode.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.TAKEN: HTTPStatus.CONFLICT,
    ErrorCode.NO_MEETING: HTTPStatus.NOT_FOUND,
    ErrorCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


_NOTHING_HERE = (
    "There is nothing at this address. Open the meeting link exactly as it was given to you.", ErrorCode.BAD_LINK
)
_HTTP = {
    HTTPStatus.BAD_REQUEST: ("That request cannot be read. Send JSON, in UTF-8.", ErrorCode.BAD_FRAME),
    HTTPStatus.METHOD_NOT_ALLOWED: ("That is not done with this address.", ErrorCode.BAD_FRAME),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That request is too large.", ErrorCode.TOO_LARGE),
}


class Refusal(ParleyError):
    """An error whose HTTP status a protocol prescribes."""

    def __init__(self, status: HTTPStatus, code: ErrorCode, sentence: str) -> None:
        super().__init__(code, sentence)
        self.status = status


async def refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ParleyError)
    if isinstance(error, Refusal):
        return problem(error.status, error.sentence, error.code)
    return problem(_STATUS.get(error.code, HTTPStatus.BAD_REQUEST), error.sentence, error.code)


async def not_here(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return problem(status, *_HTTP.get(status, _NOTHING_HERE))


async def not_understood(_request: Request, error: Exception) -> Response:
    """A body or parameter that is not what the description (`/api/openapi.json`) says."""
    assert isinstance(error, RequestValidationError)
    where = ".".join(str(part) for part in error.errors()[0]["loc"]) if error.errors() else "body"
    sentence = f"That request is not what this address takes ({where[:100]}). /api/docs describes it."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, ErrorCode.BAD_FRAME)


def problem(status: HTTPStatus, sentence: str, code: ErrorCode) -> Response:
    said = Problem(title=status.phrase, status=status, detail=sentence, code=code)
    # RFC 9110, 11.6.1: a 401 says how to be let in.
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(said.model_dump(), status, headers, media_type="application/problem+json")
