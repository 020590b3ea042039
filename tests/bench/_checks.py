"""How long an answer takes in a real meeting: host, forwarder, broker, worker and two people on this computer."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sfu.core.check_script import LENGTH_S
from sfu.wire import messages as wire
from tests.system.hosting import hosting
from tests.system.test_checks import Guest, answered
from tests.system.test_emotions import film, until


def answers(count: int) -> dict[str, Any]:
    """From asking, of somebody who always agrees, to reading the result; the first also starts the worker."""
    took, rates = asyncio.run(_ask(count))
    return {
        "answer_p95_s": round(float(np.percentile(took, 95)), 2),
        "answer_first_s": round(took[0], 2),
        "answers": count,
        "analysed_per_s": round(min(rates), 1),
    }


async def _ask(count: int) -> tuple[list[float], list[float]]:
    with TemporaryDirectory() as folder:
        async with hosting(Path(folder) / "data", ("--unlisted",)) as host:
            media = film(Path(folder) / "ana.mkv", 640, 360, 20 + 20 * count)
            ben, ana = Guest(host, "Ben", None), Guest(host, "Ana", media)
            stop = asyncio.Event()
            running = [asyncio.create_task(ben.run(stop))]
            await until(lambda: len(ben.people) == 1)
            running.append(asyncio.create_task(ana.run(stop)))
            await until(lambda: len(ben.people) == 2 and ben.people[1].camera and ben.people[1].connected)
            await until(lambda: ben.checks.possible)
            ana.engine.post(wire.AllowChecks(answer=wire.StandingAnswer.ALWAYS))
            await until(lambda: ben.people[1].checks is wire.StandingAnswer.ALWAYS)
            results = [await _timed(ben, f"c{number}") for number in range(1, count + 1)]
            stop.set()
            await asyncio.gather(*running)
    return [seconds for seconds, _ in results], [result.pictures / LENGTH_S for _, result in results]


async def _timed(ben: Guest, check: str) -> tuple[float, wire.CheckResult]:
    began = time.monotonic()
    ben.engine.post(wire.AskCheck(participant=ben.people[1].id))
    result = await answered(ben, check)
    return time.monotonic() - began, result
