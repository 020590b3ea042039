"""Join tokens, signed: what POST …/join gives out and the first message on the socket shows.

HMAC-SHA256 with a secret of this installation, the algorithm pinned (a token may not choose it), the audience this
host's pin.  What a genuine token is still good for is decided in `sfu.core.tickets`; tokens are never logged.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import jwt

from sfu.core.tickets import LIFETIME, Ticket
from sfu.host.keyfiles import kept_secret
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import Role

_ALGORITHM = "HS256"
_SECRET_BYTES = 32
_CLAIMS = ["aud", "exp", "jti", "meeting", "name", "role"]


def installation_secret(path: Path) -> bytes:
    """256 random bits, kept in `path`.  Raises UserError when the file was damaged."""
    secret = kept_secret(path, lambda: secrets.token_bytes(_SECRET_BYTES))
    if len(secret) != _SECRET_BYTES:
        raise UserError(ErrorCode.UNSUPPORTED, f"{path} is damaged. Delete it and start again.")
    return secret


class Tokens:
    """Signs tickets and reads them back.  Wall-clock seconds are passed in."""

    def __init__(self, secret: bytes, audience: str) -> None:
        self._secret = secret
        self.audience = audience

    def issue(
        self, meeting: str, name: str, role: Role, wall: float, address: str = "", account: str | None = None
    ) -> str:
        claims = {
            "aud": self.audience,
            "exp": int(wall + LIFETIME),
            "jti": secrets.token_urlsafe(16),
            "meeting": meeting,
            "name": name,
            "role": role.value,
            "address": address,
            "account": account,
        }
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM)

    def read(self, token: str) -> Ticket:
        """Raises UserError(BAD_TOKEN) for whatever this host did not sign.  Expiry is the ticket's business."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=self.audience,
                options={"require": _CLAIMS, "verify_exp": False},
            )
            return Ticket(
                id=str(claims["jti"]),
                meeting=str(claims["meeting"]),
                name=str(claims["name"]),
                role=Role(claims["role"]),
                expires=float(claims["exp"]),
                address=str(claims.get("address", "")),
                key=secrets.token_urlsafe(24),
                account=str(claims["account"]) if claims.get("account") is not None else None,
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise UserError(
                ErrorCode.BAD_TOKEN,
                "This host did not give out that token. Open the meeting link again and join from there.",
            ) from error
