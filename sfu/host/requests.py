"""What every handler asks of a request."""

from __future__ import annotations

import ipaddress

from fastapi import Request

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
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def address_of(request: Request) -> str:
    """A proxy on this computer says for whom it speaks; what anybody else says about that is not believed."""
    address = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_here(address) and _is_address(forwarded) else address


def _is_here(address: str) -> bool:
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
