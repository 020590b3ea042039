"""The invite link, taken apart.

People paste links from chats, with spaces, line breaks and half of the end missing.  This module turns such a text
into an `Invite` or says in one sentence what is wrong with it; it opens no connection.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sfu.rtp.errors import ErrorCode, UserError

MAX_LINK = 2_048
FINGERPRINT_BYTES = 32
# The host's alphabet has no 0, O, 1, I or L: a code can be read aloud.
CODE = re.compile(r"[2-9A-HJKMNP-Z]{8}")
PATH = re.compile(r"/j/([^/]+)/?")
COPY_AGAIN = "Copy the whole link from the invitation and paste it again."


@dataclass(frozen=True, slots=True)
class Invite:
    """Where a meeting is and whom to trust there."""

    host: str
    port: int
    code: str
    fingerprint: bytes
    """SHA-256 of the host certificate's SubjectPublicKeyInfo."""

    @property
    def origin(self) -> str:
        """`host:port` as a URL wants it (IPv6 in brackets)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_invite(link: str) -> Invite:
    """`https://HOST:PORT/j/CODE#fp=PIN`; raises UserError(BAD_LINK)."""
    text = "".join(link.split())
    if not text:
        raise _bad("No link was given. Paste the link from the invitation.")
    if len(text) > MAX_LINK:
        raise _bad(f"This is too long to be a meeting link. {COPY_AGAIN}")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad(f"This is not a meeting link. {COPY_AGAIN}") from None
    if parts.scheme != "https" or not host or not port:
        raise _bad(f"A meeting link begins with https:// and an address with a port. {COPY_AGAIN}")
    return Invite(host, port, _code(parts.path), _fingerprint(parts.fragment))


def _code(path: str) -> str:
    found = PATH.fullmatch(path)
    code = found[1].replace("-", "").upper() if found else ""
    if not CODE.fullmatch(code):
        raise _bad(f"The meeting code in this link is missing or mistyped. {COPY_AGAIN}")
    return code


def _fingerprint(fragment: str) -> bytes:
    pin = parse_qs(fragment).get("fp", [""])[0]
    try:
        value = base64.b64decode(pin + "=" * (-len(pin) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != FINGERPRINT_BYTES:
        raise _bad(f"The end of this link (#fp=…), by which the host is recognised, is missing or cut. {COPY_AGAIN}")
    return value


def _bad(sentence: str) -> UserError:
    return UserError(ErrorCode.BAD_LINK, sentence)
