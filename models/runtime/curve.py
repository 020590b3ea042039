"""Keys for workers on other computers: who may lend a hand, and whom they trust (CurveZMQ, ZeroMQ RFC 26).

One key file is made on the host and carried to the other computer: it holds the host's public key and a pair of the
worker's own, so that each knows the other.  The host keeps its secret and the list of workers' public keys.  Files are
JSON, readable by their owner only; whoever has a worker's file can read what people say.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zmq
from zmq.utils.monitor import parse_monitor_message

from sfu.rtp.errors import ErrorCode, UserError

KEY_LENGTH = 40
"""Characters of a Z85 key (ZeroMQ RFC 32)."""
_REFUSED = (
    zmq.EVENT_HANDSHAKE_FAILED_AUTH,
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
)


@dataclass(frozen=True, slots=True)
class WorkerKeys:
    """What a worker elsewhere needs."""

    server: str
    public: str
    secret: str


@dataclass(frozen=True, slots=True)
class HostKeys:
    """What the broker needs.  `workers`: public keys of those it takes."""

    public: str
    secret: str
    workers: tuple[str, ...] = ()


def new_host_keys(path: Path) -> HostKeys:
    """Reads the host's keys, or makes them on the first day."""
    if path.exists():
        return read_host_keys(path)
    public, secret = zmq.curve_keypair()
    keys = HostKeys(public.decode(), secret.decode())
    _write(path, asdict(keys))
    return keys


def new_worker(host: Path, path: Path) -> WorkerKeys:
    """Makes a key file for one more worker at `path`, and has the host take it from its next start on."""
    keys = new_host_keys(host)
    public, secret = zmq.curve_keypair()
    worker = WorkerKeys(keys.public, public.decode(), secret.decode())
    if path.exists():
        raise UserError(ErrorCode.NOT_ALLOWED, f"{path} is there already. Choose another name, or move it away.")
    _write(path, asdict(worker))
    _write(host, asdict(HostKeys(keys.public, keys.secret, (*keys.workers, worker.public))))
    return worker


def read_host_keys(path: Path) -> HostKeys:
    kept = _read(path)
    workers = kept.get("workers", [])
    if not isinstance(workers, list):
        raise _unusable(path)
    return HostKeys(_key(kept, "public", path), _key(kept, "secret", path), tuple(map(str, workers)))


def read_worker_keys(path: Path) -> WorkerKeys:
    kept = _read(path)
    return WorkerKeys(*(_key(kept, name, path) for name in ("server", "public", "secret")))


class Handshake:
    """Dresses a worker's socket with its keys and notices when the host refuses them.  `check` after each poll."""

    def __init__(self, socket: zmq.Socket[bytes], keys: WorkerKeys) -> None:
        socket.curve_serverkey = keys.server.encode()
        socket.curve_publickey = keys.public.encode()
        socket.curve_secretkey = keys.secret.encode()
        self._socket = socket
        self._monitor: zmq.Socket[bytes] = socket.get_monitor_socket(sum(_REFUSED))

    def check(self) -> None:
        """UserError once the host has refused our key, or is not the host of this key."""
        while self._monitor.poll(0):
            event = parse_monitor_message(self._monitor.recv_multipart())
            if event["event"] in _REFUSED:
                raise UserError(
                    ErrorCode.NOT_ALLOWED,
                    "The host refused this key. Make a new one there with `parley host --new-worker FILE`, start the "
                    "host again, and copy the file here.",
                )

    def close(self) -> None:
        self._socket.disable_monitor()
        self._monitor.close(linger=0)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    draft.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UserError(ErrorCode.NOT_ALLOWED, f"{path} can be read by others; make it private (chmod 600).")
        kept = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(ErrorCode.NOT_ALLOWED, f"The key file {path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise _unusable(path) from None
    if not isinstance(kept, dict):
        raise _unusable(path)
    return kept


def _key(kept: dict[str, Any], name: str, path: Path) -> str:
    value = kept.get(name)
    if not isinstance(value, str) or len(value) != KEY_LENGTH or not value.isascii():
        raise _unusable(path)
    return value


def _unusable(path: Path) -> UserError:
    return UserError(ErrorCode.NOT_ALLOWED, f"{path} is not a key file of Parley. Make one with --new-worker.")
