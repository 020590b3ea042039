"""`python -m sfu.forwarder --link-fd N --udp-fd M … --tap ENDPOINT`: started by the control process.

All sockets are inherited: the control process opened the one port and the link, so the port survives us.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import socket
import sys
from pathlib import Path

from sfu.forwarder import form

form.choose()

from sfu.core.forward import COMPILED  # noqa: E402
from sfu.forwarder.ledger import open_ledger  # noqa: E402
from sfu.forwarder.loop import Ends, Loop, Sockets  # noqa: E402  (what is imported depends on the form)
from sfu.forwarder.sealing import how_many  # noqa: E402
from sfu.inheritance import inherited  # noqa: E402

# Before everything else on a busy laptop; half a step to the top, so that nobody can hang the machine by it.
PRIORITY = -10


def main() -> None:
    parser = argparse.ArgumentParser(prog="sfu.forwarder", description="The media plane of one host.")
    parser.add_argument("--link-fd", type=int, required=True, help="inherited stream socket to the control process")
    parser.add_argument("--udp-fd", type=int, required=True, nargs="+", help="inherited, bound; one a family")
    parser.add_argument("--door-fd", type=int, help="inherited Unix socket on which connections are handed over")
    parser.add_argument("--tap", required=True, help="ZeroMQ endpoint of the inference broker's tap")
    parser.add_argument("--tape", default="", help="ZeroMQ endpoint of the recorder")
    parser.add_argument("--ledger", type=Path, help="file of the numbers that must outlive us")
    parser.add_argument("--sealers", type=int, choices=range(9),
                        help="threads that seal and send; by default as many as suit the cores")  # fmt: skip
    parser.add_argument("--portable", action="store_true", help="only what every system has; the link may be TCP")
    arguments = parser.parse_args()
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            # Allowed to few users; without it media is merely less prompt.  Who was started higher up stays there.
            os.setpriority(os.PRIO_PROCESS, 0, min(PRIORITY, os.getpriority(os.PRIO_PROCESS, 0)))
    link = inherited(arguments.link_fd)
    if link.family == socket.AF_INET:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    udp = [inherited(descriptor) for descriptor in arguments.udp_fd]
    door = inherited(arguments.door_fd) if arguments.door_fd is not None else None
    # What is made for a packet lives for a packet; looking through a hundred people's slots for rubbish holds media up.
    gc.freeze()
    gc.set_threshold(50_000)
    with open_ledger(arguments.ledger) as ledger:
        taps = Ends(arguments.tap, arguments.tape)
        sealers = arguments.sealers if arguments.sealers is not None else _sealers()
        Loop(Sockets(link, udp, door, arguments.portable), taps, ledger, sealers).run()


def _sealers() -> int:
    """Interpreted, they would wait for each other and for us."""
    return how_many(os.cpu_count() or 1) if COMPILED else 0


if __name__ == "__main__":
    main()
