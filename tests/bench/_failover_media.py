"""The forwarder is killed after its numbers have wrapped; how long until everybody has media again?

Two clients with real SRTP send sound and picture both ways.  Twelve minutes' worth of packets go through as fast as
the forwarder takes them, then everybody sends in real time, the forwarder gets SIGKILL, and one is started again as
the host does it: same socket, same file, same orders.  Every index that was on the wire is compared.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.forwarder.lives import DEADLINE_S, Caller, Lives

# 720 s of 50 packets of sound and 100 of picture a second.
TWELVE_MINUTES = 108_000
_BATCH = 60
_LONGEST_S = 240.0


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="failover")
    parser.add_argument("--packets", type=int, default=TWELVE_MINUTES, help="to each client before the first death")
    parser.add_argument("--deaths", type=int, default=3)
    parser.add_argument("--sealers", type=int, default=0, help="threads of the forwarder that seal and send")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        lives = Lives(Path(folder), given.sealers)
        callers = [Caller(lives, "ana", 1), Caller(lives, "ben", 2)]
        for caller, other in zip(callers, ("ben", "ana"), strict=True):
            caller.watch(other)
        try:
            _age(callers, given.packets)
            waits = [_die(lives, callers) for _ in range(given.deaths)]
        finally:
            lives.close()
            for caller in callers:
                caller.close()
    wraps = max(index for caller in callers for kind, _, index in caller.indices if kind == "rtp") >> 16
    return {
        "media_back_s": round(max(waits), 3),
        "media_back_median_s": round(sorted(waits)[len(waits) // 2], 3),
        "reused_indices": sum(caller.reused for caller in callers),
        "unopened": sum(caller.unopened for caller in callers),
        "indices": sum(len(caller.indices) for caller in callers),
        "wraps": wraps,
        "deaths": given.deaths,
    }


def _age(callers: Sequence[Caller], packets: int) -> None:
    until = time.monotonic() + _LONGEST_S
    while min(caller.packets for caller in callers) < packets:
        if time.monotonic() > until:
            raise LookupError("the packets did not get through in time")
        for caller in callers:
            caller.say()
            caller.consent()
            for _ in range(_BATCH // 3):
                caller.film(packets=3)
        for caller in callers:
            caller.read(0.02)
            caller.lives.read()


def _die(lives: Lives, callers: Sequence[Caller]) -> float:
    """Seconds from the kill until sound and picture have come to everybody."""
    over = threading.Event()
    talking = threading.Thread(target=_talk, args=(callers, over))
    talking.start()
    try:
        time.sleep(1.0)
        lives.kill()
        died = time.monotonic()
        for caller in callers:
            caller.sounds = caller.frames = 0
        lives.start()
        while min(min(caller.sounds, caller.frames) for caller in callers) == 0:
            if time.monotonic() - died > DEADLINE_S:
                raise LookupError("media did not come back")
            lives.read(0.002)
        return time.monotonic() - died
    finally:
        over.set()
        talking.join()


def _talk(callers: Sequence[Caller], over: threading.Event) -> None:
    """50 packets of sound and 25 frames of 4 packets a second."""
    turn = 0
    due = time.monotonic()
    while not over.is_set():
        turn += 1
        due += 0.02
        for caller in callers:
            caller.say()
            if turn % 100 == 0:
                caller.consent()
            if turn % 2:
                caller.film(packets=4)
        while (left := due - time.monotonic()) > 0:
            for caller in callers:
                caller.read(left / 4)
