"""Headless Chromium for system tests: fake devices, DevTools protocol over its WebSocket, nothing else.

No driver and no library between: a test needs to open a page, run a line of JavaScript in it and look at the answer.
The browser runs in a profile of its own, talks to nobody but loopback, and is gone when the test ends.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tests.system.netns import Computer
from tests.system.waiting import PATIENCE, until

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-headless-shell")
MISSING = "no Chromium here; `apt install chromium` brings it"

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--metrics-recording-only",
    "--mute-audio",
    "--lang=en-GB",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self._browser.call(method, parameters, self._session)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, which may use `await`.  AssertionError if it throws."""
        wrapped = f"(async () => ({expression}))()"
        reply = await self.call(
            "Runtime.evaluate", expression=wrapped, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    async def until(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Waits until the expression is true; its value."""

        async def value() -> Any:
            return await self.evaluate(expression)

        return await until(value, f"{expression!r} in the page", seconds)


class Browser:
    """A running Chromium and the one socket to it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.complaints: list[str] = []
        """What pages wrote to their consoles as errors, and what they threw."""
        self.requests: list[str] = []
        """Where pages wanted to go, whether or not they got there."""

    async def call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        async with asyncio.timeout(PATIENCE):
            reply = await self._waiting[number]
        assert "error" not in reply, reply
        return dict(reply["result"])

    async def open(self, url: str, scripts: Sequence[str] = ()) -> Page:
        """A new tab; `scripts` run before anything of the page does."""
        target = await self.call("Target.createTarget", {"url": "about:blank"})
        attached = await self.call("Target.attachToTarget", {"targetId": target["targetId"], "flatten": True})
        page = Page(self, attached["sessionId"])
        await page.call("Runtime.enable")
        await page.call("Log.enable")
        await page.call("Page.enable")
        await page.call("Network.enable")
        for script in scripts:
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
        await page.call("Page.navigate", url=url)
        await page.until("document.readyState === 'complete'")
        return page

    async def listen(self) -> None:
        """Until cancelled or the browser is gone."""
        async for text in self._socket:
            message = json.loads(text)
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            else:
                self._note(message)

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event["params"]
        match event["method"]:
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(parameters["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(parameters["url"])
            case "Runtime.consoleAPICalled" if parameters["type"] == "error":
                self.complaints.append(json.dumps(parameters["args"]))
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.complaints.append(json.dumps(parameters["entry"]))


@asynccontextmanager
async def chromium(
    profile: Path, arguments: Sequence[str] = (), inside: Computer | None = None
) -> AsyncIterator[Browser]:
    """A browser that trusts whatever certificate it is shown; its profile is the folder `profile`."""
    assert EXECUTABLE is not None, MISSING
    command = [EXECUTABLE, *_ARGUMENTS, "--ignore-certificate-errors", f"--user-data-dir={profile}", *arguments]
    if inside is not None:
        command = [*inside.prefix, *command]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        address = await until(lambda: asyncio.to_thread(_address, profile), "Chromium")
        here = inside.connect(("127.0.0.1", urlsplit(address).port or 0)) if inside is not None else None
        connecting = connect(address, max_size=None, ping_interval=None, sock=here)
        async with connecting as socket, asyncio.TaskGroup() as tasks:
            browser = Browser(socket)
            listening = tasks.create_task(browser.listen(), name="chromium.listen")
            try:
                yield browser
            finally:
                listening.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


def _address(profile: Path) -> str | None:
    """Chromium writes port and path to a file once it listens."""
    file = profile / "DevToolsActivePort"
    if not file.exists():
        return None
    words = file.read_text().split()
    return f"ws://127.0.0.1:{words[0]}{words[1]}" if len(words) == 2 else None
