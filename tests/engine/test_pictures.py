from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import av
from aiortc.codecs.h264 import H264Encoder
from av.video.reformatter import VideoReformatter

from app.engine.codecs import Vp8Encoder
from app.engine.pictures import Decoded, Pixels, Size, VideoSlot, Viewer, Views, to_bgra, to_planes
from sfu.rtp.packet import RtpPacket
from sfu.rtp.vp8 import packetize
from tests.engine.clips import h264_frames, picture

Draw = Callable[[av.VideoFrame, VideoReformatter, Size], Pixels]
ANA = "ana/camera"
H264 = 98


class Screen:
    def __init__(self) -> None:
        self.views = Views()
        self.shown: list[tuple[str, Decoded]] = []
        self.asked = 0
        self.wait = 0.0

    def want_keyframe(self) -> None:
        self.asked += 1

    def viewer(self, draw: Draw) -> Viewer:
        return Viewer(
            self.views, draw, lambda source, timestamp, now: now + self.wait,
            lambda source, decoded: self.shown.append((source, decoded)), self.want_keyframe,
        )  # fmt: skip


@asynccontextmanager
async def watching(draw: Draw = to_bgra) -> AsyncIterator[tuple[VideoSlot, Screen]]:
    screen, pool = Screen(), ThreadPoolExecutor(1)
    slot = VideoSlot(pool, screen.viewer(draw), H264)
    slot.source = ANA
    running = asyncio.create_task(slot.run())
    try:
        yield slot, screen
    finally:
        running.cancel()
        await asyncio.wait([running])
        pool.shutdown()


def film(sizes: list[tuple[int, int]]) -> list[list[RtpPacket]]:
    encoder, sequence, frames = Vp8Encoder(500_000, 15), 0, []
    for number, size in enumerate(sizes):
        packets = []
        payloads = packetize(encoder.encode(picture(number, size), number / 15, keyframe=False), number)
        for place, payload in enumerate(payloads, 1):
            sequence += 1
            packets.append(RtpPacket(96, sequence, 6_000 * number, 2, payload, marker=place == len(payloads)))
        frames.append(packets)
    return frames


def h264_film(count: int, first: int) -> list[list[RtpPacket]]:
    """Packets as aiortc, an implementation that is not ours, splits frames (RFC 6184)."""
    frames = []
    for number, frame in enumerate(h264_frames(count)):
        payloads = H264Encoder._packetize(H264Encoder._split_bitstream(frame))
        packets = []
        for place, payload in enumerate(payloads, 1):
            first += 1
            packets.append(RtpPacket(H264, first, 90_000 + 6_000 * number, 2, payload, place == len(payloads)))
        frames.append(packets)
    return frames


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():  # noqa: ASYNC110 - decoded in a pool, in real time
            await asyncio.sleep(0.005)


async def test_a_slot_that_turns_to_h264_and_back_shows_both() -> None:
    async with watching() as (slot, screen):
        for frames in (film([(320, 180)] * 2), h264_film(3, first=500), film([(160, 90)])):
            before = len(screen.shown)
            for frame in frames:
                give(slot, [frame])
            await until(lambda: len(screen.shown) == before + len(frames))  # noqa: B023 - awaited in the same turn

        assert [shown.width for _, shown in screen.shown] == [320, 320, 320, 320, 320, 160]


def give(slot: VideoSlot, frames: list[list[RtpPacket]]) -> None:
    for packet in [packet for frame in frames for packet in frame]:
        slot.push(packet, 0.0)


async def test_a_picture_is_converted_no_larger_than_it_is_drawn() -> None:
    async with watching() as (slot, screen):
        screen.views.watch({ANA: (160, 160)})
        give(slot, film([(640, 360)]))
        await until(lambda: bool(screen.shown))

        source, decoded = screen.shown[0]
        assert (source, decoded.width, decoded.height) == (ANA, 640, 360)
        assert decoded.pixels is not None
        assert (decoded.pixels.width, decoded.pixels.height) == (284, 160)
        (bgra,) = decoded.pixels.planes
        assert len(bgra.data) == bgra.stride * 160


async def test_a_stream_that_changes_its_size_goes_on() -> None:
    async with watching() as (slot, screen):
        give(slot, film([(320, 180)] * 3 + [(640, 360)] * 3 + [(160, 90)] * 3))
        await until(lambda: len(screen.shown) == 9)

        assert [decoded.height for _, decoded in screen.shown] == [180] * 3 + [360] * 3 + [90] * 3


async def test_what_is_not_in_sight_is_not_decoded_and_begins_again_with_a_key_frame() -> None:
    async with watching() as (slot, screen):
        frames = film([(320, 180)] * 9)
        screen.views.watch({})
        give(slot, frames[:3])
        await asyncio.sleep(0.05)
        assert (screen.shown, screen.asked) == ([], 0)

        screen.views.watch({ANA: (320, 180)})
        give(slot, frames[3:6])
        await until(lambda: screen.asked > 0)
        assert screen.shown == []


async def test_a_picture_that_waits_for_its_voice_is_dropped_if_the_slot_shows_somebody_else() -> None:
    async with watching() as (slot, screen):
        screen.wait = 0.15
        give(slot, film([(320, 180)] * 2))
        await asyncio.sleep(0.1)
        assert screen.shown == []
        slot.source = "ben/camera"
        await asyncio.sleep(0.15)

        assert screen.shown == []


def test_until_somebody_says_what_is_in_sight_everything_is() -> None:
    views = Views()

    assert views.in_sight(ANA)
    assert views.fitted(ANA, (640, 360)) == (640, 360)


def test_pictures_are_never_enlarged() -> None:
    views = Views()
    views.watch({ANA: (1920, 1080)})

    assert views.fitted(ANA, (320, 180)) == (320, 180)


async def test_odd_sides_in_the_middle_of_a_stream_are_shown_whole_in_either_form() -> None:
    for draw in (to_bgra, to_planes):
        async with watching(draw) as (slot, screen):
            for frame in film([(320, 180), (401, 301), (33, 17)]):
                before = len(screen.shown)
                give(slot, [frame])
                await until(lambda: len(screen.shown) > before)  # noqa: B023 - awaited in the same turn

        drawn = [shown.pixels for _, shown in screen.shown]
        assert [(pixels.width, pixels.height) for pixels in drawn if pixels] == [(320, 180), (401, 301), (33, 17)]
        for pixels in drawn:
            assert pixels is not None
            halves = [(pixels.height + 1) // 2] * 2 if len(pixels.planes) == 3 else []
            rows = [len(plane.data) // plane.stride for plane in pixels.planes]
            assert rows == [pixels.height, *halves]


async def test_a_frame_that_cannot_be_decoded_costs_a_key_frame_and_no_more() -> None:
    async with watching() as (slot, screen):
        first, second, third, fourth = film([(320, 180)] * 4)
        give(slot, [first])
        await until(lambda: len(screen.shown) == 1)

        torn = b"\xff" * 40  # says that it is no key frame, and is nothing
        give(slot, [[RtpPacket(96, second[0].sequence, second[0].timestamp, 2, second[0].payload[:4] + torn, True)]])
        await until(lambda: screen.asked > 0)
        give(slot, [third, fourth])
        await asyncio.sleep(0.1)
        assert len(screen.shown) == 1

        again = film([(320, 180)] * 2)
        for packet in [packet for frame in again for packet in frame]:
            packet.sequence += 500
            packet.timestamp += 900_000
        give(slot, again)
        await until(lambda: len(screen.shown) == 3)
