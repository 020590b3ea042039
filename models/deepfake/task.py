"""Checks of cameras: every picture of a few people is looked at for some seconds, then all witnesses speak.

A `Task` (see `models.runtime.task`).  A stream has the camera's middle layer and the voice; when it is closed after
its evidence came (`Tune.evidence`), the verdict goes out.  Without evidence it was called off, and nothing is said.
A computer that cannot look at every picture looks at every other.  Nothing is kept but numbers, and those until the
stream is closed.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np

from models.deepfake.challenge import Act, Question
from models.deepfake.detector import Detector, installed
from models.deepfake.illumination import Shown
from models.deepfake.judge import Evidence, Judgement, judge
from models.deepfake.sight import Sight
from models.deepfake.speech import Speech
from models.deepfake.strangers import strangers
from models.deepfake.voice import Voice
from models.deepfake.witness import Floats, Look, Opinion
from models.faces.camera import Camera
from models.faces.model import FaceNetworks
from models.faces.points import Picture
from models.registry import Registry
from models.runtime.task import Setup
from models.wire import (
    MAX_PLOT,
    Body,
    CheckEvidence,
    CheckVerdict,
    Chunk,
    CloseStream,
    Failure,
    OpenStream,
    Result,
    StreamHealth,
    Tune,
)
from sfu.rtp.errors import UserError

log = logging.getLogger("models.deepfake")

CODEC, CLOCK_RATE = "vp8", 90_000
# A third of a second; who is so far behind looks at every other picture.
MOST_WAITING, KEPT = 10, 32
# Between two looks at what came meanwhile.
TURN_S = 0.1
# Half a minute of every picture: nobody is checked for longer.
MOST_LOOKS = 1_000


class Looks(Protocol):
    """`Sight`, or a script in tests."""

    def look(self, at: float, picture: Picture) -> Look: ...


class _Person:
    """One stream."""

    def __init__(self, sight: Looks) -> None:
        self.sight = sight
        self.camera = Camera(KEPT)
        self.voice = Voice()
        self.looks: list[Look] = []
        self.evidence: Evidence | None = None
        self.closed = False

    def look(self) -> None:
        """At the next picture.  One from before the last was stamped by another clock and is left out."""
        shot = self.camera.take()
        if shot is None or len(self.looks) >= MOST_LOOKS or (self.looks and shot.captured <= self.looks[-1].at):
            return
        self.looks.append(self.sight.look(shot.captured, shot.picture()))


class Checks:
    """Tests pass their own eyes."""

    def __init__(self, setup: Setup, sight: Callable[[], Looks] | None = None) -> None:
        self._setup = setup
        self._sight = sight
        self._people: dict[str, _Person] = {}
        self._strangers: list[Speech] = []
        self._out: list[Body] = []

    def load(self) -> None:
        self._strangers = strangers()
        if self._sight is None:
            registry = Registry(self._setup.models)
            networks = FaceNetworks(registry.path(self._setup.model), self._setup.device, self._setup.threads)
            detector = self._detector()
            self._sight = lambda: Sight(networks, detector)
        self._sight().look(0.0, np.zeros((270, 480, 3), np.uint8))      # the first run of a network takes longest

    def _detector(self) -> Detector | None:
        """Without it the other witnesses still speak."""
        try:
            return installed(self._setup.models, self._setup.device, self._setup.threads)
        except UserError as refused:
            log.warning(refused.sentence)
            return None

    def open(self, wants: OpenStream) -> None:
        assert self._sight is not None, "load first"
        if (wants.codec, wants.clock_rate) != (CODEC, CLOCK_RATE):
            sentence = f"cameras are checked in VP8 at {CLOCK_RATE} Hz, not {wants.codec} at {wants.clock_rate}"
            self._out.append(Failure(stream=wants.stream, cause=Failure.UNSUPPORTED, sentence=sentence))
            return
        self._people[wants.stream] = _Person(self._sight())

    def feed(self, chunk: Chunk, payload: bytes) -> None:
        if (person := self._people.get(chunk.stream)) is None:
            return
        if not chunk.video:
            person.voice.feed(chunk, payload)
            return
        now = self._setup.clock()
        person.camera.feed(chunk, payload, now)
        if person.camera.wants_keyframe(now):
            self._out.append(Result(stream=chunk.stream, health=StreamHealth(wants_keyframe=True)))

    def tune(self, tune: Tune) -> None:
        if (person := self._people.get(tune.stream)) is not None and tune.HasField("evidence"):
            person.evidence = evidence_of(tune.evidence)

    def close(self, stream: str) -> None:
        """What was not looked at yet is looked at first."""
        if (person := self._people.get(stream)) is None:
            self._out.append(CloseStream(stream=stream))
        else:
            person.closed = True

    def work(self) -> list[Body]:
        """The oldest pictures of everybody, for a tenth of a second; then who is closed is judged."""
        until = self._setup.clock() + TURN_S
        while self.waiting() and self._setup.clock() < until:
            for person in self._people.values():
                if len(person.camera) > MOST_WAITING:
                    person.camera.thin()
                person.look()
        for name in [name for name, person in self._people.items() if person.closed and not len(person.camera)]:
            self._end(name, self._people.pop(name))
        out, self._out = self._out, []
        return out

    def waiting(self) -> int:
        return sum(len(person.camera) > 0 for person in list(self._people.values()))

    def _end(self, name: str, person: _Person) -> None:
        if person.evidence is not None:
            chance = random.Random(name)
            judgement = judge(person.looks, person.voice.speech(), self._strangers, person.evidence, chance)
            self._out.append(Result(stream=name, check=verdict_of(judgement, len(person.looks))))
        self._out.append(CloseStream(stream=name))


def evidence_of(said: CheckEvidence) -> Evidence:
    """An act that is unknown here is of a newer host, and not judged."""
    known = set(Act)
    return Evidence(
        asked=tuple(Question(Act(act.name), act.at_s) for act in said.acts if act.name in known),
        shown=tuple(Shown(hue.at_s, (hue.rgb >> 16 & 255, hue.rgb >> 8 & 255, hue.rgb & 255)) for hue in said.hues),
        code=said.code,
        heard=said.heard if said.captioned else None,
        same_certificate=said.same_certificate,
        voice=said.voice,
    )


def verdict_of(judgement: Judgement, pictures: int) -> CheckVerdict:
    return CheckVerdict(
        verdict=judgement.verdict, reason=judgement.spoilt or "", pictures=pictures,
        witnesses=[_witness(opinion) for opinion in judgement.opinions],
    )  # fmt: skip


def _witness(opinion: Opinion) -> CheckVerdict.Witness:
    seconds, values, others = _plotted(opinion.plot)
    return CheckVerdict.Witness(
        name=opinion.witness, score=opinion.score, measured=opinion.measured, threshold=opinion.threshold,
        reason=opinion.reason or "", seconds=seconds, values=values, others=others,
    )  # fmt: skip


def _plotted(plot: Floats | None) -> tuple[Iterable[float], Iterable[float], Iterable[float]]:
    """At most `MAX_PLOT` points of a plot (n, 2 or 3), evenly spread."""
    if plot is None or not len(plot):
        return (), (), ()
    grid = np.linspace(plot[0, 0], plot[-1, 0], min(MAX_PLOT, len(plot)))
    values, *others = (np.interp(grid, plot[:, 0], column) for column in plot[:, 1:].T)
    return grid, values, others[0] if others else ()


def create(setup: Setup) -> Checks:
    return Checks(setup)
