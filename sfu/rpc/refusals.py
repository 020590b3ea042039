"""Refusals as gRPC statuses: the sentence in the details, our code in the trailing metadata."""

from __future__ import annotations

from typing import NoReturn

import grpc
from pydantic import ValidationError

from sfu.rtp.errors import ErrorCode, ParleyError, UserError

CODE_KEY = "parley-code"
_STATUS = {
    ErrorCode.BAD_FRAME: grpc.StatusCode.INVALID_ARGUMENT,
    ErrorCode.BAD_LOGIN: grpc.StatusCode.UNAUTHENTICATED,
    ErrorCode.BAD_TOKEN: grpc.StatusCode.UNAUTHENTICATED,
    ErrorCode.BUSY: grpc.StatusCode.UNAVAILABLE,
    ErrorCode.DISK_FULL: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ErrorCode.NOT_ALLOWED: grpc.StatusCode.PERMISSION_DENIED,
    ErrorCode.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    ErrorCode.TAKEN: grpc.StatusCode.FAILED_PRECONDITION,
    ErrorCode.TOO_LARGE: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ErrorCode.TOO_MANY: grpc.StatusCode.RESOURCE_EXHAUSTED,
}


async def refuse(context: grpc.aio.ServicerContext, refused: ParleyError | ValidationError) -> NoReturn:
    """Ends this call."""
    error = refused if isinstance(refused, ParleyError) else _not_understood(refused)
    status = _STATUS.get(error.code, grpc.StatusCode.INVALID_ARGUMENT)
    await context.abort(status, error.sentence, ((CODE_KEY, error.code.value),))
    raise error  # never: `abort` raises


def _not_understood(error: ValidationError) -> UserError:
    where = ".".join(str(part) for part in error.errors()[0]["loc"])
    sentence = f"That request is not what this call takes ({where[:100]}). parley.proto describes it."
    return UserError(ErrorCode.BAD_FRAME, sentence)
