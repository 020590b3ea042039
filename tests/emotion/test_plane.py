"""The real broker and a real worker: a film goes in, guesses come out, and a killed worker leaves nothing stale."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from itertools import cycle

import pytest
import zmq
import zmq.asyncio

from models.emotion.fit import CLASSIFIER
from models.registry import default_models_dir
from models.runtime.client import BrokerClient, Event
from models.wire import CloseStream, FaceGuess, OpenStream, Result, encode
from tests.emotion.films import RATE, Film
from tests.faces import portraits
from tests.models.plane import Plane, plane

pytestmark = [pytest.mark.system, pytest.mark.weights]
WANTS = OpenStream(stream="ana", task="emotion", codec="vp8", clock_rate=90_000)


def worker(running: Plane, name: str) -> subprocess.Popen[bytes]:
    options = ["--task", "emotion", "--model", CLASSIFIER, "--models", str(default_models_dir()), "--threads", "1"]
    process = running.worker(name, *options)
    running.until_ready(name)
    return process


async def film(running: Plane, stop: asyncio.Event, camera: Film) -> None:
    """A smile, in real time, to the tap; a key frame every second."""
    smile = portraits.clip()[40]
    with zmq.asyncio.Context() as context, context.socket(zmq.PUSH) as tap:
        tap.setsockopt(zmq.LINGER, 0)
        tap.connect(f"ipc://{running.folder}/tap")
        for number in cycle(range(RATE)):
            if stop.is_set():
                return
            if number == 0:
                camera.resize(camera.width, camera.height)
            for chunk, payload in camera.packets(smile, time.monotonic()):
                await tap.send_multipart(encode(chunk, payload))
            await asyncio.sleep(1 / RATE)


async def until(events: asyncio.Queue[Event], wanted: Callable[[Event], bool], seconds: float = 30.0) -> Event:
    async with asyncio.timeout(seconds):
        while not wanted(event := await events.get()):
            pass
        return event


def face(event: Event) -> FaceGuess | None:
    return event.face if isinstance(event, Result) and event.HasField("face") else None


async def listen(client: BrokerClient, events: asyncio.Queue[Event]) -> None:
    async for event in client.events():
        events.put_nowait(event)


async def test_a_smile_on_a_camera_becomes_a_guess_and_survives_the_death_of_its_worker() -> None:
    portraits.weights("face-landmarker")
    portraits.weights(CLASSIFIER)
    events: asyncio.Queue[Event] = asyncio.Queue()
    with plane() as running:
        first = worker(running, "emotion-1")
        async with BrokerClient(running.endpoint, "test") as client:
            stop, camera = asyncio.Event(), Film("ana")
            tasks = [asyncio.create_task(listen(client, events)), asyncio.create_task(film(running, stop, camera))]
            try:
                await client.open(WANTS)
                await until(events, lambda event: (seen := face(event)) is not None and seen.label == "happy")

                first.kill()
                await asyncio.to_thread(worker, running, "emotion-1")
                while not events.empty():
                    events.get_nowait()
                again = await until(events, lambda event: (seen := face(event)) is not None and seen.label == "happy")
                assert again.face.captured_s > time.monotonic() - 2.0  # type: ignore[union-attr]

                await client.close_stream("ana")
                await until(events, lambda event: isinstance(event, CloseStream))
                await asyncio.sleep(0.5)
                assert events.empty()
            finally:
                stop.set()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
