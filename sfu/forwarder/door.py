"""Where the control process hands sockets to a forwarder that runs already.

One Unix datagram socket, one message a socket: a byte that says what it is, and the socket itself (SCM_RIGHTS).
Connections of clients come this way, because the one port is the control process's and whoever speaks neither TLS
nor HTTP there is ours; and the link to a new control process, when the old one was killed.  Systems that cannot pass
sockets like this have no door, no TCP for media, and a meeting that ends with its control process.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

from sfu.link.handover import Handed


class Door:
    """Owns its end; never waits."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock

    def fileno(self) -> int:
        return self._socket.fileno()

    def handed(self) -> Iterator[tuple[Handed, socket.socket]]:
        """What has been handed over since the last call."""
        if sys.platform == "win32":   # which has no such door
            return
        while True:
            try:
                label, descriptors, _, _ = socket.recv_fds(self._socket, 1, 1)
            except OSError:
                return  # nothing more
            for descriptor in descriptors:
                yield Handed(label), socket.socket(fileno=descriptor)

    def close(self) -> None:
        self._socket.close()
