from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.engine.capture import Capture
from app.engine.offer import Agreement, SendingLine
from app.engine.sources import RAW, CameraFrame, Devices
from app.engine.speaker import NullSpeaker
from app.engine.transport import RemoteTransport
from app.engine.uplink import SCREEN_SHARE, Uplink
from app.engine.voice import Voice
from app.session.commands import ShareScreen
from app.session.events import LocalMedia
from app.session.sharing import ShareMode
from tests.engine.clips import picture
from tests.engine.test_capture import Device

NOWHERE = RemoteTransport("", "", (), ())
AGREED = Agreement(
    NOWHERE,
    SendingLine("mic", 1, 111, {}, 48_000),
    (SendingLine("cam", 2, 96, {}, 90_000),),
    (),
    screen=SendingLine("scr", 3, 96, {}, 90_000),
    screen_sound=SendingLine("sys", 4, 111, {}, 48_000),
)


@asynccontextmanager
async def sharing(played: Device | None = None) -> AsyncIterator[tuple[Uplink, Capture, Device, list[LocalMedia]]]:
    screen, said = Device(), list[LocalMedia]()
    devices = Devices(
        lambda device: Device(), lambda device: Device(), lambda device: NullSpeaker(), RAW,
        screen=lambda what, mode: screen, system_sound=lambda: played,
    )  # fmt: skip
    voice = Voice(RAW, lambda event: None)
    capture = Capture(devices, voice, said.append)
    uplink = Uplink(capture, voice, lambda packet: None)
    uplink.start(AGREED, lambda number, size, now: None)
    uplink.plug_in()
    try:
        yield uplink, capture, screen, said
    finally:
        await capture.close()
        uplink.close()


async def test_what_is_shared_is_said_and_unsaid() -> None:
    async with sharing(played=Device()) as (_, capture, _, said):
        await capture.share(ShareScreen("screen:0", ShareMode.TEXT, sound=True))
        await capture.unshare()

    assert (said[-3].screen, said[-3].screen_sound) == (True, True)
    assert (said[-1].screen, said[-1].screen_sound) == (False, False)


async def test_a_system_that_keeps_its_sound_still_shows_its_screen() -> None:
    async with sharing(played=None) as (_, capture, _, said):
        await capture.share(ShareScreen("screen:0", sound=True))

        assert (said[-1].screen, said[-1].screen_sound) == (True, False)
        assert "hear what it plays" in said[-1].sentence


async def test_a_shared_screen_gets_its_bits_before_the_camera() -> None:
    async with sharing() as (uplink, capture, screen, _):
        await capture.share(ShareScreen("screen:0"))
        await capture.camera.set(True)
        screen.deliver(CameraFrame(picture(0, (1280, 720)), 0.0))
        uplink.set_target(1_000_000)
        lines = {sender.ssrc: sender for sender in uplink.senders}
        assert set(lines) == {1, 2, 3, 4}
        screen_line = uplink._pictures["screen"]  # type: ignore[index]
        camera_line = uplink._pictures["camera"]  # type: ignore[index]
        camera_line.take(CameraFrame(picture(0, (320, 180)), 0.0))

        assert screen_line.sending is not None
        assert camera_line.sending is not None
        assert screen_line.sending[1] == SCREEN_SHARE * 1_000_000
        assert camera_line.sending[1] <= 200_000
        await asyncio.sleep(0)


async def test_a_camera_that_nobody_looks_at_is_not_encoded() -> None:
    async with sharing() as (uplink, capture, _, _):
        await capture.camera.set(True)
        camera = uplink._pictures["camera"]  # type: ignore[index]
        camera.take(CameraFrame(picture(0, (320, 180)), 0.0))
        assert uplink.height == 180

        uplink.want_layers("camera", [])

        assert uplink.height == 0
