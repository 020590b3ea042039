"""One JSON object a line, both ways, with a process of the bench."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

PATIENCE = 30.0


def say(**facts: Any) -> None:
    """To whoever started this process."""
    print(json.dumps(facts), flush=True)


def listen(obey: Callable[[dict[str, Any]], None], over: Callable[[], None]) -> None:
    """Each command, on a thread of its own; `over` when nobody commands any more."""

    def read() -> None:
        for line in sys.stdin:
            obey(json.loads(line))
        over()

    threading.Thread(target=read, name="commands", daemon=True).start()


class Told:
    """A process that is commanded."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def tell(self, do: str, **facts: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **facts}).encode() + b"\n")

    async def until(self, event: str, patience: float = PATIENCE) -> dict[str, Any]:
        """The next of its lines about this; others are passed over.  Raises TimeoutError, OSError when it has gone."""
        assert self.process.stdout is not None
        async with asyncio.timeout(patience):
            while line := await self.process.stdout.readline():
                said: dict[str, Any] = json.loads(line)
                if said["event"] == event:
                    return said
        raise OSError("a process of the bench has gone")

    async def ask(self, do: str, **facts: Any) -> dict[str, Any]:
        """Its answer is called as the command."""
        self.tell(do, **facts)
        return await self.until(do)


@asynccontextmanager
async def told(
    module: str, *arguments: str, prefix: Sequence[str] = (), env: Mapping[str, str] = {}
) -> AsyncIterator[Told]:
    """`python -m module`, gone when the block ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *prefix, sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, env={**os.environ, **env}
    )
    try:
        yield Told(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
