"""A face is read from end to end: real host, forwarder, broker, worker, two participants; and is not any more."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from app.headless import HeadlessParticipant, Options
from app.session.commands import Join
from app.session.events import Event
from models.emotion.fit import CLASSIFIER
from sfu.wire import messages as wire
from sfu.wire.messages import Audience
from tests.faces import portraits
from tests.system.hosting import RunningHost, hosting

pytestmark = [pytest.mark.system, pytest.mark.weights, pytest.mark.slow]
DEADLINE = 60.0
RATE, SECONDS = 15, 60


def film(path: Path, width: int = 320, height: int = 180, seconds: int = SECONDS) -> Path:
    """A man who smiles at the camera, in silence, again and again."""
    smiles = portraits.clip()[30:70:2]
    with av.open(str(path), "w") as file:
        picture: Any = file.add_stream("libvpx", rate=RATE)
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = width, height, "yuv420p", 300_000
        picture.options = {"deadline": "realtime", "cpu-used": "8"}
        sound: Any = file.add_stream("libopus", rate=48_000)
        sound.layout = "mono"
        for number, smile in enumerate(islice(cycle([*smiles, *smiles[::-1]]), RATE * seconds)):
            small = cv2.resize(smile, (width, height), interpolation=cv2.INTER_AREA)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(small), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            file.mux(picture.encode(frame))
        for number in range(50 * seconds):
            quiet = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.int16), format="s16", layout="mono")
            quiet.sample_rate, quiet.pts, quiet.time_base = 48_000, number * 960, Fraction(1, 48_000)
            file.mux(sound.encode(quiet))
        file.mux(picture.encode())
        file.mux(sound.encode())
    return path


class Guest(HeadlessParticipant):
    """Writes down what it is told about faces."""

    def __init__(self, host: RunningHost, name: str, media: Path | None, token: str = "") -> None:
        super().__init__(Options(host.link, name, media, None, DEADLINE * 3, 0.0, None))
        self.faces: list[wire.Face] = []
        self.told: list[Event] = []
        self._token = token
        post = self.engine.post
        self.engine.post = lambda one: post(replace(one, host_token=token) if isinstance(one, Join) else one)  # type: ignore[method-assign]

    def _happened(self, event: Event) -> None:
        super()._happened(event)
        self.told.append(event)
        if isinstance(event, wire.Face):
            self.faces.append(event)

    @property
    def people(self) -> list[wire.Participant]:
        return sorted(self._roster.values(), key=lambda person: person.order)


async def until(wanted: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not wanted():     # noqa: ASYNC110  (what is waited for is said by two engines)
            await asyncio.sleep(0.05)


async def test_a_smile_is_guessed_for_everyone_and_for_nobody_after_one_press(tmp_path: Path) -> None:
    portraits.weights("face-landmarker")
    portraits.weights(CLASSIFIER)
    async with hosting(tmp_path / "data", ("--setting", "private")) as host:
        hana = Guest(host, "Hana", None, str(host.ready["host_token"]))
        ana = Guest(host, "Ana", film(tmp_path / "smile.mkv"))
        stop = asyncio.Event()
        running = [asyncio.create_task(hana.run(stop))]
        await until(lambda: len(hana.people) == 1)
        running.append(asyncio.create_task(ana.run(stop)))
        await until(lambda: len(hana.people) == 2 and hana.people[1].camera and hana.people[1].connected)

        hana.engine.post(wire.SetPolicy(emotions=Audience.EVERYONE))
        await until(lambda: any(isinstance(event, wire.PolicyChanged) for event in ana.told))
        ana.engine.post(wire.ShareEmotions(audience=Audience.EVERYONE))
        await until(lambda: any(face.label == "happy" for face in hana.faces))
        assert hana.people[1].analysed

        worker = await host.event("child")
        while (worker["name"], worker["state"]) != ("emotion-1", "started"):
            worker = await host.event("child")
        os.kill(worker["pid"], signal.SIGKILL)
        hana.faces.clear()
        await until(lambda: any(face.label == "happy" for face in hana.faces))

        ana.engine.post(wire.ShareEmotions(audience=Audience.OFF))
        await until(lambda: not hana.people[1].analysed)
        assert not hana.faces[-1].present
        hana.faces.clear()
        await asyncio.sleep(1.5)
        assert hana.faces == []

        stop.set()
        await asyncio.gather(*running)
