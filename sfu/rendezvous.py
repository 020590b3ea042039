"""Where two of our programs on one computer meet over ZeroMQ: a name in a private folder.

Whoever may read the folder may come.  That is a Unix socket where there are some.  Elsewhere it is a TCP port of the
loopback interface, which everybody on the computer can reach; so a key lies in the folder, and who does not know it
gets no further than the handshake (CurveZMQ, ZeroMQ RFC 26: a client's first message is sealed for the server's public
key, which is never sent).
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zmq

from sfu.portable import PORTABLE

ZAP_DOMAIN = "rendezvous"
"""Who checks the keys of others in the same process (ZeroMQ RFC 27) lets this one pass."""
_UNIX, _KEYED = "ipc://", "keyed://"


@dataclass(frozen=True, slots=True)
class _Port:
    number: int
    public: str
    secret: str


def place(folder: Path, name: str) -> str:
    """The endpoint of that name, for `bind` and `connect`; told to programs on their command lines.

    `folder` is private (0700), with a path short enough for a socket (108 bytes).  Raises OSError.
    """
    if not PORTABLE:
        return f"{_UNIX}{folder}/{name}"
    file = folder / f"{name}.port"
    if not file.exists():
        _write(file, _free_port())
    return f"{_KEYED}{file}"


def bind(sock: zmq.Socket[Any], endpoint: str) -> None:
    """Raises zmq.ZMQError when somebody else has it."""
    if (port := _keyed(endpoint)) is None:
        sock.bind(endpoint)
        return
    sock.curve_server = True
    sock.curve_publickey, sock.curve_secretkey = port.public.encode(), port.secret.encode()
    sock.zap_domain = ZAP_DOMAIN.encode()
    sock.bind(f"tcp://127.0.0.1:{port.number}")


def connect(sock: zmq.Socket[Any], endpoint: str) -> None:
    """Also before anybody is there."""
    if (port := _keyed(endpoint)) is None:
        sock.connect(endpoint)
        return
    sock.curve_serverkey = port.public.encode()
    sock.curve_publickey, sock.curve_secretkey = zmq.curve_keypair()
    sock.connect(f"tcp://127.0.0.1:{port.number}")


def _keyed(endpoint: str) -> _Port | None:
    if not endpoint.startswith(_KEYED):
        return None
    return _Port(**json.loads(Path(endpoint.removeprefix(_KEYED)).read_text("utf-8")))


def _free_port() -> _Port:
    """One that is free now; whoever takes it before us finds nobody who speaks to them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    public, secret = zmq.curve_keypair()
    return _Port(number, public.decode(), secret.decode())


def _write(file: Path, port: _Port) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(asdict(port), out)
