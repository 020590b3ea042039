"""The session's socket is cut in a meeting: nothing that was said is lost or doubled, and the media does not notice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.signalling import Signalling, open_session
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import LinkState
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.engine.test_engine import Window, window
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import fill_in
from tests.system.hosting import RunningHost, hosting
from tests.system.relay import Relay, relay
from tests.system.waiting import PATIENCE

pytestmark = pytest.mark.system

LIGHT = "--use-fake-device-for-media-stream=fps=5"
SENT = (
    "(await window.parley.statistics()).outbound.filter((one) => one.kind === 'audio')"
    ".reduce((sum, one) => sum + one.packets, 0)"
)


async def say(ben: Signalling, first: int, last: int) -> None:
    for n in range(first, last):
        await ben.send(wire.Say(text=f"ben {n}"))


class Heard:
    """What Ben hears, to the end of the test."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.left: list[str] = []

    async def listen(self, ben: Signalling) -> None:
        while True:
            match await ben.receive():
                case wire.Chat(message=message) if not message.text.startswith("ben"):
                    self.texts.append(message.text)
                case wire.Left(participant=participant):
                    self.left.append(participant)

    async def of(self, count: int) -> list[str]:
        async with asyncio.timeout(PATIENCE):
            while len(self.texts) < count:  # noqa: ASYNC110  (said by another process)
                await asyncio.sleep(0.05)
        return self.texts


@asynccontextmanager
async def listener(host: RunningHost) -> AsyncIterator[tuple[Signalling, Heard]]:
    """Ben, on a socket that nobody cuts."""
    heard = Heard()
    async with open_session(host.invite, "Ben", wire.ClientKind.HEADLESS) as ben:
        listening = asyncio.create_task(heard.listen(ben))
        try:
            yield ben, heard
        finally:
            listening.cancel()


async def write(page: Page, text: str) -> None:
    await page.evaluate(f"document.getElementById('chat-text').value = {json.dumps(text)}")
    await page.evaluate("document.getElementById('chat-form').requestSubmit()")


async def cut(between: Relay, meanwhile: float) -> None:
    between.broken = True
    between.cut()
    await asyncio.sleep(meanwhile)


@pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)
async def test_a_page_whose_socket_is_cut_misses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    async with (
        hosting(tmp_path / "data") as host, chromium(tmp_path / "profile", [LIGHT]) as browser,
        relay(host.ready["port"]) as between, listener(host) as (ben, heard),
    ):  # fmt: skip
        page = await browser.open(between.through(host.link))
        await fill_in(page, "Ana")
        await page.until("(await window.parley.statistics())?.connection === 'connected'")
        you = await page.evaluate("(await window.parley.statistics()).you")
        await page.evaluate("document.getElementById('tab-chat').click()")
        await say(ben, 0, 2)
        await page.until("document.getElementById('chat-lines').textContent.includes('ben 1')")
        await write(page, "ana 0")
        await heard.of(1)

        between.swallows = True
        await say(ben, 2, 5)
        await write(page, "ana 1")
        await asyncio.sleep(0.5)
        sent = await page.evaluate(SENT)
        await cut(between, 1.5)
        await say(ben, 5, 7)
        await write(page, "ana 2")
        assert await page.evaluate(SENT) > sent + 20  # a second and a half of sound
        between.broken = False
        await page.until("document.getElementById('chat-lines').textContent.includes('ben 6')")
        await say(ben, 7, 8)
        await page.until("document.getElementById('chat-lines').textContent.includes('ben 7')")
        await write(page, "ana 3")

        assert await heard.of(4) == [f"ana {n}" for n in range(4)]
        text = await page.evaluate("document.getElementById('chat-lines').textContent")
        assert [text.count(f"ben {n}") for n in range(8)] == [1] * 8
        assert sorted(text.index(f"ben {n}") for n in range(8)) == [text.index(f"ben {n}") for n in range(8)]
        assert await page.evaluate("(await window.parley.statistics()).you") == you
        assert heard.left == []
        assert browser.complaints == [] or all("WebSocket" in one for one in browser.complaints)


async def test_the_desktop_engine_whose_socket_is_cut_misses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    clip = await asyncio.to_thread(write_clip, tmp_path / "clip.webm", 2.0)
    devices = Devices(
        lambda device: FileMicrophone(clip, Schedule(0.0)), lambda device: FileCamera(clip, Schedule(0.0)),
        lambda device: NullSpeaker(),
    )  # fmt: skip
    async with (
        hosting(tmp_path / "data") as host, relay(host.ready["port"]) as between, listener(host) as (ben, heard),
        window(devices) as ana,
    ):  # fmt: skip
        ana.engine.post(commands.SetMicrophone(on=True))
        ana.engine.post(commands.Join(between.through(host.link), "Ana"))
        await ana.sees(LinkState.LIVE)
        await say(ben, 0, 2)
        await ana.until(lambda: read(ana) == [0, 1])
        ana.engine.post(wire.Hand(up=True))
        ana.engine.post(commands.Chat("ana 0"))
        await heard.of(1)

        between.swallows = True
        await say(ben, 2, 5)
        ana.engine.post(commands.Chat("ana 1"))
        await asyncio.sleep(0.5)
        sent = ana.engine.packets[0]
        await cut(between, 2.0)
        await say(ben, 5, 7)
        ana.engine.post(commands.Chat("ana 2"))
        assert ana.engine.packets[0] > sent  # of silence few are sent
        between.broken = False
        await ana.until(lambda: read(ana) == list(range(7)))
        ana.engine.post(commands.Chat("ana 3"))

        assert await heard.of(4) == [f"ana {n}" for n in range(4)]
        assert heard.left == []
        assert len([event for event in ana.events if isinstance(event, wire.Welcome)]) == 1
        assert ana.last_link.state is LinkState.LIVE


def read(ana: Window) -> list[int]:
    """Which of Ben's messages came, in order."""
    chats = [event.message.text for event in ana.events if isinstance(event, wire.Chat)]
    return [int(text.removeprefix("ben ")) for text in chats if text.startswith("ben ")]
