"""A real host process for system tests, started as a user would start it, on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.engine.invite import Invite, parse_wanted
from tests.system.waiting import PATIENCE


@dataclass(frozen=True, slots=True)
class RunningHost:
    process: asyncio.subprocess.Process
    ready: dict[str, Any]

    @property
    def link(self) -> str:
        return str(self.ready["link"])

    @property
    def invite(self) -> Invite:
        wanted = parse_wanted(self.link)
        assert wanted.host is not None
        assert wanted.fingerprint is not None
        return Invite(wanted.host, wanted.port, wanted.code, wanted.fingerprint)

    async def event(self, name: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next line on standard output with this event; others are passed over."""
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while True:
                said = json.loads(await self.process.stdout.readline())
                if said["event"] == name:
                    return dict(said)

    async def kill_control(self) -> None:
        """Without warning; returns when another is being started in its place."""
        os.kill(self.ready["children"]["control"], signal.SIGKILL)
        said = await self.event("child", 60.0)
        while (said["name"], said["state"]) != ("control", "started"):
            said = await self.event("child", 60.0)
        self.ready["children"]["control"] = said["pid"]

    async def kill_forwarder(self) -> None:
        """Without warning; returns when another runs in its place."""
        os.kill(self.ready["children"]["forwarder"], signal.SIGKILL)
        said = await self.event("child")
        while (said["name"], said["state"]) != ("forwarder", "started"):
            said = await self.event("child")
        self.ready["children"]["forwarder"] = said["pid"]


@asynccontextmanager
async def hosting(
    data: Path, arguments: Sequence[str] = ("--no-captions",), prefix: Sequence[str] = ()
) -> AsyncIterator[RunningHost]:
    """Stops with its children when the block ends, or when the test process dies.  `prefix` runs it elsewhere."""
    command = [*prefix, sys.executable, "-m", "sfu.host", "--title", "System test", "--port", "0"]
    here = [] if "--bind" in arguments else ["--bind", "127.0.0.1"]
    command += [*here, "--data", str(data), "--json", "--with-parent", *arguments]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(2 * PATIENCE):  # a few programs start one after the other
            ready = json.loads(await process.stdout.readline())
        assert ready["event"] == "ready", ready
        yield RunningHost(process, ready)
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()
            if process.stdout is not None:
                await process.stdout.read()  # its programs have the pipe too: when it ends, they have
