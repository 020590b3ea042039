"""What one life of the control process leaves to the next: the port, the door to the forwarder, the meeting's facts.

Sockets are inherited as descriptors, everything else lies in a private folder that is gone with the meeting.  Secrets
are among it: the folder is 0700 and its files 0600.  What people said is not: it is in the store.  Who
is here is, by their ids and hashes of their keys: they come again (`sfu.core.inheritance`).
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sfu.host.addresses import Address
from sfu.host.chance import meeting_code
from sfu.host.ports import Port, open_port
from sfu.portable import PORTABLE

_FACTS, _BEGUN, _RULES = "estate.json", "begun", "rules.json"


@dataclass(slots=True)
class Estate:
    """`close` only where it was opened: in the process that outlives the others."""

    port: Port
    door: tuple[socket.socket, socket.socket] | None
    """Our end and the forwarder's, which must not close while either of us may be started again."""
    folder: Path
    """Private, and with a path short enough for a socket (108 bytes)."""
    keeper: int
    """The process that the user started."""
    life: int = 1
    """Of the control process."""
    meeting: str = field(default_factory=lambda: secrets.token_hex(8))
    code: str = field(default_factory=meeting_code)
    host_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    feed_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    began: float = field(default_factory=time.monotonic)
    """Meeting time 0 on the machine's monotonic clock, which all its processes share."""
    began_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))

    @classmethod
    def open(cls, binds: Sequence[Address], number: int) -> Estate:
        """Raises UserError when the port cannot be had."""
        port = open_port(binds, number)
        return cls(port, _door(), Path(tempfile.mkdtemp(prefix="parley-")), os.getpid())

    def close(self) -> None:
        self.port.close()
        for end in self.door or ():
            end.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- from life to life ----------------------------------------------------------------------------------

    @property
    def descriptors(self) -> tuple[int, ...]:
        return tuple(sock.fileno() for sock in (*self.port.tcp, *self.port.udp, *(self.door or ())))

    def write(self) -> Path:
        """For the next control process; `descriptors` keep their numbers there."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in _WRITTEN}
        facts |= {
            "number": self.port.number,
            "tcp": [sock.fileno() for sock in self.port.tcp],
            "udp": [sock.fileno() for sock in self.port.udp],
            "door": [end.fileno() for end in self.door or ()],
        }
        return self._write(_FACTS, json.dumps(facts))

    @classmethod
    def inherit(cls, path: Path) -> Estate:
        """As the keeper wrote it; the sockets are ours too from now on."""
        facts = json.loads(path.read_text("utf-8"))
        kinds = ("tcp", "udp", "door")
        tcp, udp, door = ([socket.socket(fileno=number) for number in facts.pop(kind)] for kind in kinds)
        port = Port(facts.pop("number"), tuple(tcp), tuple(udp))
        return cls(port, (door[0], door[1]) if door else None, path.parent, **facts)

    @property
    def begun(self) -> bool:
        """People could join: from now on a control process that dies is worth another."""
        return (self.folder / _BEGUN).exists()

    def begin(self) -> None:
        (self.folder / _BEGUN).touch()

    # -- what was decided during the meeting ----------------------------------------------------------------

    def keep_rules(self, rules: str) -> None:
        """JSON of how the meeting is run now.  A full disk costs the next life these rules, and us nothing."""
        with contextlib.suppress(OSError):
            self._write(_RULES, rules)

    def rules(self) -> str | None:
        """What the last life kept, if any."""
        try:
            return (self.folder / _RULES).read_text("utf-8")
        except OSError:
            return None

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        fresh = path.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.chmod(0o600)
        return fresh.replace(path)


def _door() -> tuple[socket.socket, socket.socket] | None:
    """Both ends; None where a socket cannot be handed over through one (SCM_RIGHTS)."""
    if PORTABLE or sys.platform == "win32":
        return None
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)


_WRITTEN = ("keeper", "life", "meeting", "code", "host_token", "feed_token", "began", "began_at")
