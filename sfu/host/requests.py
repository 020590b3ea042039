"""What every handler asks of a request."""

from __future__ import annotations

from fastapi import Request

from sfu.host.addresses import parsed
from sfu.rtp.errors import ErrorCode, UserError


async def body_of(request: Request, most: int, sentence: str) -> bytes:
    """Raises UserError(TOO_LARGE, sentence) before more than `most` bytes are held."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise UserError(ErrorCode.TOO_LARGE, sentence)
    return body


def bearer(request: Request) -> str | None:
    return bearer_of(request.headers.get("authorization", ""))


def bearer_of(authorization: str) -> str | None:
    """The token of such a header (RFC 6750, 2.1)."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def address_of(request: Request) -> str:
    """A proxy on this computer says for whom it speaks; what anybody else says about that is not believed."""
    address = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    here = parsed(address)
    return forwarded if here is not None and here.is_loopback and parsed(forwarded) is not None else address
