"""The control process is killed in a meeting of two desktop engines; how long until both are back, with media?

Deaths after the first within a minute are answered later by design (`sfu.core.restarts`), so one is the default.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.engine.signalling import open_session
from sfu.rtp.errors import UserError
from sfu.wire.messages import Changed, ClientKind, Joined, Participant, Welcome
from tests.engine.clips import write_clip
from tests.system.hosting import RunningHost, hosting

NAMES = frozenset({"Ana", "Ben"})
_LONGEST_S = 60.0


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="failover --control")
    parser.add_argument("--deaths", type=int, default=1)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        waits = asyncio.run(_meet(Path(folder), given.deaths))
    return {"deaths": given.deaths, "rejoined_s": round(max(waits), 3), "rejoined_p50_s": round(_middle(waits), 3)}


async def _meet(folder: Path, deaths: int) -> list[float]:
    clip = await asyncio.to_thread(write_clip, folder / "clip.webm", 30.0)
    async with hosting(folder / "data") as host:
        people = [await _engine(host, name, clip) for name in sorted(NAMES)]
        try:
            await _all_here(host)
            return [await _die(host) for _ in range(deaths)]
        finally:
            for person in people:
                person.terminate()
                await person.wait()


async def _engine(host: RunningHost, name: str, clip: Path) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "app.headless", host.link, "--name", name, "--media", str(clip)]
    return await asyncio.create_subprocess_exec(*command)


async def _die(host: RunningHost) -> float:
    """Seconds from the death until both were seen with media; a restart that is counted against us is one, too."""
    began = time.monotonic()
    await host.kill_control()
    await _all_here(host)
    return time.monotonic() - began


async def _all_here(host: RunningHost) -> None:
    async with asyncio.timeout(_LONGEST_S):
        while True:
            try:
                async with open_session(host.invite, "Watcher", ClientKind.HEADLESS) as session:
                    here: set[str] = set()
                    while not here >= NAMES:
                        match await session.receive():
                            case Welcome(roster=people):
                                here |= _live(people)
                            case Joined(participant=person) | Changed(participant=person):
                                here |= _live([person])
                    return
            except UserError:
                await asyncio.sleep(0.02)


def _live(people: Sequence[Participant]) -> set[str]:
    return {person.name for person in people if person.connected}


def _middle(waits: Sequence[float]) -> float:
    return sorted(waits)[len(waits) // 2]
