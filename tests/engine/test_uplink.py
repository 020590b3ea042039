from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.engine.capture import Capture
from app.engine.h264 import Chip, H264Encoder
from app.engine.offer import Agreement, SendingLine
from app.engine.sources import RAW, CameraFrame, Devices
from app.engine.speaker import NullSpeaker
from app.engine.transport import RemoteTransport
from app.engine.uplink import SCREEN_SHARE, Uplink
from app.engine.voice import Voice
from app.session.commands import ShareScreen
from app.session.events import LocalMedia
from app.session.sharing import ShareMode
from sfu.rtp import h264, vp8
from sfu.rtp.packet import RtpPacket
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
    uplink = Uplink(capture, voice, lambda packet: None, Chip(()))
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


# -- codecs --------------------------------------------------------------------------------------------------

BOTH = replace(
    AGREED,
    camera=tuple(SendingLine("cam", 10 + place, 96, {}, 90_000, rid=rid) for place, rid in enumerate("hml")),
    camera_h264=tuple(SendingLine("cam", 20 + place, 98, {}, 90_000, rid=rid) for place, rid in enumerate("hml")),
)


class Ready(Chip):
    """A chip that works; libx264 stands in for it."""

    def __init__(self) -> None:
        super().__init__(())
        self.name = "libx264"


@asynccontextmanager
async def changing(chip: Chip) -> AsyncIterator[tuple[Uplink, Capture, list[RtpPacket]]]:
    """A camera that is on, and what leaves."""
    packets: list[RtpPacket] = []
    device = Device()
    voice = Voice(RAW, lambda event: None)
    capture = Capture(Devices(lambda d: Device(), lambda d: device, lambda d: NullSpeaker()), voice, lambda media: None)
    uplink = Uplink(capture, voice, lambda packet: packets.append(RtpPacket.parse(packet)), chip)
    uplink.start(BOTH, lambda number, size, now: None)
    uplink.plug_in()
    await capture.camera.set(True)
    try:
        yield uplink, capture, packets
    finally:
        await capture.close()
        uplink.close()


async def shoot(capture: Capture, number: int, done: Callable[[], bool]) -> None:
    """Takes one picture, and waits for what it leads to."""
    target = capture.camera.target
    assert target is not None
    target(CameraFrame(picture(number, (1280, 720)), number / 15))
    for _ in range(6_000):
        if done():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


def ssrcs(packets: list[RtpPacket]) -> set[int]:
    return {packet.ssrc for packet in packets}


async def test_the_camera_is_h264_in_three_layers_while_it_may_be_and_vp8_before_and_after() -> None:
    async with changing(Ready()) as (uplink, capture, packets):
        await shoot(capture, 0, lambda: ssrcs(packets) == {10, 11, 12})
        packets.clear()

        uplink.allow_h264(True)
        await shoot(capture, 1, lambda: ssrcs(packets) == {20, 21, 22})
        firsts = {packet.ssrc: packet.payload for packet in reversed(packets)}
        assert all(h264.is_keyframe(payload) for payload in firsts.values())
        assert {packet.payload_type for packet in packets} == {98}
        assert {sender.ssrc for sender in uplink.senders} >= {20, 21, 22}
        packets.clear()

        uplink.allow_h264(False)
        await shoot(capture, 2, lambda: ssrcs(packets) == {10, 11, 12})

        assert all(vp8.is_keyframe(packet.payload) for packet in packets if vp8.starts_frame(packet.payload))


async def test_a_key_frame_of_h264_comes_for_whoever_asks() -> None:
    async with changing(Ready()) as (uplink, capture, packets):
        uplink.allow_h264(True)
        await shoot(capture, 0, lambda: ssrcs(packets) == {20, 21, 22})
        packets.clear()

        uplink.want_keyframe(21, 100.0)
        await shoot(capture, 1, lambda: ssrcs(packets) == {20, 21, 22})

        assert {packet.ssrc for packet in packets if h264.is_keyframe(packet.payload)} == {21}


async def test_a_computer_without_a_chip_stays_with_vp8() -> None:
    async with changing(Chip(())) as (uplink, capture, packets):
        uplink.allow_h264(True)
        await shoot(capture, 0, lambda: ssrcs(packets) == {10, 11, 12})


async def test_a_chip_that_fails_in_a_call_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(encoder: H264Encoder, frame: object, seconds: float, keyframe: bool) -> bytes:
        raise OSError("the driver has gone")

    monkeypatch.setattr(H264Encoder, "encode", broken)
    chip = Ready()
    async with changing(chip) as (uplink, capture, packets):
        uplink.allow_h264(True)
        camera = uplink._pictures["camera"]  # type: ignore[index]
        await shoot(capture, 0, lambda: uplink._pictures["camera"] is not camera)  # type: ignore[index]
        await shoot(capture, 1, lambda: ssrcs(packets) == {10, 11, 12})
        chip.look(lambda: None)

    assert chip.name is None
    assert "VP8 is sent" in caplog.text
    caplog.clear()
