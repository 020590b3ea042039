"""`failover --workers`: one of two workers is killed while 64 calls are in flight."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from models.runtime.calling import Caller, CallFailed, Wish
from tests.models.plane import ECHO, plane

IN_FLIGHT = 64
KILL_AFTER, RUN_FOR = 2.0, 8.0
WORK = Wish(params=b'{"sleep": 0.005}')


def run(_argv: Sequence[str] = ()) -> dict[str, Any]:
    """`recovered_s`: from the kill to the last answer of what had been asked before it."""
    lost, answered, before, recovered = 0, 0, set[int](), 0.0
    with plane() as running, Caller(running.endpoint, "bench") as caller:
        victim = running.worker("echo-1")
        running.worker("echo-2")
        running.until_ready("echo-1", "echo-2")
        outstanding = {caller.submit(ECHO, bytes(1024), WORK) for _ in range(IN_FLIGHT)}
        began, killed = time.monotonic(), 0.0
        while outstanding:
            now = time.monotonic() - began
            if not killed and now > KILL_AFTER:
                victim.kill()
                killed, before = time.monotonic(), set(outstanding)
            done = caller.collect(12.0)
            if done is None:
                break
            number, outcome = done
            outstanding.discard(number)
            lost += isinstance(outcome, CallFailed)
            answered += 1
            if number in before:
                before.discard(number)
                recovered = time.monotonic() - killed
            if now < RUN_FOR:
                outstanding.add(caller.submit(ECHO, bytes(1024), WORK))
    return {"requests_lost": lost + len(outstanding), "recovered_s": round(recovered, 2), "answered": answered}
