"""What one forwarded packet costs: one publisher, ten subscribers, loopback, real SRTP, the real process.

The publisher keeps the forwarder's queue part-full (`--pps` for a fixed rate instead); every subscriber is a socket
of its own that is woken, answers and verifies (see `load`).  `us_per_forwarded` is the forwarder's own user + system
time by packets sent.  `ratio_to_c` compares it with a bare forwarder in C without any logic under the same load in
the same run.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
from typing import Any

from sfu.forwarder import form
from tests.bench import load
from tests.bench.load import floor

# RTP header, extensions, descriptor and tag of a packet of the load.
OVERHEAD = 28 + 16
SHORT = ["--seconds", "4"]


def run(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench forward")
    parser.add_argument("--subscribers", type=int, default=10)
    parser.add_argument("--size", type=int, default=1100, help="bytes of an SRTP packet")
    parser.add_argument("--pps", type=int, default=0, help="packets a second in; 0: as fast as they go")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--interpreted", action="store_true", help="without the compiled form")
    parser.add_argument("--portable", action="store_true", help="as on Windows: link by TCP, sendto, select")
    parser.add_argument("--sealers", type=int, default=0, help="threads of the forwarder that seal and send")
    parser.add_argument("--no-floor", action="store_true", help="without the comparison in C")
    options = parser.parse_args(arguments)
    figures = measure(options)
    if not options.no_floor:
        least = floor.measure(options.subscribers, shape(options), not options.pps, options.seconds)
        figures["c_us_per_forwarded"] = least
        figures["ratio_to_c"] = round(figures["us_per_forwarded"] / least, 2)
    return figures


def shape(options: argparse.Namespace) -> load.Shape:
    body = options.size - OVERHEAD
    return load.Shape(options.pps, 1, body) if options.pps else load.Shape(1, 16, body)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    forwarder = load.Forwarder(
        "--sealers", str(options.sealers), form=form.INTERPRETED if options.interpreted else "",
        portable=options.portable,
    )  # fmt: skip
    try:
        publisher, *subscribers = [load.Peer(number) for number in range(options.subscribers + 1)]
        load.join(
            forwarder, [publisher, *subscribers], publishes=lambda peer: peer is publisher,
            watches=lambda peer: [] if peer is publisher else [publisher],
        )  # fmt: skip
        running = load.Running([(publisher, shape(options))], subscribers, None if options.pps else forwarder.udp)
        figures = load.measure(forwarder, running, options.seconds, options.subscribers)
        return figures | {"compiled": forwarder.compiled}
    finally:
        forwarder.close()
