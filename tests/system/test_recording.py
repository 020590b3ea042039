"""A meeting is recorded from end to end: real host, forwarder, recorder, three participants of whom one says no."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any

import av
import numpy as np
import pytest

from app.headless import HeadlessParticipant, Options
from app.session.commands import Join
from sfu.store import recordings
from sfu.store.thread import Store
from sfu.tasks.recording.bundle import verify
from sfu.wire import messages as wire
from sfu.wire.messages import Phase
from tests.system.hosting import RunningHost, hosting

pytestmark = [pytest.mark.system, pytest.mark.slow]
DEADLINE = 60.0
RATE, SECONDS = 15, 20


def clip(path: Path) -> Path:
    """A tone and a grey that changes."""
    with av.open(str(path), "w") as file:
        picture: Any = file.add_stream("libvpx", rate=RATE)
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = 320, 180, "yuv420p", 200_000
        picture.options = {"deadline": "realtime", "cpu-used": "8"}
        sound: Any = file.add_stream("libopus", rate=48_000)
        sound.layout = "mono"
        for number in range(RATE * SECONDS):
            grey = np.full((180, 320, 3), 60 + number % 100, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            file.mux(picture.encode(frame))
        for number in range(50 * SECONDS):
            wave = (6000 * np.sin(np.arange(number * 960, number * 960 + 960) / 17)).astype(np.int16)
            tone = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
            tone.sample_rate, tone.pts, tone.time_base = 48_000, number * 960, Fraction(1, 48_000)
            file.mux(sound.encode(tone))
        file.mux(picture.encode())
        file.mux(sound.encode())
    return path


class Guest(HeadlessParticipant):
    """As the host, with its token; says what it is told to when it is asked whether it may be recorded."""

    def __init__(self, host: RunningHost, name: str, media: Path, answer: bool | None, token: str = "") -> None:
        super().__init__(Options(host.link, name, media, None, DEADLINE * 3, 0.0, False, recorded=answer))
        post = self.engine.post
        self.engine.post = lambda one: post(replace(one, host_token=token) if isinstance(one, Join) else one)  # type: ignore[method-assign]

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def people(self) -> list[wire.Participant]:
        return sorted(self._roster.values(), key=lambda person: person.order)


async def until(wanted: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not wanted():     # noqa: ASYNC110  (what is waited for is said by other processes)
            await asyncio.sleep(0.05)


def last_of(path: Path) -> float:
    """When the file's last frame was taken, of those that can be decoded."""
    with av.open(str(path)) as container:
        return max(float(frame.pts * frame.time_base) for frame in container.decode(container.streams[0]))


async def test_who_agrees_is_recorded_who_refuses_is_not_and_a_kill_costs_a_second(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data", ("--no-captions",)) as host:
        media = clip(tmp_path / "clip.mkv")
        hana = Guest(host, "Hana", media, None, str(host.ready["host_token"]))
        ana, ben = Guest(host, "Ana", media, True), Guest(host, "../Ben", media, False)
        stop = asyncio.Event()
        running = []
        for count, guest in enumerate((hana, ana, ben), 1):
            running.append(asyncio.create_task(guest.run(stop)))
            await until(lambda count=count: len(hana.people) == count and all(p.connected for p in hana.people))

        hana.engine.post(wire.Record(phase=Phase.ON))
        await until(lambda: [person.recorded for person in hana.people] == [True, True, False])
        assert {hana.phase, ana.phase, ben.phase} == {Phase.ON}
        folder = tmp_path / "data" / "recordings"
        await until(lambda: sum(path.stat().st_size > 2000 for path in folder.rglob("tracks/*.webm")) == 4)
        child = await host.event("child")
        while child["name"] != "recorder":
            child = await host.event("child")
        os.kill(child["pid"], signal.SIGKILL)
        await until(lambda: sum(path.stat().st_size > 2000 for path in folder.rglob("tracks/*.webm")) == 8)
        hana.engine.post(wire.Record(phase=Phase.OFF))
        await until(lambda: not any(person.recorded for person in hana.people))
        await until(lambda: any(folder.rglob("made/bundle.zip")))
        stop.set()
        await asyncio.gather(*running)

    (bundle,) = folder.rglob("bundle.zip")
    assert any(name.startswith("voices/p2") for name in verify(bundle)["files"])
    names = sorted(path.name.rsplit("-", 1)[0] for path in folder.rglob("tracks/*.webm"))
    assert names == ["p1-camera"] * 2 + ["p1-microphone"] * 2 + ["p2-camera"] * 2 + ["p2-microphone"] * 2
    assert all(last_of(path) > 0 for path in folder.rglob("tracks/*.webm"))
    ends = [last_of(path) for path in folder.rglob("tracks/*.2.webm")]
    assert max(ends) - min(ends) < 1.0


async def test_a_host_that_is_killed_whole_loses_two_seconds_at_most_and_the_next_one_makes_the_film(
    tmp_path: Path
) -> None:
    data, media = tmp_path / "data", clip(tmp_path / "clip.mkv")
    stop = asyncio.Event()
    async with hosting(data, ("--no-captions",)) as host:
        hana = Guest(host, "Hana", media, None, str(host.ready["host_token"]))
        running = asyncio.create_task(hana.run(stop))
        await until(lambda: len(hana.people) == 1 and hana.people[0].connected)
        hana.engine.post(wire.Record(phase=Phase.ON))
        await until(lambda: hana.people[0].recorded)
        await until(lambda: sum(path.stat().st_size > 20_000 for path in data.rglob("tracks/*.webm")) == 2)

        killed = monotonic()
        for process in (host.process.pid, host.ready["children"]["control"]):
            os.kill(process, signal.SIGKILL)
        await host.process.wait()
    stop.set()
    await asyncio.gather(running, return_exceptions=True)
    with closing(Store(data)) as store:
        (row,) = store.read(recordings.listed).result()
    lasted = killed - host.ready["began"] - row.began
    await until(lambda: all(lasted - last_of(path) <= 2.0 for path in data.rglob("tracks/*.webm")))

    async with hosting(data, ("--no-captions",)):
        await until(lambda: any(data.rglob("made/bundle.zip")))
    (film,) = data.rglob("film.mp4")
    with av.open(str(film)) as made:
        assert lasted - 2.0 <= made.duration / 1e6 <= lasted + 1.0
