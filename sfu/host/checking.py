"""The worker that checks cameras, and the words in which it is asked and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.wire import CheckEvidence, OpenStream, Result, Tune
from sfu.core.check_results import Said, Weighed
from sfu.core.effects import Evidence
from sfu.host.on_demand import Job, OnDemand, Where
from sfu.host.sight import LANDMARKS
from sfu.wire.messages import CaptionsWorker

TASK = "deepfake"
_JOB = Job(
    "checks-1", TASK, (LANDMARKS,), "Cameras cannot be checked:",
    "Checks of cameras stopped working on the host's computer. Run `parley doctor` there to see why.",
    working_mb=230,     # two checks at once at 540p: 305 MB in all
)  # fmt: skip


class Asking(Protocol):
    def checks_available(self, possible: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None: ...


class Checking(OnDemand[Asking]):
    def __init__(self, where: Where) -> None:
        super().__init__(_JOB, where)

    def _tell(self, listener: Asking, possible: bool, sentence: str, workers: list[CaptionsWorker]) -> None:
        listener.checks_available(possible, sentence, workers)


def wants(stream: str) -> OpenStream:
    """How a check's stream is opened: picture and voice."""
    return OpenStream(stream=stream, task=TASK, codec="vp8", clock_rate=90_000)


def weighing(stream: str, evidence: Evidence) -> Tune:
    hues = [CheckEvidence.Hue(rgb=red << 16 | green << 8 | blue, at_s=at) for (red, green, blue), at in evidence.shown]
    return Tune(stream=stream, evidence=CheckEvidence(
        acts=[CheckEvidence.Act(name=act, at_s=at) for act, at in evidence.asked], hues=hues, code=evidence.code,
        captioned=evidence.heard is not None, heard=(evidence.heard or "")[:4_000],
        same_certificate=evidence.same_certificate, voice=evidence.voice,
    ))  # fmt: skip


def weighed(event: Result) -> Weighed:
    said = tuple(
        Said(
            one.name, one.score, one.measured, one.threshold, one.reason, tuple(one.seconds), tuple(one.values),
            tuple(one.others),
        )
        for one in event.check.witnesses
    )
    return Weighed(event.stream, event.check.verdict, event.check.reason, said, event.check.pictures)
