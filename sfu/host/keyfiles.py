"""Secrets on disk: made once, readable by their owner only, never half written.

Two hosts started at the same moment in one data folder must end up with the same secret, so the first to link its
file into place wins and the other reads that one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from sfu.rtp.errors import ErrorCode, UserError

_OTHERS = 0o077


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of `path`, made with mode 0600 if it is not there.  Raises UserError when the disk says no."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _place(path, make())
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            path.chmod(0o600)  # copied from elsewhere, or unpacked from a backup
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            ErrorCode.UNSUPPORTED,
            f"{path} cannot be used ({error.strerror}). Make the folder writable or choose another with --data.",
        ) from error


def _place(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return  # another host was first; its secret is as good
    finally:
        os.unlink(fresh)
