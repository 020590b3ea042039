"""The one port of a meeting: the same number for TCP (HTTPS, WebSocket) and UDP (media).

One number is one firewall rule.  The UDP sockets are opened here and handed to the forwarder, so a forwarder that is
started again finds them open.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from sfu.host.addresses import Address
from sfu.rtp.errors import ErrorCode, UserError

# A key frame to each of a hundred people arrives at the kernel within a few milliseconds.
UDP_BUFFER = 8 << 20
_BACKLOG = 256
_TRIES = 32


@dataclass(frozen=True, slots=True)
class Port:
    """All its sockets, open, one of each kind for each address family.  Whoever opened them closes them."""

    number: int
    tcp: tuple[socket.socket, ...]
    udp: tuple[socket.socket, ...]

    def close(self) -> None:
        for sock in (*self.tcp, *self.udp):
            sock.close()


def open_port(binds: Sequence[Address], number: int) -> Port:
    """Opens `number` on each address, or any that is free everywhere when it is 0.

    Raises UserError with what to do.
    """
    for _ in range(_TRIES):
        with contextlib.ExitStack() as opened:
            chosen, tcp, udp = number, [], []
            try:
                for bind in binds:
                    tcp.append(opened.enter_context(contextlib.closing(_listen(bind, chosen))))
                    chosen = tcp[0].getsockname()[1]
                udp = [opened.enter_context(contextlib.closing(_datagrams(bind, chosen))) for bind in binds]
            except OSError as error:
                if number != 0 or error.errno != errno.EADDRINUSE:
                    raise _refused(bind, chosen, error) from error
                continue
            opened.pop_all()
            return Port(chosen, tuple(tcp), tuple(udp))
    raise UserError(ErrorCode.BUSY_PORT, "No port is free for both TCP and UDP. Choose one with --port.")


def _listen(bind: Address, number: int) -> socket.socket:
    tcp = _socket(bind, socket.SOCK_STREAM)
    try:
        # So that a meeting can be started again at once; two listeners on one port are still refused.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((str(bind), number))
        tcp.listen(_BACKLOG)
    except OSError:
        tcp.close()
        raise
    return tcp


def _datagrams(bind: Address, number: int) -> socket.socket:
    """Without SO_REUSEADDR, which for UDP would let another program share, and steal, our packets."""
    udp = _socket(bind, socket.SOCK_DGRAM)
    try:
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            udp.setsockopt(socket.SOL_SOCKET, option, UDP_BUFFER)
        udp.bind((str(bind), number))
        udp.setblocking(False)
    except OSError:
        udp.close()
        raise
    return udp


def _socket(bind: Address, kind: socket.SocketKind) -> socket.socket:
    """An IPv6 one takes IPv6 alone: the answers' candidates say exactly what is listened to."""
    if bind.version == 4:
        return socket.socket(socket.AF_INET, kind)
    opened = socket.socket(socket.AF_INET6, kind)
    opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def _refused(bind: Address, number: int, error: OSError) -> UserError:
    if error.errno == errno.EADDRINUSE:
        sentence = (
            f"Port {number} is in use by another program, perhaps another meeting. "
            f"Stop it, or choose another port with --port {_another(number)}."
        )
    elif error.errno in (errno.EACCES, errno.EPERM):
        sentence = f"Port {number} may not be used by this account. Choose one above 1023, such as --port 7443."
    else:
        sentence = f"{bind} port {number} cannot be used ({error.strerror}). Choose another address with --bind."
    return UserError(ErrorCode.BUSY_PORT, sentence)


def _another(number: int) -> int:
    return number + 1 if number < 65_535 else number - 1
