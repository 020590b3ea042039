"""A camera and a microphone at one end, a picture and a sound at the other; only the network is missing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine.capture import Capture
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.h264 import Chip
from app.engine.loudspeaker import Loudspeaker
from app.engine.media import MediaPlane, MediaSetup, MeetingClock
from app.engine.offer import Agreement, Identity, SendingLine, SlotLine
from app.engine.pictures import Picture
from app.engine.sources import Devices, level_dbov
from app.engine.speaker import NullSpeaker
from app.engine.tally import Tally
from app.engine.transport import RemoteTransport
from app.engine.voice import Voice
from sfu.rtp import rtcp
from sfu.rtp.bandwidth import START
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.sdp import ExtensionUri
from sfu.rtp.transport_feedback import Arrival
from sfu.wire.messages import SourceKind
from tests.engine.clips import write_clip

NOWHERE = RemoteTransport("", "", (), ())
EXTENSIONS = {ExtensionUri.MID: 1, ExtensionUri.AUDIO_LEVEL: 2}
COUNTED = {**EXTENSIONS, ExtensionUri.TRANSPORT_CC: 4}
ANA = "ana/microphone", "ana/camera"


class Sink:
    planar = False

    def __init__(self) -> None:
        self.pictures: list[tuple[str, Picture]] = []

    def show(self, source: str, picture: Picture) -> None:
        self.pictures.append((source, picture))


class End:
    """One participant's media plane with everything around it."""

    def __init__(self, clip: Path | None = None) -> None:
        schedule = Schedule(begin=0.0)
        devices = Devices(
            lambda device: FileMicrophone(clip or Path(), schedule),
            lambda device: FileCamera(clip or Path(), schedule),
            lambda device: NullSpeaker(),
        )
        self.events: list[object] = []
        self.sink = Sink()
        voice = Voice(devices.sound, self.events.append)
        self.capture = Capture(devices, voice, self.events.append)
        speaker = Loudspeaker(lambda: devices.speaker(""), self.capture.say)
        self.setup = MediaSetup(
            self.capture, voice, speaker, self.sink, Tally(), MeetingClock(), self.events.append, Chip(())
        )
        self.identity = Identity(microphone=1, camera=(2, 12, 22), camera_repair=(3, 13, 23))
        self.plane = MediaPlane(self.setup, self.identity)


SENDS = Agreement(
    NOWHERE,
    SendingLine("mic", 1, 111, EXTENSIONS, 48_000, redundant_payload_type=63),
    (SendingLine("cam", 2, 96, EXTENSIONS, 90_000, 3, 97),),
    (),
)
SENDS_COUNTED = Agreement(
    NOWHERE,
    SendingLine("mic", 1, 111, COUNTED, 48_000, redundant_payload_type=63),
    (SendingLine("cam", 2, 96, COUNTED, 90_000, 3, 97),),
    (),
)
RECEIVES = Agreement(
    NOWHERE,
    None,
    (),
    (
        SlotLine("a0", "audio", 1, 111, 48_000, redundant_payload_type=63),
        SlotLine("v0", "video", 2, 96, 90_000, 3, {97: 96}),
    ),
)


@asynccontextmanager
async def one_way(
    clip: Path, lost: Callable[[bytes], bool] = lambda packet: False, counted: End | None = None
) -> AsyncIterator[End]:
    """Ana sends, the other end receives; `lost` says which packets do not arrive.

    `counted`: Ana, where her packets carry transport-wide numbers.
    """
    ana, ben = counted or End(clip), End()

    def to_ben(packet: bytes) -> None:
        if lost(packet):
            return
        deliver = ben.plane.receive_rtcp if classify(packet) is Datagram.RTCP else ben.plane.receive_rtp
        deliver(packet, time.monotonic())

    ana.plane.start(SENDS_COUNTED if counted else SENDS, to_ben)
    ben.plane.start(RECEIVES, lambda packet: ana.plane.receive_rtcp(packet, time.monotonic()))
    ben.plane.show({"a0": ANA[0], "v0": ANA[1]})
    running = [asyncio.create_task(end.plane.run()) for end in (ana, ben)]
    await ana.capture.hear(True)
    await ana.capture.camera.set(True)
    try:
        yield ben
    finally:
        await ana.capture.close()
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        for end in (ana, ben):
            end.plane.close()


async def until(done: Callable[[], bool], within: float = 8.0) -> None:
    async with asyncio.timeout(within):
        while not done():  # noqa: ASYNC110 - real frames arrive in real time
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "tone.webm", seconds=4)


async def test_pictures_are_decoded_and_sound_is_heard(clip: Path) -> None:
    async with one_way(clip) as ben:
        await until(lambda: len(ben.sink.pictures) > 10)
        await until(lambda: ben.setup.tally.sources()[ANA[0]].heard > 0.5)

        source, picture = ben.sink.pictures[-1]
        assert source == ANA[1]
        assert (picture.pixels.width, picture.pixels.height) == (320, 180)
        (bgra,) = picture.pixels.planes
        assert len(bgra.data) == bgra.stride * 180
        assert ben.setup.tally.sources()[ANA[1]].freezes == 0


async def test_a_tenth_of_the_packets_lost_is_mended_by_asking_again(clip: Path) -> None:
    dice = random.Random(7)

    def lost(packet: bytes) -> bool:
        return classify(packet) is Datagram.RTP and RtpPacket.parse(packet).ssrc != 3 and dice.random() < 0.1

    async with one_way(clip, lost) as ben:
        await until(lambda: len(ben.sink.pictures) > 25)
        seen = ben.setup.tally.sources()

        assert seen[ANA[1]].freezes == 0
        assert seen[ANA[0]].heard > 0.5


async def test_whoever_comes_late_gets_a_key_frame(clip: Path) -> None:
    deaf_until = time.monotonic() + 0.5

    async with one_way(clip, lambda packet: time.monotonic() < deaf_until) as ben:
        await until(lambda: len(ben.sink.pictures) > 3)


async def test_garbage_from_the_network_harms_nobody(clip: Path) -> None:
    async with one_way(clip) as ben:
        now = time.monotonic()
        for size in (1, 11, 12, 40, 1_200):
            ben.plane.receive_rtp(b"\x80" * size, now)
            ben.plane.receive_rtcp(b"\x80\xc8" * size, now)
        ben.plane.receive_rtp(RtpPacket(96, 1, 1, 2, b"").serialize(), now)
        ben.plane.receive_rtp(RtpPacket(97, 1, 1, 3, b"\x00").serialize(), now)
        ben.plane.receive_rtp(RtpPacket(111, 1, 1, 1, b"\xff" * 30).serialize(), now)
        ben.plane.receive_rtcp(rtcp.serialize([rtcp.PictureLoss(9, 9), rtcp.Goodbye((1,))]), now)

        await until(lambda: len(ben.sink.pictures) > 5)


async def test_three_of_ten_packets_lost_for_ten_seconds_cost_quality_and_not_the_call(tmp_path: Path) -> None:
    long = write_clip(tmp_path / "long.webm", seconds=14)
    dice, until_then = random.Random(7), time.monotonic() + 10.0

    def lost(packet: bytes) -> bool:
        return time.monotonic() < until_then and classify(packet) is Datagram.RTP and dice.random() < 0.3

    async with one_way(long, lost) as ben:
        await asyncio.sleep(until_then - time.monotonic())
        seen = ben.setup.tally.sources()
        pictures = len(ben.sink.pictures)
        assert pictures > 30
        assert seen[ANA[0]].heard > 5.0
        assert seen[ANA[0]].concealed < 2.5

        await until(lambda: len(ben.sink.pictures) > pictures + 20)


async def test_packets_that_overtake_each_other_or_come_twice_are_put_in_order(clip: Path) -> None:
    held: list[bytes] = []
    receivers: list[End] = []

    def overtaken(packet: bytes) -> bool:
        """Every fifth packet comes after the next one, and then twice."""
        if classify(packet) is not Datagram.RTP or not receivers:
            return False
        if held:
            late, now = held.pop(), time.monotonic()
            receivers[0].plane.receive_rtp(packet, now)
            receivers[0].plane.receive_rtp(late, now)
            receivers[0].plane.receive_rtp(late, now)
            return True
        if RtpPacket.parse(packet).sequence % 5 == 0:
            held.append(packet)
        return bool(held)

    async with one_way(clip, overtaken) as ben:
        receivers.append(ben)
        await until(lambda: len(ben.sink.pictures) > 25)

        seen = ben.setup.tally.sources()
        assert seen[ANA[1]].freezes == 0
        assert seen[ANA[0]].concealed < 0.2


async def test_a_burst_of_forged_numbers_stops_nothing_for_long(clip: Path) -> None:
    chance = random.Random(3)
    async with one_way(clip) as ben:
        await until(lambda: len(ben.sink.pictures) > 5)
        for _ in range(60):
            for kind, ssrc in ((96, 2), (111, 1), (63, 1), (97, 3)):
                sequence, at = chance.randrange(1 << 16), chance.randrange(1 << 32)
                forged = RtpPacket(kind, sequence, at, ssrc, chance.randbytes(40))
                ben.plane.receive_rtp(forged.serialize(), time.monotonic())
        before = len(ben.sink.pictures)

        await until(lambda: len(ben.sink.pictures) > before + 10)


async def test_what_came_is_told_to_its_sender_whose_pictures_follow_it(clip: Path) -> None:
    dice, ana = random.Random(7), End(clip)

    def lost(packet: bytes) -> bool:
        return classify(packet) is Datagram.RTP and dice.random() < 0.5

    async with one_way(clip, lost, ana):
        camera = ana.plane._uplink._pictures[SourceKind.CAMERA]
        await until(lambda: camera.sending is not None)
        await until(lambda: ana.plane._congestion.estimator.target < 0.5 * START)
        assert ana.plane.echoed > 0.0
        assert camera.sending is not None
        await until(lambda: camera._target == ana.plane._congestion.for_pictures)


async def test_feedback_that_nothing_came_proves_nothing(clip: Path) -> None:
    ana, now = End(clip), time.monotonic()

    ana.plane.receive_rtcp(rtcp.serialize([rtcp.TransportFeedback(1, 1, 0, 2, 0, 0, ())]), now)
    assert ana.plane.echoed == 0.0

    ana.plane.receive_rtcp(rtcp.serialize([rtcp.TransportFeedback(1, 1, 0, 2, 0, 0, (Arrival(0, 0),))]), now)
    assert ana.plane.echoed == now
    ana.plane.close()


async def test_what_the_loudspeaker_is_given_is_the_reference_for_its_echo(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[int] = []
    monkeypatch.setattr(Voice, "played", lambda voice, samples: played.append(level_dbov(samples)))

    async with one_way(clip):
        await until(lambda: bool(played) and max(played) > -30)


async def test_a_slots_clock_is_its_senders_until_somebody_else_is_shown(clip: Path) -> None:
    async with one_way(clip) as ben:
        await until(lambda: len(ben.sink.pictures) > 3)
        await until(lambda: all(clock.captured(0) is not None for clock in ben.plane._clocks.values()))

        ben.plane.show({"a0": "cem/microphone", "v0": "cem/camera"})
        assert all(clock.captured(0) is None for clock in ben.plane._clocks.values())


async def test_what_the_host_missed_of_a_stream_is_known_to_its_sender(clip: Path) -> None:
    ana = End(clip)
    ana.plane.start(SENDS, lambda packet: None)
    block = rtcp.ReportBlock(1, fraction_lost=64, lost=5, highest=100, jitter=0, last_sr=0, delay=0)

    ana.plane.receive_rtcp(rtcp.serialize([rtcp.ReceiverReport(9, (block,))]), time.monotonic())

    assert {sender.ssrc: sender.lost for sender in ana.plane._uplink.senders}[1] == 0.25
    ana.plane.close()
