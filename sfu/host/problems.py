"""Errors of the HTTP API as `application/problem+json` (RFC 9457), each with a sentence for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sfu.rtp.errors import ErrorCode, ParleyError
from sfu.wire.messages import Problem

_STATUS = {
    ErrorCode.BAD_FRAME: HTTPStatus.BAD_REQUEST,
    ErrorCode.BAD_PASSCODE: HTTPStatus.UNAUTHORIZED,
    ErrorCode.BAD_TOKEN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.HOST_UNREACHABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.MEETING_FULL: HTTPStatus.CONFLICT,
    ErrorCode.MEETING_LOCKED: HTTPStatus.LOCKED,
    ErrorCode.REMOVED: HTTPStatus.FORBIDDEN,
    ErrorCode.NO_MEETING: HTTPStatus.NOT_FOUND,
    ErrorCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
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
    sentence = "There is nothing at this address. Open the meeting link exactly as it was given to you."
    return problem(HTTPStatus(error.status_code), sentence, ErrorCode.BAD_LINK)


def problem(status: HTTPStatus, sentence: str, code: ErrorCode) -> Response:
    said = Problem(title=status.phrase, status=status, detail=sentence, code=code)
    # RFC 9110, 11.6.1: a 401 says how to be let in.
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(said.model_dump(), status, headers, media_type="application/problem+json")
