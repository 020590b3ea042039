"""The one port of a meeting: the same number for TCP (HTTPS, WebSocket) and UDP (media).

One number is one firewall rule.  The UDP socket is opened here and handed to the forwarder, so a forwarder that is
started again finds it open.
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from sfu.host.addresses import Address
from sfu.rtp.errors import ErrorCode, UserError

# A key frame to each of a hundred people arrives at the kernel within a few milliseconds.
UDP_BUFFER = 8 << 20
_BACKLOG = 256
_TRIES = 32


@dataclass(frozen=True, slots=True)
class Port:
    """Both sockets, open.  Whoever opened them closes them."""

    number: int
    tcp: socket.socket
    udp: socket.socket

    def close(self) -> None:
        self.tcp.close()
        self.udp.close()


def open_port(bind: Address, number: int) -> Port:
    """Opens `number`, or any that is free for both when it is 0.  Raises UserError with what to do."""
    for _ in range(_TRIES):
        tcp = _listen(bind, number)
        chosen = tcp.getsockname()[1]
        try:
            return Port(chosen, tcp, _datagrams(bind, chosen))
        except OSError as error:
            tcp.close()
            if number != 0 or error.errno != errno.EADDRINUSE:
                raise _refused(bind, chosen, error) from error
    raise UserError(ErrorCode.BUSY_PORT, "No port is free for both TCP and UDP. Choose one with --port.")


def _listen(bind: Address, number: int) -> socket.socket:
    tcp = _socket(bind, socket.SOCK_STREAM)
    try:
        # So that a meeting can be started again at once; two listeners on one port are still refused.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((str(bind), number))
        tcp.listen(_BACKLOG)
    except OSError as error:
        tcp.close()
        raise _refused(bind, number, error) from error
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
