"""Recordings of a meeting on another computer: what its host says of them, and their files, read by ranges.

A connection is trusted by the host's key, as the invitation names it, before a byte is sent (`app.engine.pinning`).
Blocking: for threads of their own.  A film is not fetched whole: what a decoder asks for comes in blocks, some of
which are kept.
"""

from __future__ import annotations

import contextlib
import hmac
import http.client
import io
import json
import re
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from app.engine.invite import Invite
from app.engine.pinning import public_key_pin
from app.engine.playback.files import Unplayable
from sfu.wire.http import Playable, PlayLink, Recorded
from sfu.wire.messages import Task

TIMEOUT_S = 10.0
BLOCK = 256 * 1024
"""Bytes in one request: a second of film and half a minute of a voice."""
MOST_BLOCKS = 24
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_TOTAL = re.compile(r"bytes \d+-\d+/(\d+)")
_RECORDINGS, _TASKS = TypeAdapter(list[Recorded]), TypeAdapter(list[Task])


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a meeting's recordings are, and as whom its host is asked."""

    invite: Invite
    key: str = field(repr=False)

    @property
    def path(self) -> str:
        return f"/api/meetings/{quote(self.invite.code, safe='')}/recordings"


class Line:
    """One connection, which is made anew when it was lost."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._connection: http.client.HTTPSConnection | None = None

    def ask(self, path: str, headers: Mapping[str, str], method: str = "GET") -> tuple[Mapping[str, str], bytes]:
        """What a success carries.  Raises Unplayable."""
        try:
            try:
                return self._ask(path, headers, method)
            except (http.client.HTTPException, ConnectionError):
                self.close()  # the host closes what is idle
                return self._ask(path, headers, method)
        except (http.client.HTTPException, OSError):
            self.close()
            raise Unplayable("unreachable") from None

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _ask(self, path: str, headers: Mapping[str, str], method: str) -> tuple[Mapping[str, str], bytes]:
        if self._connection is None:
            self._connection = self._trusted()
        self._connection.request(method, path, headers=dict(headers))
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status in _REFUSED:
            raise Unplayable("refused")
        if reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise Unplayable("gone")
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unplayable("unreachable")
        if reply.status >= HTTPStatus.BAD_REQUEST:
            raise Unplayable("damaged")
        return {name.lower(): value for name, value in reply.headers.items()}, body

    def _trusted(self) -> http.client.HTTPSConnection:
        """Open, and its other end has the key that was promised."""
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.minimum_version = ssl.TLSVersion.TLSv1_2
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        invite = self._shelf.invite
        connection = http.client.HTTPSConnection(invite.host, invite.port, timeout=TIMEOUT_S, context=blind)
        connection.connect()
        leaf = connection.sock.getpeercert(binary_form=True) or b""
        if not _is_theirs(leaf, invite.fingerprint):
            connection.close()
            raise Unplayable("refused")
        return connection


class RemoteFile(io.RawIOBase):
    """A file of a recording, as PyAV reads one.  Raises Unplayable from `read`, and when it is made."""

    def __init__(self, shelf: Shelf, path: str) -> None:
        """`path`: from `opened`."""
        self._line = Line(shelf)
        self._path = path
        self._place = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0
        self._version = ""
        self._block(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        """At most what is left of one block."""
        if self._place >= self._size or size == 0:
            return b""
        number, within = divmod(self._place, BLOCK)
        piece = self._block(number)[within:]
        piece = piece if size < 0 else piece[:size]
        self._place += len(piece)
        return piece

    def close(self) -> None:
        self._line.close()
        super().close()

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        first = number * BLOCK
        headers, body = self._line.ask(self._path, {"Range": f"bytes={first}-{first + BLOCK - 1}"})
        total = _TOTAL.fullmatch(headers.get("content-range", ""))
        if total is None:
            raise Unplayable("damaged")
        version = headers.get("etag", "")
        if self._blocks and version != self._version:
            raise Unplayable("gone")  # another file is in its place: somebody was erased, or the film was made anew
        self._version = version
        self._size = int(total[1])
        self._blocks[number] = body
        while len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return body


@dataclass(frozen=True, slots=True)
class Listed:
    recordings: list[Recorded]
    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Opened:
    """`base`, `query`: a file's path is the first, its name and the second."""

    recording: Playable
    base: str
    query: str

    def path(self, file: str) -> str:
        return f"{self.base}/{quote(file)}{self.query}"


def listed(shelf: Shelf) -> Listed:
    """Raises Unplayable."""
    with contextlib.closing(Line(shelf)) as line:
        found = _told(_RECORDINGS, line.ask(shelf.path, _as(shelf)))
        tasks = _told(_TASKS, line.ask(f"/api/tasks?meeting={quote(shelf.invite.code, safe='')}", _as(shelf)))
    return Listed(found, tasks)


def opened(shelf: Shelf, recording: str) -> Opened:
    """What can be played, also when the meeting is over.  Raises Unplayable."""
    base = f"{shelf.path}/{quote(recording, safe='')}"
    with contextlib.closing(Line(shelf)) as line:
        found = _told(TypeAdapter(Playable), line.ask(base, _as(shelf)))
        link = _told(TypeAdapter(PlayLink), line.ask(f"{base}/link", _as(shelf), "POST"))
    return Opened(found, base, f"?link={quote(link.link, safe='')}")


def _as(shelf: Shelf) -> dict[str, str]:
    return {"Authorization": f"Bearer {shelf.key}"}


def _told(kind: TypeAdapter[Any], reply: tuple[Mapping[str, str], bytes]) -> Any:
    try:
        return kind.validate_python(json.loads(reply[1]))
    except (ValueError, ValidationError):
        raise Unplayable("damaged") from None


def _is_theirs(leaf: bytes, fingerprint: bytes) -> bool:
    try:
        return hmac.compare_digest(public_key_pin(leaf), fingerprint)
    except ValueError:
        return False
