"""Finding the meeting of a code among hosts that one does not know, without giving the code away.

Whoever asks proves that they know the code, and whoever answers proves it too; both proofs are bound to the key of the
host that was asked, so they are worth nothing anywhere else.  A host that does not know the code would have to try
all 8.5 · 10^11 of them, at 50 ms each (scrypt, RFC 7914).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

SERVICE = "_parley._tcp.local."
"""As which hosts announce themselves by multicast DNS (RFC 6763)."""
_SALT = b"parley meeting code 1"


@lru_cache(maxsize=64)
def code_key(code: str) -> bytes:
    """The slow step.  `code` in its normal form: eight capitals and digits."""
    return hashlib.scrypt(code.encode(), salt=_SALT, n=1 << 14, r=8, p=1, dklen=32)


def question(code: str, pin: str) -> str:
    """What is sent to the host whose key has this pin (as links carry it)."""
    return _proof(code, pin, b"is it here?")


def reply(code: str, pin: str) -> str:
    """What only a host with this code can answer."""
    return _proof(code, pin, b"it is here.")


def _proof(code: str, pin: str, purpose: bytes) -> str:
    mac = hmac.digest(code_key(code), purpose + pin.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
