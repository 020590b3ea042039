"""What a person pastes or types to join, taken apart.

People paste links from chats, with spaces, line breaks and half of the end missing; they type a code that was read out
to them, or an address and a code.  This module turns such a text into what it says or says in one sentence what is
wrong with it; it opens no connection.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sfu.rtp.errors import ErrorCode, UserError

MAX_LINK = 2_048
USUAL_PORT = 7443
FINGERPRINT_BYTES = 32
# The host's alphabet has no 0, O, 1, I or L: a code can be read aloud.
CODE = re.compile(r"[2-9A-HJKMNP-Z]{8}")
PATH = re.compile(r"/j/([^/]+)/?")
# Spaces and dashes within a code do not matter; before it may stand an address, with a port or without.
TYPED = re.compile(r"(?:(?P<where>\S*[.:\]]\S*)\s+)?(?P<code>[A-Za-z0-9\s\u2013-]{8,20})")
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
        return origin(self.host, self.port)

    @property
    def link(self) -> str:
        pin = base64.urlsafe_b64encode(self.fingerprint).rstrip(b"=").decode()
        return f"https://{self.origin}/j/{self.code}#fp={pin}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody who wants to join has said.  `host` None: look for it; `fingerprint` None: people must compare."""

    code: str
    host: str | None = None
    port: int = USUAL_PORT
    fingerprint: bytes | None = None


def origin(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse_wanted(typed: str) -> Wanted:
    """A link, a code, or an address and a code; raises UserError(BAD_LINK)."""
    text = typed.strip()
    if not text:
        raise _bad("Nothing was given. Paste the link from the invitation, or type the meeting's code.")
    if len(text) > MAX_LINK:
        raise _bad(f"This is too long to be a meeting link. {COPY_AGAIN}")
    if "://" in text or "/j/" in text:
        return _from_link("".join(text.split()))
    found = TYPED.fullmatch(text)
    if found is None:
        raise _bad(f"This is neither a meeting link nor a code of eight characters. {COPY_AGAIN}")
    if found["where"] is None:
        return Wanted(_code(found["code"]))
    host, port = _where(f"https://{found['where']}")
    return Wanted(_code(found["code"]), host, port or USUAL_PORT)


def _from_link(text: str) -> Wanted:
    """`https://HOST:PORT/j/CODE#fp=PIN`; without the fragment people have to compare words."""
    link = text if "://" in text else f"https://{text}"
    host, port = _where(link)
    parts = urlsplit(link)
    if parts.scheme != "https" or not port:
        raise _bad(f"A meeting link begins with https:// and an address with a port. {COPY_AGAIN}")
    found = PATH.fullmatch(parts.path)
    return Wanted(_code(found[1] if found else ""), host, port, _fingerprint(parts.fragment))


def _where(link: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad(f"This is not a meeting link. {COPY_AGAIN}") from None
    if not host:
        raise _bad(f"A meeting link begins with https:// and an address with a port. {COPY_AGAIN}")
    return host, port


def _code(typed: str) -> str:
    code = re.sub(r"[\s\u2013-]", "", typed).upper()
    if not CODE.fullmatch(code):
        raise _bad("The meeting code is missing or mistyped: it has eight characters, and never 0, O, 1, I or L. "
                   "Check it with the host.")
    return code


def _fingerprint(fragment: str) -> bytes | None:
    if not fragment:
        return None
    pin = parse_qs(fragment).get("fp", [""])[0]
    try:
        value = base64.b64decode(pin + "=" * (-len(pin) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != FINGERPRINT_BYTES:
        raise _bad(f"The end of this link (#fp=…), by which the host is recognised, is cut. {COPY_AGAIN}")
    return value


def _bad(sentence: str) -> UserError:
    return UserError(ErrorCode.BAD_LINK, sentence)
