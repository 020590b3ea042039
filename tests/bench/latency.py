"""How long a packet takes through the forwarder, in a meeting of a hundred, while the control process is busy.

The load is `mix`, a part of it (`--load`).  From the publisher's system call to the subscriber's, so the way through
the kernel and the wake-ups are in it.  Delays say much about the machine: the load's own two threads and the busy
process share the cores with the forwarder, so look at `load_average`, and have four cores.
"""

from __future__ import annotations

import json
import time
from typing import Any

from tests.bench import mix

SHORT = ["--seconds", "4"]


def run(arguments: list[str]) -> dict[str, Any]:
    parser = mix.parser("latency")
    parser.add_argument("--load", type=float, default=0.5, help="share of the load of `mix`")
    parser.add_argument("--idle", action="store_true", help="the control process has nothing to do")
    options = parser.parse_args(arguments)
    figures, delays = mix.measure(options, options.load, None if options.idle else _busy)
    kept = ("delivered", "forwarded_per_s", "cores", "samples", "bad_samples", "load_average", "compiled")
    return {
        "p50_ms": mix.percentile(delays, 0.5), "p95_ms": mix.percentile(delays, 0.95),
        "p99_ms": mix.percentile(delays, 0.99), "load": options.load,
    } | {key: figures[key] for key in kept}  # fmt: skip


def _busy(seconds: float) -> None:
    """What a control process does at its worst: messages without a pause."""
    until = time.monotonic() + seconds
    message = {"views": [{"source": f"p{number}/camera", "priority": 5} for number in range(100)]}
    while time.monotonic() < until:
        json.loads(json.dumps(message))
