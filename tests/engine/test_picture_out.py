from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise

import av
import pytest

from app.engine import picture_out
from app.engine.codecs import Vp8Decoder
from app.engine.ladder import Layer, ladder
from app.engine.offer import SendingLine
from app.engine.picture_out import BURST, IN_VP8, KEYFRAME_PAUSE, MAX_PAYLOAD, LayerLine, PictureLine
from app.engine.sender import Outgoing, RtpSender, TransportSequence
from app.engine.sources import CameraFrame
from sfu.rtp.jitter import VideoFrameBuffer
from sfu.rtp.packet import RtpPacket
from sfu.rtp.sdp import ExtensionUri
from sfu.rtp.vp8 import is_keyframe
from tests.engine.clips import picture

SIZE = (1280, 720)
STREAMS = {"h": 10, "m": 20, "l": 30}


class Wire:
    """What was sent, and what a receiver of each stream sees."""

    def __init__(self) -> None:
        self.packets: list[RtpPacket] = []

    def send(self, data: bytes) -> None:
        self.packets.append(RtpPacket.parse(data))

    def of(self, ssrc: int) -> list[RtpPacket]:
        return [packet for packet in self.packets if packet.ssrc == ssrc]

    def keyframes(self, ssrc: int) -> list[bool]:
        return [is_keyframe(packet.payload) for packet in self.of(ssrc) if packet.payload[0] & 0x10]

    def seen(self, ssrc: int) -> list[av.VideoFrame]:
        buffer, decoder = VideoFrameBuffer(), Vp8Decoder()
        for packet in self.of(ssrc):
            buffer.push(packet, 0.0)
        pictures = []
        while (frame := buffer.pull(0.0)) is not None:
            shown = decoder.decode(frame.data)
            assert shown is not None
            pictures.append(shown)
        return pictures


@asynccontextmanager
async def sending(rids: str = "hml") -> AsyncIterator[tuple[PictureLine, Wire]]:
    wire, pool, numbers = Wire(), ThreadPoolExecutor(2), TransportSequence()
    lines = {rid: SendingLine("cam", STREAMS[rid], 96, {ExtensionUri.RID: 5}, 90_000, rid=rid) for rid in rids}
    layers = {rid: LayerLine(RtpSender(line, numbers), wire.send, pool) for rid, line in lines.items()}
    try:
        yield PictureLine(layers), wire
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def film(line: PictureLine, first: int, last: int, size: tuple[int, int] = SIZE) -> None:
    """Frames at 15 a second, each encoded before the next is taken."""
    for number in range(first, last):
        before = sum(layer.frames for layer in line.layers.values())
        line.take(CameraFrame(picture(number, size), number / 15))
        expected = sum(layer.bitrate is not None for layer in line.layers.values())
        await until(lambda: sum([layer.frames for layer in line.layers.values()]) >= before + expected)  # noqa: B023


class Blob:
    """An encoder whose every frame is large."""

    def set_bitrate(self, bitrate: float) -> None:
        pass

    def encode(self, picture: av.VideoFrame, seconds: float, keyframe: bool) -> bytes:
        return bytes([keyframe]) * (3 * BURST * MAX_PAYLOAD)


async def test_a_large_frame_leaves_room_for_a_voice_and_nobody_seems_to_overtake(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_out, "BURST_EVERY", 0.05)
    wire, pool, numbers = Wire(), ThreadPoolExecutor(1), TransportSequence()
    counted = {ExtensionUri.TRANSPORT_CC: 4}
    voice = RtpSender(SendingLine("mic", 1, 111, counted, 48_000), numbers)
    coding = replace(IN_VP8, make=lambda bitrate: Blob())
    layer = LayerLine(RtpSender(SendingLine("scr", 10, 96, counted, 90_000), numbers), wire.send, pool, coding)
    layer.set_bitrate(1_000_000)

    layer.offer(CameraFrame(picture(0, SIZE), 0.0), 0.0, Layer(*SIZE, 1_000_000))
    await until(lambda: len(wire.packets) == BURST)
    layer.offer(CameraFrame(picture(1, SIZE), 0.1), 0.1, Layer(*SIZE, 1_000_000))
    for packet in voice.packetize(Outgoing([b"a"], 0, 0.0), 0.0):
        wire.send(packet)
    await until(lambda: layer.frames == 1)
    pool.shutdown()

    assert [packet.ssrc for packet in wire.packets[: BURST + 2]] == [10] * BURST + [1, 10]
    assert [int.from_bytes(packet.extensions[4], "big") for packet in wire.packets] == list(range(len(wire.packets)))
    pictures = wire.of(10)
    assert [packet.marker for packet in pictures] == [False] * (len(pictures) - 1) + [True]
    assert len({packet.timestamp for packet in pictures}) == 1
    assert len(pictures) > 3 * BURST
    assert layer.skipped == 1


async def test_what_waits_of_a_frame_is_not_sent_when_nobody_looks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_out, "BURST_EVERY", 0.02)
    async with sending("h") as (line, wire):
        layer = line.layers["h"]
        layer._coding = replace(IN_VP8, make=lambda bitrate: Blob())
        line.take(CameraFrame(picture(0, SIZE), 0.0))
        await until(lambda: len(wire.packets) == BURST)
        line.want_layers(frozenset())
        await asyncio.sleep(0.1)

        assert len(wire.packets) == BURST
        assert not layer._leaving


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():  # noqa: ASYNC110 - encoded in a pool, in real time
            await asyncio.sleep(0.001)


async def test_every_layer_is_a_stream_of_its_own_size_and_name() -> None:
    async with sending() as (line, wire):
        await film(line, 0, 6)

        sizes = {rid: {(p.width, p.height) for p in wire.seen(ssrc)} for rid, ssrc in STREAMS.items()}
        assert sizes == {"h": {(1280, 720)}, "m": {(640, 360)}, "l": {(320, 180)}}
        assert {packet.extensions[5] for packet in wire.of(20)} == {b"m"}
        assert max(len(packet.serialize()) for packet in wire.packets) <= 1_200
        times = sorted({packet.timestamp for packet in wire.of(30)})
        assert {later - earlier for earlier, later in pairwise(times)} == {6_000}


async def test_a_layer_that_nobody_watches_is_not_encoded_and_begins_again_with_a_key_frame() -> None:
    async with sending() as (line, wire):
        await film(line, 0, 3)
        line.want_layers(frozenset("l"))
        await film(line, 3, 6)
        line.want_layers(frozenset("hml"))
        await film(line, 6, 9)

        assert wire.keyframes(10) == [True, False, False, True, False, False]
        assert wire.keyframes(30) == [True] + [False] * 8


async def test_another_wish_for_sharpness_changes_the_layers_of_the_same_camera() -> None:
    async with sending("hml") as (line, wire):
        await film(line, 0, 2)
        most = [270]
        line._make_ladder = lambda width, height: ladder(width, height, most[0])
        await film(line, 2, 4)
        most[0] = 1080
        await film(line, 4, 6)

        assert [shown.height for shown in wire.seen(20)] == [360, 360, 270, 270, 360, 360]
        assert line.sending is not None
        assert line.sending[0].height == 720


async def test_a_key_frame_is_made_for_the_layer_that_lacks_one_and_no_other() -> None:
    async with sending() as (line, wire):
        await film(line, 0, 3)
        line.want_keyframe(20, now=10.0)
        await film(line, 3, 4)
        line.want_keyframe(20, now=10.0 + KEYFRAME_PAUSE / 2)
        await film(line, 4, 5)

        assert wire.keyframes(20) == [True, False, False, True, False]
        assert wire.keyframes(10) == [True] + [False] * 4


async def test_a_narrow_network_costs_the_upper_layers_first() -> None:
    async with sending() as (line, _):
        await film(line, 0, 2)
        line.set_target(700_000)
        assert line.sending is not None
        assert (line.sending[0].height, line.sending[1]) == (360, 500_000)

        line.set_target(100_000)
        assert (line.sending[0].height, line.sending[1]) == (180, 100_000)


async def test_a_host_without_layers_gets_the_whole_picture() -> None:
    async with sending("h") as (line, wire):
        await film(line, 0, 3, (320, 180))

        assert {(shown.width, shown.height) for shown in wire.seen(10)} == {(320, 180)}


async def test_a_source_that_changes_its_size_goes_on_with_a_key_frame() -> None:
    async with sending("h") as (line, wire):
        await film(line, 0, 3)
        await film(line, 3, 6, (640, 480))

        assert [shown.height for shown in wire.seen(10)] == [360] * 3 + [480] * 3


async def test_a_slow_computer_skips_pictures_instead_of_sending_them_late() -> None:
    free = threading.Event()
    async with sending("h") as (line, wire):
        line.layers["h"]._pool.submit(free.wait)
        line.layers["h"]._pool.submit(free.wait)
        frames = [CameraFrame(picture(number, (320, 180)), number / 15) for number in range(5)]
        for frame in frames:
            line.take(frame)
        free.set()
        assert line.layers["h"].skipped == 4
        async with asyncio.timeout(5):
            while not wire.packets:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert line.layers["h"].frames == 1
