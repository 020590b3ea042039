"""A camera is checked from end to end: real host, forwarder, broker, worker, and two people."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from app.headless import HeadlessParticipant, Options
from app.session.events import Event
from sfu.core.check_script import ACTS, HUES, LENGTH_S
from sfu.wire import messages as wire
from tests.faces import portraits
from tests.system.hosting import RunningHost, hosting
from tests.system.test_emotions import film, until

pytestmark = [pytest.mark.system, pytest.mark.weights, pytest.mark.slow]


class Guest(HeadlessParticipant):
    """Writes down what it is told."""

    def __init__(self, host: RunningHost, name: str, media: Path | None) -> None:
        super().__init__(Options(host.link, name, media, None, 180.0, 0.0, None))
        self.told: list[Event] = []
        self.running: asyncio.Task[object] | None = None

    def _happened(self, event: Event) -> None:
        super()._happened(event)
        self.told.append(event)

    def heard(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def checks(self) -> wire.ChecksState:
        states = [event.checks for event in self.told if isinstance(event, wire.Welcome | wire.ChecksChanged)]
        return states[-1] if states else wire.ChecksState()

    @property
    def people(self) -> list[wire.Participant]:
        return sorted(self._roster.values(), key=lambda person: person.order)


async def asked(ben: Guest, ana: Guest) -> str:
    """Ben asks about Ana; the check's id."""
    before = len(ana.heard(wire.CheckAsked))
    ben.engine.post(wire.AskCheck(participant=ben.people[1].id))
    await until(lambda: len(ana.heard(wire.CheckAsked)) > before)
    question = ana.heard(wire.CheckAsked)[-1]
    assert isinstance(question, wire.CheckAsked)
    assert question.name == "Ben"
    return question.check


async def answered(ben: Guest, check: str) -> wire.CheckResult:
    def mine() -> list[wire.CheckResult]:
        return [event for event in ben.told if isinstance(event, wire.CheckResult) and event.check == check]

    await until(lambda: bool(mine()))
    return mine()[0]


async def test_a_looped_camera_is_told_from_a_live_one_and_every_way_out_has_its_reason(tmp_path: Path) -> None:
    portraits.weights("face-landmarker")
    async with hosting(tmp_path / "data", ("--unlisted",)) as host:
        ben, ana = Guest(host, "Ben", None), Guest(host, "Ana", film(tmp_path / "loop.mkv", 640, 360))
        stop = asyncio.Event()
        running = [asyncio.create_task(ben.run(stop))]
        await until(lambda: len(ben.people) == 1)
        running.append(asyncio.create_task(ana.run(stop)))
        await until(lambda: len(ben.people) == 2 and ben.people[1].camera and ben.people[1].connected)

        await until(lambda: ben.checks.possible)
        check = await asked(ben, ana)
        worker = await host.event("child")
        while (worker["name"], worker["state"]) != ("checks-1", "started"):
            worker = await host.event("child")
        began = time.monotonic()
        ana.engine.post(wire.AnswerCheck(check=check, accept=True))
        result = await answered(ben, check)

        assert (result.verdict, result.participant) == ("inconsistent", ana.people[1].id)
        assert time.monotonic() - began >= LENGTH_S
        assert result.pictures > 10 * LENGTH_S
        steps = [event for event in ana.told if isinstance(event, wire.CheckStep)]
        assert len(steps) == 1 + ACTS + HUES
        assert not ben.heard(wire.CheckStep)
        assert not ana.heard(wire.CheckResult)

        ana.engine.post(wire.AnswerCheck(check=check, accept=True))     # crosses its end; begins nothing
        ana.engine.post(wire.AllowChecks(answer=wire.StandingAnswer.ALWAYS))
        await until(lambda: ben.people[1].checks is wire.StandingAnswer.ALWAYS)
        ben.engine.post(wire.AskCheck(participant=ben.people[1].id))
        await until(lambda: ben.people[1].analysed)
        os.kill(worker["pid"], signal.SIGKILL)
        assert (await answered(ben, "c2")).reason == "worker_died"

        await until(lambda: bool(ben.checks.workers))
        ben.engine.post(wire.AskCheck(participant=ben.people[1].id))
        await until(lambda: ben.people[1].analysed)
        ana.engine.post(wire.SetMedia(microphone=True, camera=False))
        assert (await answered(ben, "c3")).reason == "camera_off"
        assert not ben.people[1].analysed

        stop.set()
        await asyncio.gather(*running)
