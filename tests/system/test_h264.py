"""A desktop client whose computer encodes H264, seen in a real browser and by another desktop client.

libx264 stands in for the chip, which no machine of tests has.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine.engine import Engine
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.h264 import Chip
from app.engine.pictures import Picture
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import Event
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.system.chromium import EXECUTABLE, MISSING, chromium
from tests.system.guests import DECODED, MEDIA_PATIENCE, fill_in
from tests.system.hosting import RunningHost, hosting

pytestmark = pytest.mark.system

_NOTE_CONNECTIONS = """
(() => {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = function (...given) {
    const made = new Real(...given);
    window.connections.push(made);
    return made;
  };
  window.RTCPeerConnection.prototype = Real.prototype;
})()
"""
_IN_H264 = """(await (async () => {
    const stats = new Map(await window.connections.at(-1).getStats());
    return [...stats.values()].filter((one) => one.type === "inbound-rtp" && one.kind === "video"
        && stats.get(one.codecId)?.mimeType === "video/H264").reduce((sum, one) => sum + one.framesDecoded, 0);
})())"""


class StandIn(Chip):
    def __init__(self) -> None:
        super().__init__(())
        self.name = "libx264"


class Sink:
    """Counts the pictures of others."""

    planar = True

    def __init__(self) -> None:
        self.shown = 0

    def show(self, source: str, picture: Picture) -> None:
        self.shown += 1


class Desktop:
    def __init__(self, clip: Path, chip: Chip | None) -> None:
        devices = Devices(
            lambda device: FileMicrophone(clip, Schedule(0.0)), lambda device: FileCamera(clip, Schedule(0.0)),
            lambda device: NullSpeaker(), chip=chip,
        )  # fmt: skip
        self.sink = Sink()
        self.engine = Engine(devices, self._happened, sink=self.sink, client=wire.ClientKind.HEADLESS)

    def _happened(self, event: Event) -> None:
        if isinstance(event, wire.Welcome | wire.Joined):
            people = event.roster if isinstance(event, wire.Welcome) else [event.participant]
            views = [wire.View(source=f"{one.id}/camera", width=640, height=360, priority=6) for one in people]
            self.engine.post(commands.Watch(tuple(views)))


@asynccontextmanager
async def desktop(host: RunningHost, name: str, clip: Path, chip: Chip | None = None) -> AsyncIterator[Desktop]:
    somebody = Desktop(clip, chip)
    running = asyncio.create_task(somebody.engine.run())
    for command in (commands.SetCamera(True), commands.Join(host.link, name)):
        somebody.engine.post(command)
    try:
        yield somebody
    finally:
        somebody.engine.post(commands.Leave())
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.wait([running])


async def until(happened: Callable[[], bool]) -> None:
    for _ in range(round(MEDIA_PATIENCE / 0.05)):
        if happened():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


@pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)
async def test_a_camera_that_is_encoded_in_hardware_is_seen_in_a_browser(tmp_path: Path) -> None:
    clip = await asyncio.to_thread(write_clip, tmp_path / "clip.webm", 20.0, 440, (640, 360))
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await browser.open(host.link, [_NOTE_CONNECTIONS])
        await fill_in(page, "Ana")
        await page.until("!document.getElementById('meeting').hidden")
        async with desktop(host, "Ben", clip, StandIn()):
            await page.until(f"{_IN_H264} > 10", MEDIA_PATIENCE)
            seen = await page.evaluate(DECODED)
            await page.until(f"{DECODED} > {seen + 20}", MEDIA_PATIENCE)

        assert browser.complaints == []


async def test_two_desktop_clients_see_each_other_one_in_h264_and_one_in_vp8(tmp_path: Path) -> None:
    clip = await asyncio.to_thread(write_clip, tmp_path / "clip.webm", 20.0, 440, (640, 360))
    async with (
        hosting(tmp_path / "data") as host,
        desktop(host, "Ana", clip) as ana,
        desktop(host, "Ben", clip, StandIn()) as ben,
    ):
        await until(lambda: ana.sink.shown > 20 and ben.sink.shown > 20)
        sending = ben.engine._call._media._uplink  # type: ignore[union-attr]

        assert [sender._line.payload_type for sender in sending.senders if sender._line.mid == "cam"] == [98, 98, 98]
