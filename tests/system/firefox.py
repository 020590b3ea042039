"""Headless Firefox for system tests: WebDriver BiDi over its own WebSocket, nothing else (no geckodriver).

Fake devices, a profile of its own, no word to anybody but the host of the test; gone when the test ends.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.system.waiting import PATIENCE, until

EXECUTABLE = shutil.which("firefox-esr") or shutil.which("firefox")
MISSING = "no Firefox here; `apt install firefox-esr` brings it"

_PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-provider.enabled": False,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.region.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "en-GB",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
_LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://[^\s]+)")


class Page:
    """One tab; the same face as `chromium.Page`."""

    def __init__(self, browser: Browser, context: str) -> None:
        self._browser = browser
        self._context = context

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, which may use `await`.  AssertionError if it throws."""
        wrapped = f"(async () => JSON.stringify(({expression})))()"
        reply = await self._browser.call("script.evaluate", {
            "expression": wrapped, "target": {"context": self._context}, "awaitPromise": True, "userActivation": True,
        })  # fmt: skip
        assert reply["type"] == "success", reply["exceptionDetails"]["text"]
        value = reply["result"].get("value")
        return json.loads(value) if value is not None else None

    async def until(self, expression: str, seconds: float = PATIENCE) -> Any:
        async def value() -> Any:
            return await self.evaluate(expression)

        return await until(value, f"{expression!r} in the page", seconds)


class Browser:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.complaints: list[str] = []
        """What pages wrote to their consoles as errors, and what they threw."""

    async def call(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        async with asyncio.timeout(PATIENCE):
            reply = await self._waiting[number]
        assert reply["type"] == "success", reply
        return dict(reply["result"])

    async def open(self, url: str) -> Page:
        context = (await self.call("browsingContext.create", {"type": "tab"}))["context"]
        await self.call("browsingContext.navigate", {"context": context, "url": url, "wait": "complete"})
        return Page(self, context)

    async def listen(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            if message.get("id") is not None:
                self._waiting.pop(message["id"]).set_result(message)
            elif message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.complaints.append(message["params"]["text"])


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator[Browser]:
    """A browser that takes whatever certificate it is shown; its profile is the folder `profile`."""
    assert EXECUTABLE is not None, MISSING
    await asyncio.to_thread(_prepare, profile)
    command = [EXECUTABLE, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "MOZ_CRASHREPORTER_DISABLE": "1", "HOME": str(profile)}
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, "about:blank", stdin=quiet, stdout=quiet, stderr=pipe, env=environment
    )
    assert process.stderr is not None
    draining: asyncio.Task[bytes] | None = None
    try:
        address = await _address(process.stderr)
        draining = asyncio.create_task(process.stderr.read(), name="firefox.stderr")
        socket = connect(f"{address}/session", max_size=None, ping_interval=None)
        async with socket as connection, asyncio.TaskGroup() as tasks:
            browser = Browser(connection)
            listening = tasks.create_task(browser.listen(), name="firefox.listen")
            try:
                await browser.call("session.new", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
                await browser.call("session.subscribe", {"events": ["log.entryAdded"]})
                yield browser
            finally:
                listening.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()
        if draining is not None:
            await draining


def _prepare(profile: Path) -> None:
    profile.mkdir(parents=True)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))


async def _address(stderr: asyncio.StreamReader) -> str:
    async with asyncio.timeout(PATIENCE):
        while line := await stderr.readline():
            if found := _LISTENING.search(line):
                return found[1].decode()
    raise AssertionError("Firefox ended before it listened")
