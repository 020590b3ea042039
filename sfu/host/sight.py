"""The worker that reads faces for guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.wire import OpenStream, Result
from sfu.core.emotions import Seen
from sfu.host.on_demand import Job, OnDemand, Where
from sfu.wire.messages import CaptionsWorker

LANDMARKS = "face-landmarker"


class Watching(Protocol):
    def sight(self, up: bool) -> None: ...

    def sight_available(self, available: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None: ...

    def sight_began(self) -> None: ...


class Sight(OnDemand[Watching]):
    """Its pictures begin with a key frame."""

    def __init__(self, where: Where, model: str) -> None:
        super().__init__(Job(
            "emotion-1", "emotion", (LANDMARKS, model), "There are no guesses about faces:",
            "Guesses about faces stopped working on the host's computer. Run `parley doctor` there to see why.",
        ), where)  # fmt: skip

    def _tell(self, listener: Watching, possible: bool, sentence: str, workers: list[CaptionsWorker]) -> None:
        listener.sight_available(bool(workers), sentence, workers)
        listener.sight(possible)

    def _began(self, listener: Watching) -> None:
        listener.sight_began()


def wants(stream: str) -> OpenStream:
    """How a face's stream is opened."""
    return OpenStream(stream=stream, task="emotion", codec="vp8", clock_rate=90_000)


def seen(event: Result) -> Seen:
    face = event.face
    return Seen(
        stream=event.stream, present=face.present, box=(face.x, face.y, face.width, face.height), label=face.label,
        confidence=face.confidence, unclear=face.unclear, captured_s=face.captured_s,
    )  # fmt: skip
