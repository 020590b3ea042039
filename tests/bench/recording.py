"""What recording costs and how true it is: ten people to the real recorder, a compressed hour, a kill.

`core_per_10_people` is user + system time of the recorder process by wall time, plus what the forwarder spends on
handing out and packing the same packets (its own classes, timed here): 50 voice packets and 25 pictures at 600 kbps a
second and person, as large as a camera's medium layer is (of the pictures only the head is VP8: nothing decodes them).
`av_offset_ms` is the largest distance between a clap's sound and its picture over an hour of virtual time: crystals
that are off by up to 80 ppm, networks that jitter, pictures that take longer, reports now and then.  `lost_s` is how
much of the worst track is missing when the recorder is killed.  `mp4_speed` is seconds of recording by seconds that
making its film takes: four people at 640x360 with texture that moves, sound levelled and mixed, 1280x720 at 25;
`mp4_speed_speaker_burnt` is the same with the speaker large and captions drawn in.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import av
import numpy as np

from sfu.core.clocks import Offset
from sfu.core.flow import Inbound, Packet, Stream
from sfu.core.recorded import Chapter, Cut, Span
from sfu.core.taps import Chunk, Taps
from sfu.core.tracks import Frame, Tracks
from sfu.core.transcript import Line
from sfu.forwarder.tap import TapeSocket
from sfu.link import messages as link
from sfu.link.recording import Progress
from sfu.link.tape import Codec, Taped
from sfu.recorder.files import Files
from sfu.recorder.loop import TELL_EVERY
from sfu.rtp import rtcp
from sfu.tasks.recording.facts import Cast
from sfu.tasks.recording.film import Script, make
from sfu.wire.http import FilmChoice
from tests.core.stage import Layer, Stage, simulcast
from tests.recorder.senders import camera, picture_frames, together, voice
from tests.recorder.test_process import Running, seconds_of

PEOPLE = 10
# A camera's medium layer (`sfu.core.layers`): 600 kbps at 25 pictures a second, of which one is four times as large.
PICTURE_BYTES, KEYFRAME_BYTES = 2700, 10_800
SHORT = ["--seconds", "6", "--hour", "600", "--film", "10"]


def run(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench recording")
    parser.add_argument("--seconds", type=float, default=20.0, help="of real time that ten people are recorded")
    parser.add_argument("--hour", type=float, default=3600.0, help="seconds of virtual time for the offset")
    parser.add_argument("--film", type=float, default=30.0, help="seconds of recording of which a film is made")
    options = parser.parse_args(arguments)
    return {**cost(options.seconds), **offset(options.hour), **film(options.film)}


# -- ten people ----------------------------------------------------------------------------------------------


def people(seconds: float) -> list[Taped]:
    """Everybody's packets from second 0 on, as they come."""
    senders: list[Iterator[Taped]] = []
    head, random = picture_frames(1.0)[0][:10], Random(1)
    pictures = [head + random.randbytes(KEYFRAME_BYTES)] + [b"\1" + random.randbytes(PICTURE_BYTES) for _ in range(24)]
    for number in range(PEOPLE):
        # Nobody begins a second at the same instant as the others.
        senders.append(voice(f"p{number}-microphone-1", number * 0.003, seconds))
        senders.append(camera(f"p{number}-camera-2", number * 0.004, seconds, pictures=pictures))
    return together(*senders)


def cost(seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        running = Running(Path(folder))
        try:
            return _recorded(running, people(seconds), Path(folder))
        finally:
            running.close()


def _recorded(running: Running, packets: list[Taped], folder: Path) -> dict[str, Any]:
    tape, taps = TapeSocket(f"ipc://{folder}/tape"), _Handed(packets)
    started = running.until(Progress)
    zero, began = time.monotonic(), _used()
    idle, pushed = 0.0, 0
    while pushed < len(packets):
        now = time.monotonic() - zero
        pushed += taps.hand_out(now, zero)
        tape.push(taps.chunks, time.monotonic())
        rest = time.monotonic()
        time.sleep(0.02)
        idle += time.monotonic() - rest
    wall = time.monotonic() - zero
    ours = _used() - began
    time.sleep(TELL_EVERY)
    told = [event for event in [*running.events, *running.link.receive()] if isinstance(event, Progress)]
    progress = told[-1]
    assert isinstance(started, Progress)
    killed = time.monotonic() - running.zero
    os.kill(running.process.pid, signal.SIGKILL)
    running.ended()
    tape.close()
    ends = [seconds_of(path) for path in running.tracks.iterdir()]
    fed = zero - running.zero + packets[-1].captured
    recorder = (progress.cpu_s - started.cpu_s) / wall
    return {
        "core_per_10_people": round(recorder + ours / wall, 4),
        "core_recorder": round(recorder, 4),
        "core_forwarder": round(ours / wall, 4),
        "packets_per_s": round(len(packets) / wall),
        "mbit_per_s": round(sum(len(packet.payload) for packet in packets) * 8 / wall / 1e6, 2),
        "lost_packets": progress.lost,
        "tracks": len(ends),
        "lost_s": round(min(killed, fed) - min(ends), 3),
    }


class _Handed:
    """The forwarder's taps with everybody's streams, fed as its loop does: a batch a stream and wake-up."""

    def __init__(self, packets: list[Taped]) -> None:
        self._taps = Taps()
        self._clock = Offset()
        self._streams: dict[str, Stream] = {}
        self._packets = deque(self._prepared(packets))

    @property
    def chunks(self) -> deque[Chunk]:
        return self._taps.recorded

    def _prepared(self, packets: list[Taped]) -> Iterator[tuple[float, Stream, Packet]]:
        for number, taped in enumerate(packets):
            stream = self._streams.get(taped.stream)
            if stream is None:
                video = taped.codec is not Codec.OPUS
                stream = self._streams[taped.stream] = Stream(Inbound("p"), taped.stream, number, video)
                self._taps.open(taped.stream, taped.stream, records=True)
                for tap in self._taps.of(taped.stream) if video else ():
                    tap.turn_to(stream)
            packet = Packet(
                taped.sequence & 0xFFFF, taped.timestamp, 0x80 if taped.marker else 0, taped.payload, taped.captured
            )
            packet.keyframe = True
            yield taped.captured, stream, packet

    def hand_out(self, now: float, zero: float) -> int:
        count = 0
        while self._packets and self._packets[0][0] <= now:
            _, stream, packet = self._packets.popleft()
            packet.arrival += zero
            stream.clock.hear(packet.timestamp, packet.arrival)
            self._taps.offer(stream, [packet], self._clock)
            count += 1
        return count


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# -- a film -----------------------------------------------------------------------------------------------


def film(seconds: float) -> dict[str, Any]:
    pictures = _textured(640, 360)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        files, tracks = Files(Path(folder)), Tracks(0.0)
        senders = [voice(f"p{number}-microphone-1", 0.0, seconds) for number in range(4)]
        senders += [camera(f"p{number}-camera-2", 0.0, seconds, pictures=pictures) for number in range(4)]
        for packet in together(*senders):
            for event in tracks.feed(packet, packet.captured):
                files.write(event)
        files.close()
        dearest = _filmed(Path(folder), seconds, FilmChoice(layout="speaker", captions="burnt"))
        plain = _filmed(Path(folder), seconds, FilmChoice())
        return {**plain, "mp4_speed_speaker_burnt": dearest["mp4_speed"]}


def _filmed(folder: Path, seconds: float, choice: FilmChoice) -> dict[str, Any]:
    casts = {
        f"p{number}": Cast(f"Person {number}", [folder / f"p{number}-microphone-1.1.webm"], [],
                           [folder / f"p{number}-camera-2.1.webm"], [])
        for number in range(4)
    }  # fmt: skip
    lines = [
        Line(segment=str(at), speaker="p1", name="Person 1", text="We said that on Tuesday already. 我们星期二说过。",
             language="en", start=at, end=at + 3, confidence=1.0)
        for at in range(0, int(seconds), 3)
    ]  # fmt: skip
    script = Script(Cut([Span(0.0, seconds)]), [Chapter(0.0)], lines, choice)
    target = folder / "film.mp4"
    began, cpu = time.monotonic(), _used()
    make(target, casts, script, lambda part: None)
    wall = time.monotonic() - began
    return {
        "mp4_speed": round(seconds / wall, 2),
        "mp4_cpu_s_per_s": round((_used() - cpu) / seconds, 3),
        "mp4_bytes_per_s": round(target.stat().st_size / seconds),
    }


def _textured(width: int, height: int) -> list[bytes]:
    """One second of VP8 as a camera would send it: a texture that moves by some pixels a picture."""
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.bit_rate = width, height, "yuv420p", 600_000
    encoder.time_base, encoder.framerate, encoder.gop_size = Fraction(1, 25), Fraction(25), 25
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    coarse = np.random.default_rng(3).integers(40, 200, (height // 10, width // 10), dtype=np.uint8)
    texture, frames = np.kron(coarse, np.ones((10, 10), np.uint8)), []
    for number in range(25):
        grey = np.full((height * 3 // 2, width), 128, np.uint8)
        grey[:height] = np.roll(texture, 3 * number, axis=1)
        picture = av.VideoFrame.from_ndarray(grey, format="yuv420p")
        picture.pts, picture.time_base = number, Fraction(1, 25)
        frames += [bytes(packet) for packet in encoder.encode(picture)]
    return frames


# -- an hour -------------------------------------------------------------------------------------------------

AUDIO_PPM, VIDEO_PPM, WALL_PPM = 80e-6, -60e-6, 30e-6


def offset(seconds: float) -> dict[str, Any]:
    """A clap a second: its sound and its picture, each on its own crystal, late by chance."""
    stage, random = Stage(), Random(10)
    ana, layers = simulcast(stage, "ana", "m")
    picture = layers[0]
    stage.order(link.OpenTap(source="ana/camera", stream="b", taker="recorder"))
    stage.order(link.OpenTap(source="ana/microphone", stream="a", taker="recorder"))
    zero, tracks, apart = stage.now, Tracks(stage.now), []
    for second in range(1, int(seconds)):
        clap = zero + second
        stage.pass_time(clap + random.uniform(0.002, 0.04) - stage.now, step=0.5)
        ana.voice(timestamp=_ticks(clap - zero, 48_000, AUDIO_PPM))
        stage.pass_time(random.uniform(0.02, 0.14), step=0.5)
        _film(picture, clap, zero)
        if second % 5 == 1:
            ana.check()
            _report(stage, ana.audio_ssrc, picture.ssrc, zero)
        frames = [event for packet in _drain(stage) for event in tracks.feed(packet, stage.now)]
        at = {frame.stream: frame.at for frame in frames if isinstance(frame, Frame)}
        if len(at) == 2:
            apart.append(abs(at["a"] - at["b"]) * 1000)
    settled = sorted(islice(apart, 10, None))     # before the first reports nobody can know
    return {
        "av_offset_ms": round(settled[-1], 2),
        "av_offset_ms_p50": round(settled[len(settled) // 2], 2),
        "av_offset_ms_before_reports": round(max(islice(apart, 10)), 1),
        "claps": len(apart),
    }


def _film(picture: Layer, clap: float, zero: float) -> None:
    picture.timestamp = lambda at: _ticks(clap - zero, 90_000, VIDEO_PPM)  # type: ignore[method-assign]
    picture.frame(key=True)


def _report(stage: Stage, audio: int, video: int, zero: float) -> None:
    """Both streams' reports name the same wall clock, which is seven seconds ahead and runs fast."""
    passed = stage.now - zero
    wall = rtcp.to_ntp(stage.now + 7 + passed * WALL_PPM)
    client = next(iter(stage.clients.values()))
    client.rtcp(rtcp.SenderReport(audio, wall, _ticks(passed, 48_000, AUDIO_PPM), 1, 1))
    client.rtcp(rtcp.SenderReport(video, wall, _ticks(passed, 90_000, VIDEO_PPM), 1, 1))


def _ticks(passed: float, rate: int, ppm: float) -> int:
    return int((1000 + passed * (1 + ppm)) * rate) & 0xFFFF_FFFF


def _drain(stage: Stage) -> Iterator[Taped]:
    chunks = stage.plane.taps.recorded
    while chunks:
        chunk = chunks.popleft()
        yield Taped(
            chunk.stream, chunk.codec, chunk.sequence, chunk.timestamp, chunk.captured_at, chunk.payload, chunk.marker
        )
