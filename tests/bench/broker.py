"""What a call costs: one after the other, and 64 in flight from three processes, through a real broker to a worker that
only echoes.  `floor_p50_ms` is a plain ZeroMQ round trip of the same bytes through as many processes, in the same run;
`ratio` is ours over that.

    python -m tests.bench broker [--seconds N] [--json]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from typing import Any

from models.core.scoring import percentile
from models.runtime.calling import Caller
from tests.bench._zeromq_floor import round_trips
from tests.models.plane import ECHO, ROOT, plane

SHORT = ["--seconds", "3"]
PAYLOAD = bytes(1024)
IN_FLIGHT, PROCESSES = 64, 3


def one_by_one(endpoint: str, seconds: float) -> list[float]:
    """Seconds that each call took."""
    took = []
    with Caller(endpoint, "bench") as caller:
        caller.call(ECHO, PAYLOAD)
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            caller.call(ECHO, PAYLOAD)
            took.append(time.perf_counter() - began)
    return took


def flood(endpoint: str, seconds: float) -> int:
    """Calls answered in so many seconds with IN_FLIGHT outstanding."""
    with Caller(endpoint, f"flood-{os.getpid()}") as caller:
        for _ in range(IN_FLIGHT):
            caller.submit(ECHO, PAYLOAD)
        done, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            if caller.collect(1.0) is not None:
                done += 1
                caller.submit(ECHO, PAYLOAD)
        return done


def run(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench broker")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--flood", metavar="ENDPOINT", help="what each of the processes does")
    options = parser.parse_args(argv)
    if options.flood:
        return {"done": flood(options.flood, options.seconds)}
    floor = percentile(round_trips(options.seconds / 2), 50)
    with plane() as running:
        running.worker("echo-1")
        running.until_ready("echo-1")
        took = one_by_one(running.endpoint, options.seconds)
        command = [sys.executable, "-m", "tests.bench", "broker", "--flood", running.endpoint]
        command += ["--seconds", str(options.seconds)]
        floods = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
        done = sum(int(process.communicate()[0].split()[1]) for process in floods)
    return {
        "p50_ms": round(1000 * percentile(took, 50), 3),
        "p99_ms": round(1000 * percentile(took, 99), 3),
        "floor_p50_ms": round(1000 * floor, 3),
        "ratio": round(percentile(took, 50) / floor, 2),
        "calls": len(took),
        "calls_per_s": round(done / options.seconds),
        "load_average": round(os.getloadavg()[0], 1),
    }
