"""Faces of a meeting, read a few times a second: many cameras, one detector, one reader.

A `Task` (see `models.runtime.task`).  Each person's newest picture is looked at when their last look is long enough
ago; those who waited longest come first, a few at once.  What is late is not looked at: with more people than this
computer can do, everybody is looked at more rarely.  No picture and no guess outlives the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.core.expressions import Unclear
from models.core.steady import Guess, Steady
from models.emotion.reader import Face, Reader, Reading
from models.faces.camera import Camera, Shot
from models.faces.finder import Finder, Seen, Trace
from models.faces.points import Picture
from models.registry import Registry
from models.runtime.task import Setup
from models.wire import Body, Chunk, CloseStream, FaceGuess, Failure, OpenStream, Result, StreamHealth

# Three looks a second follow a face well enough and cost a fifth of what every picture would.
LOOK_EVERY = 0.3
# One call of the networks: on a CPU a batch gains nothing, and pictures that came meanwhile would be late.
BATCH_CPU, BATCH_GPU = 4, 16
# An older picture says nothing about now.
LATE = 0.7
# Nothing came for so long: the camera is off, and there is no face.
STARVED = 1.0
CODEC, CLOCK_RATE = "vp8", 90_000
LANDMARKS = "face-landmarker"


class Finds(Protocol):
    """`Finder`, or a script in tests."""

    def find(self, pictures: Sequence[Picture], traces: Sequence[Trace], now: float) -> list[Seen | None]: ...


class Reads(Protocol):
    """`Reader`, or a script in tests."""

    def read(self, faces: Sequence[Face]) -> list[Reading]: ...


class _Person:
    """One stream."""

    def __init__(self) -> None:
        self.camera = Camera()
        self.trace = Trace()
        self.steady = Steady()
        self.waiting: Shot | None = None
        self.looked = float("-inf")
        self.fed = float("-inf")
        self.present = False


class Emotions:
    """Tests pass their own eyes."""

    def __init__(self, setup: Setup, finder: Finds | None = None, reader: Reads | None = None) -> None:
        self._setup = setup
        self._finder, self._reader = finder, reader
        self._people: dict[str, _Person] = {}
        self._out: list[Body] = []
        self._batch = BATCH_CPU if setup.device == "cpu" else BATCH_GPU
        self.late = 0

    def load(self) -> None:
        if self._finder is None or self._reader is None:
            from models.emotion.model import Classifier
            from models.faces.model import FaceNetworks

            setup, registry = self._setup, Registry(self._setup.models)
            networks = FaceNetworks(registry.path(LANDMARKS), setup.device, setup.threads)
            folder, model = registry.path(setup.model), registry.model(setup.model)
            self._finder = Finder(networks)
            self._reader = Reader(networks, Classifier(folder, model, setup.device, setup.threads))

    def open(self, wants: OpenStream) -> None:
        if (wants.codec, wants.clock_rate) != (CODEC, CLOCK_RATE):
            sentence = f"faces are read in VP8 at {CLOCK_RATE} Hz, not {wants.codec} at {wants.clock_rate}"
            self._out.append(Failure(stream=wants.stream, cause=Failure.UNSUPPORTED, sentence=sentence))
            return
        self._people[wants.stream] = _Person()

    def feed(self, chunk: Chunk, payload: bytes) -> None:
        if (person := self._people.get(chunk.stream)) is None:
            return
        now = self._setup.clock()
        person.fed = now
        person.camera.feed(chunk, payload, now)
        person.waiting = person.camera.take() or person.waiting
        if person.camera.wants_keyframe(now):
            self._out.append(Result(stream=chunk.stream, health=StreamHealth(wants_keyframe=True)))

    def close(self, stream: str) -> None:
        """At once: what is left of it must not be looked at any more."""
        self._people.pop(stream, None)
        self._out.append(CloseStream(stream=stream))

    def work(self) -> list[Body]:
        now = self._setup.clock()
        self._end_of_sight(now)
        due = sorted((name for name, person in self._people.items() if _is_due(person, now)), key=self._looked)
        if due:
            self._look(due[: self._batch], now)
        out, self._out = self._out, []
        return out

    def waiting(self) -> int:
        now = self._setup.clock()
        return sum(_is_due(person, now) for person in list(self._people.values()))

    def _looked(self, name: str) -> float:
        return self._people[name].looked

    def _look(self, names: Sequence[str], now: float) -> None:
        """One batch: find, read, tell."""
        assert self._finder is not None, "load first"
        assert self._reader is not None, "load first"
        shots: list[tuple[str, _Person, Shot]] = []
        for name in names:
            person = self._people[name]
            shot, person.waiting, person.looked = person.waiting, None, now
            if shot is None or now - shot.captured > LATE:
                self.late += 1
                continue
            shots.append((name, person, shot))
        pictures = [shot.picture() for _, _, shot in shots]
        seen = self._finder.find(pictures, [person.trace for _, person, _ in shots], now)
        pairs = zip(pictures, seen, strict=True)
        alone = [Face(picture, one.points) for picture, one in pairs if one is not None and not one.several]
        readings = iter(self._reader.read(alone))
        for (name, person, shot), picture, one in zip(shots, pictures, seen, strict=True):
            if one is None:
                self._gone(name, person)
                continue
            reading = Reading(Unclear.SEVERAL, None) if one.several else next(readings)
            self._tell(name, person, one.box(picture), _guess(person, reading, shot.captured), shot.captured)

    def _tell(self, name: str, person: _Person, box: Sequence[float], guess: Guess, captured: float) -> None:
        person.present = True
        x, y, width, height = box
        face = FaceGuess(
            present=True, x=x, y=y, width=width, height=height, label=guess.label, confidence=guess.confidence,
            unclear=guess.unclear or "", captured_s=captured,
        )  # fmt: skip
        self._out.append(Result(stream=name, face=face))

    def _gone(self, name: str, person: _Person) -> None:
        """No face: said once, and what was thought of it is forgotten."""
        person.steady.forget()
        if person.present:
            person.present = False
            self._out.append(Result(stream=name, face=FaceGuess(present=False)))

    def _end_of_sight(self, now: float) -> None:
        for name, person in self._people.items():
            if person.present and now - person.fed > STARVED:
                self._gone(name, person)


def _is_due(person: _Person, now: float) -> bool:
    return person.waiting is not None and now - person.looked >= LOOK_EVERY


def _guess(person: _Person, reading: Reading, captured: float) -> Guess:
    if reading.probabilities is None:
        return person.steady.cannot_tell(reading.unclear or Unclear.UNSURE)
    return person.steady.see(reading.probabilities, captured)


def create(setup: Setup) -> Emotions:
    return Emotions(setup)
