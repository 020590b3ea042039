"""How long a packet takes through the forwarder, in a meeting of a hundred, while the control process is busy.

The load is `mix`, a part of it (`--load`).  From the publisher's system call to the subscriber's socket, where the
kernel notes the time: the way through the kernel and the forwarder's wake-up are in it, and not how long a subscriber
of this bench lacks the processor.  A picture of five packets leaves five hundred times, and half of them have to
wait for two hundred and fifty others: `p50_ms` is about these.  `probe_p50_ms` is one packet a millisecond from one
person to one other beside that load, as a voice goes, and as the prototype was measured: beside one publisher and
ten subscribers (`--few`).  Delays say much about the machine: the load's own threads and the busy process share the
cores with the forwarder, so look at `load_average`, and have four cores.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from tests.bench import load, mix

SHORT = ["--seconds", "4"]
PROBE_BYTES = 120
# Packets a second in that `forward` takes on one core, and how many make a picture.
MOST_TO_TEN, PICTURE = 40_000, 5


def run(arguments: list[str]) -> dict[str, Any]:
    parser = mix.parser("latency")
    parser.add_argument("--load", type=float, default=0.5, help="share of the load of `mix`")
    parser.add_argument("--few", action="store_true", help="one publisher and ten subscribers instead of a hundred")
    parser.add_argument("--idle", action="store_true", help="the control process has nothing to do")
    options = parser.parse_args(arguments)
    probe = _Probe(options.people)
    busy = time.sleep if options.idle else _busy
    measure = _few if options.few else mix.measure
    figures, delays = measure(options, options.load, lambda seconds: probe.beside(busy, seconds), probe.join)
    kept = ("delivered", "forwarded_per_s", "cores", "samples", "bad_samples", "load_average", "compiled")
    return {
        "p50_ms": mix.percentile(delays, 0.5), "p95_ms": mix.percentile(delays, 0.95),
        "p99_ms": mix.percentile(delays, 0.99), "probe_p50_ms": mix.percentile(probe.delays, 0.5),
        "probe_p99_ms": mix.percentile(probe.delays, 0.99), "load": options.load,
    } | {key: figures[key] for key in kept}  # fmt: skip


def _few(
    options: argparse.Namespace, share: float, meanwhile: Callable[[float], None],
    joined: Callable[[load.Forwarder], None],
) -> tuple[dict[str, Any], list[float]]:  # fmt: skip
    """As `mix.measure`, with the load of `forward`: a share of what one core forwards to ten."""
    forwarder = load.Forwarder("--sealers", str(options.sealers))
    try:
        publisher, *subscribers = [load.Peer(number) for number in range(11)]
        load.join(
            forwarder, [publisher, *subscribers], publishes=lambda peer: peer is publisher,
            watches=lambda peer: [] if peer is publisher else [publisher],
        )  # fmt: skip
        joined(forwarder)
        shape = load.Shape(share * MOST_TO_TEN / PICTURE, PICTURE, mix.PACKET)
        running = load.Running([(publisher, shape)], subscribers)
        figures = load.measure(forwarder, running, options.seconds, len(subscribers), meanwhile)
        return figures | {"compiled": forwarder.compiled}, running.latencies_ms()
    finally:
        forwarder.close()


class _Probe:
    """Two more people, of whom one sends small packets to the other."""

    def __init__(self, people: int) -> None:
        self._speaker, self._listener = load.Peer(people), load.Peer(people + 1)
        self.delays: list[float] = []
        """In milliseconds, sorted."""

    def join(self, forwarder: load.Forwarder) -> None:
        load.join(
            forwarder, [self._speaker, self._listener], publishes=lambda peer: peer is self._speaker,
            watches=lambda peer: [self._speaker] if peer is self._listener else [],
        )  # fmt: skip

    def beside(self, other: Callable[[float], None], seconds: float) -> None:
        """Measures while `other` takes so long."""
        running = load.Running([(self._speaker, load.Shape(1000, 1, PROBE_BYTES))], [self._listener])
        running.load.verify_every, running.load.pause = 1, 0
        running.start()
        other(seconds)
        running.stop()
        self.delays = running.latencies_ms()


def _busy(seconds: float) -> None:
    """What a control process does at its worst: messages without a pause."""
    until = time.monotonic() + seconds
    message = {"views": [{"source": f"p{number}/camera", "priority": 5} for number in range(100)]}
    while time.monotonic() < until:
        json.loads(json.dumps(message))
