"""One file over HTTP, resumed where it broke off.

Weights are large and Wi-Fi is not: a download that dies at 90 % must go on from 90 %.  What has arrived stays in
`NAME.part`; the next attempt asks for the rest with a Range header.  A server that ignores Range simply starts over.
Whether the bytes are the right ones is not decided here: `sources` compares the digest.
"""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path

CHUNK = 256 * 1024
# Long enough for a server that has to wake a disk, short enough that a person still believes it is working.
SOCKET_TIMEOUT_S = 30.0
# A connection that breaks is tried again while it brings anything; this many in a row without a byte is a failure.
FRUITLESS_ATTEMPTS = 3

# Everything the far end or the way to it can do to us; a plain OSError is the local disk and is not ours to explain.
NETWORK_FAILURES = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError, ssl.SSLError)


class DownloadFailed(Exception):
    """The file could not be had; the message says why, for people.  What arrived is kept for the next attempt."""


def download(address: str, part: Path, size: int, received: Callable[[int], None]) -> None:
    """Completes `part` to `size` bytes from `address`, calling `received(bytes so far)` as it grows.

    Raises DownloadFailed for anything the network or the server did, and OSError for the local disk.
    """
    fruitless, best = 0, _size(part)
    while (have := _size(part)) != size:
        if have > size:
            part.unlink()
            continue
        failure = _attempt(address, part, size, received)
        have = _size(part)
        fruitless = 0 if have > best else fruitless + 1
        best = max(best, have)
        if fruitless == FRUITLESS_ATTEMPTS:
            raise DownloadFailed(failure)


def _attempt(address: str, part: Path, size: int, received: Callable[[int], None]) -> str:
    """One connection; returns why it ended, which matters only if it brought nothing."""
    have = _size(part)
    headers = {"Range": f"bytes={have}-"} if have else {}
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity", **headers})
    try:
        with urllib.request.urlopen(request, timeout=SOCKET_TIMEOUT_S) as response:
            resumed = response.status == 206
            _receive(response, part, have if resumed else 0, size, received)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 416:   # not "range not satisfiable"
            raise DownloadFailed(f"the server answered {error.code} {error.reason}") from error
        part.unlink(missing_ok=True)
        return "the server refused to resume"
    except NETWORK_FAILURES as error:
        return f"no connection ({getattr(error, 'reason', None) or error})"
    return "the connection ended early"


def _receive(response: HTTPResponse, part: Path, start: int, size: int, received: Callable[[int], None]) -> None:
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        so_far = start
        while chunk := response.read(CHUNK):
            so_far += len(chunk)
            if so_far > size:
                raise DownloadFailed(f"the server sends more than the {size} bytes the file should have")
            file.write(chunk)
            received(so_far)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
