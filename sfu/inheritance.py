"""Sockets that a program of ours is started with; it knows them by numbers on its command line.

Elsewhere a child keeps the descriptors that `pass_fds` names.  Windows' way is `socket.share`: the socket is copied for
one process, whose number must be known, so the child is told on its standard input, a line a socket.

Standard library only: the forwarder loads it.
"""

from __future__ import annotations

import base64
import functools
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def popen(command: Sequence[str], sockets: Sequence[socket.socket], **how: Any) -> subprocess.Popen[bytes]:
    """Started with these sockets, which the caller may close then.  Their numbers are those of `fileno()` here.

    `how`: for Popen, but standard input and what is inherited.  The child gets no Ctrl+C of ours.
    """
    if sys.platform != "win32":
        numbers = tuple(sock.fileno() for sock in sockets)
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=numbers, start_new_session=True, **how)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, creationflags=subprocess.CREATE_NO_WINDOW, **how)
    assert process.stdin is not None
    with process.stdin as told:
        for sock in sockets:
            told.write(b"%d %s\n" % (sock.fileno(), base64.b64encode(sock.share(process.pid))))
    return process


def inherited(number: int) -> socket.socket:
    """In the child, once for each number."""
    if sys.platform != "win32":
        return socket.socket(fileno=number)
    return socket.fromshare(_shared()[number])


@functools.cache
def _shared() -> dict[int, bytes]:
    lines = (line.split() for line in sys.stdin.buffer)
    return {int(number): base64.b64decode(copy) for number, copy in lines}
