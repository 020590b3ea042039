"""The real inference plane: broker and worker processes, real Whisper, a worker killed in mid-sentence."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path

import av
import pytest
import zmq
import zmq.asyncio

from models.core.scoring import words
from models.registry import Registry, default_models_dir
from models.runtime.client import BrokerClient, Event
from models.wire import Chunk, Result, WorkerState, encode
from sfu.rtp.errors import UserError

MEDIA = Path(__file__).resolve().parents[2] / "resources" / "media"
CLIP = MEDIA / "en_sense_0920.flac"
SAID = "Had he married a more amiable woman, he might have been made still more respectable than he was."

pytestmark = [pytest.mark.system, pytest.mark.weights, pytest.mark.slow]


@pytest.fixture
def weights() -> Path:
    folder = default_models_dir()
    try:
        Registry(folder).path("whisper-base")
    except UserError as missing:
        pytest.skip(f"needs weights: {missing.sentence}")
    return folder


def opus(clip: Path, quiet_s: float = 2.0) -> list[bytes]:
    """The clip as 20 ms Opus packets, with silence after it."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 32_000
    encoder.time_base = Fraction(1, 48_000)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
    with av.open(str(clip)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    silence = av.AudioFrame(format="s16", layout="mono", samples=960)
    silence.sample_rate = 48_000
    for plane in silence.planes:
        plane.update(bytes(plane.buffer_size))
    frames += [silence] * int(quiet_s * 50)
    packets: list[bytes] = []
    for at, frame in enumerate(frames):
        frame.pts = at * 960
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


class Plane:
    def __init__(self, folder: Path, weights: Path) -> None:
        self.folder, self.weights = folder, weights
        folder.chmod(0o700)
        self.processes = [self._run("models.runtime.broker", "--dir", str(folder))]

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        options = ["--task", "captions", "--model", "whisper-base", "--broker", f"ipc://{self.folder}/broker"]
        process = self._run("models.runtime.worker", *options, "--models", str(self.weights), "--name", name)
        self.processes.append(process)
        return process

    def _run(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", module, *options])

    def close(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            process.wait(10)


@asynccontextmanager
async def plane(folder: Path, weights: Path) -> AsyncIterator[tuple[Plane, BrokerClient, asyncio.Queue[Event]]]:
    """A broker, its client and the client's events."""
    running = Plane(folder, weights)
    heard: asyncio.Queue[Event] = asyncio.Queue()

    async def listen(client: BrokerClient) -> None:
        async for event in client.events():
            heard.put_nowait(event)

    try:
        async with BrokerClient(f"ipc://{folder}/broker", "test") as client:
            listening = asyncio.create_task(listen(client), name="test.listen")
            try:
                yield running, client, heard
            finally:
                listening.cancel()
                await asyncio.wait([listening])
    finally:
        running.close()


async def until_ready(heard: asyncio.Queue[Event], name: str) -> None:
    while True:
        event = await heard.get()
        if isinstance(event, WorkerState) and event.name == name and event.state == WorkerState.READY:
            return


async def speak(folder: Path, packets: list[bytes], stop_at: int | None = None) -> float:
    """Sends the packets as the tap does, in real time; returns when the last one was captured."""
    with zmq.asyncio.Context() as context, context.socket(zmq.PUSH) as tap:
        tap.setsockopt(zmq.LINGER, 500)
        tap.connect(f"ipc://{folder}/tap")
        began = time.monotonic()
        for at, packet in enumerate(packets[:stop_at]):
            await asyncio.sleep(max(0.0, began + 0.02 * at - time.monotonic()))
            chunk = Chunk(stream="ana", sequence=at, timestamp=960 * at, capture_us=int(time.monotonic() * 1e6))
            await tap.send_multipart(encode(chunk, packet))
        return time.monotonic()


async def finals(heard: asyncio.Queue[Event], expected_words: int) -> list[str]:
    text: list[str] = []
    while len(text) < expected_words:
        event = await heard.get()
        if isinstance(event, Result) and event.HasField("caption") and event.caption.final:
            text += words(event.caption.committed)
    return text


async def test_a_sentence_is_captioned_as_it_was_said(tmp_path: Path, weights: Path) -> None:
    async with asyncio.timeout(60), plane(tmp_path, weights) as (running, client, heard):
        running.worker("captions-1")
        await until_ready(heard, "captions-1")
        await client.open_stream("ana", language="en")

        _, text = await asyncio.gather(speak(tmp_path, opus(CLIP)), finals(heard, 17))

        assert text == words(SAID)


async def test_a_worker_killed_in_mid_sentence_costs_no_word(tmp_path: Path, weights: Path) -> None:
    async with asyncio.timeout(90), plane(tmp_path, weights) as (running, client, heard):
        first = running.worker("captions-1")
        await until_ready(heard, "captions-1")
        await client.open_stream("ana", language="en")
        speaking = asyncio.create_task(speak(tmp_path, opus(CLIP)), name="test.speak")
        await asyncio.sleep(3)

        os.kill(first.pid, 9)
        first.wait()
        running.worker("captions-1")
        text = await finals(heard, 17)

        await speaking
        assert text == words(SAID)
