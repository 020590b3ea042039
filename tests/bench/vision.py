"""What seeing costs, how still its labels hold, and how right they are.

`ms_per_face` is the CPU time of one look at one person through the worker's task: their camera's packets (320x180,
15 frames a second, every frame decoded) since the last look, the face followed, points, muscles, classifier.
`people_per_core` is how many people at 3 looks a second fill one core at that price.  `label_changes_per_min`
counts them on steady footage, on the virtual clock of the film.  CPU time, not the clock's, so that a busy computer
changes little.

`accuracy.<label>` (with `.n`, and `.low` and `.high` of a 95 % Wilson interval) is the share of frontal faces of
that label for which a guess was made and was right; `unclear_ratio` says of how many frontal faces nothing was
guessed.  Faces come from `--faces DIR` (a MANIFEST.tsv with file, label and perhaps person), of whose people only
the half is used that the table of `models/emotion` was not fitted to; without it, from the two labelled pictures
and the clip that ship with us.

    python -m tests.bench vision --json [--faces DIR] [--model expressions-fer2013] [--device cpu]
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, dropwhile, islice, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.core.expressions import LABELS
from models.core.steady import SHOW
from models.emotion.fit import CLASSIFIER, load_reader
from models.emotion.labelled import labelled
from models.emotion.reader import Face, Reader
from models.emotion.task import Emotions
from models.faces.finder import Finder
from models.faces.model import FaceNetworks
from models.faces.points import Picture
from models.runtime.task import Setup
from models.wire import Chunk, FaceGuess, OpenStream, Result
from tests.emotion.films import RATE, Film

MEDIA = Path(__file__).parents[2] / "resources" / "media"
SHORT = ["--seconds", "20"]
LOOKS_PER_S = 3
NEUTRAL_UNTIL, SMILES_FROM = 13, 24     # pictures of the clip
Shown = tuple[str, Picture]


def pictures(folder: Path | None) -> Iterator[Shown]:
    """Labels and pictures, as the arguments name them."""
    if folder is None:
        yield from shipped()
        return
    for one in labelled(folder):
        picture = one.picture() if one.held_out else None
        if picture is not None:
            yield one.label, picture


def shipped() -> Iterator[Shown]:
    """Two people, one of whom begins to smile after half a second: labelled by us, by eye, and few."""
    portrait = cv2.imread(str(MEDIA / "nasa_astronaut_smile.jpg"))
    assert portrait is not None, "resources/media is part of the project"
    yield "happy", np.asarray(cv2.cvtColor(portrait, cv2.COLOR_BGR2RGB), np.uint8)
    for number, picture in enumerate(clip(MEDIA / "pyfeat_single_face.mp4")):
        if number < NEUTRAL_UNTIL or number >= SMILES_FROM:
            yield "neutral" if number < NEUTRAL_UNTIL else "happy", picture


def clip(path: Path) -> Iterator[Picture]:
    """Every picture of a film."""
    reader = cv2.VideoCapture(str(path))
    while (answer := reader.read())[0]:
        yield np.asarray(cv2.cvtColor(answer[1], cv2.COLOR_BGR2RGB), np.uint8)


@dataclass(slots=True)
class Score:
    """What was guessed of each label's faces."""

    right: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    guessed: Counter[str] = field(default_factory=Counter)
    frontal: int = 0
    faces: int = 0

    def take(self, label: str, probabilities: Sequence[float] | None) -> None:
        self.faces += 1
        if probabilities is None:
            return
        self.frontal += 1
        best = max(probabilities)
        if best < SHOW:
            return
        guess = LABELS[probabilities.index(best)]
        self.shown[label] += 1
        self.guessed[guess] += 1
        self.right[label] += guess == label

    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = {"faces": self.faces, "frontal": self.frontal}
        figures["unclear_ratio"] = round(1 - sum(self.shown.values()) / max(1, self.frontal), 3)
        for label in LABELS:
            n, right = self.shown[label], self.right[label]
            low, high = wilson(right, n)
            figures |= {f"accuracy.{label}": round(right / n, 3) if n else None, f"accuracy.{label}.n": n}
            figures |= {f"accuracy.{label}.low": low, f"accuracy.{label}.high": high}
            guessed = self.guessed[label]
            figures[f"precision.{label}"] = round(right / guessed, 3) if guessed else None
        return figures


def wilson(right: int, n: int) -> tuple[float | None, float | None]:
    """95 % interval of a share (Wilson 1927)."""
    if not n:
        return None, None
    z, share = 1.96, right / n
    middle, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return round((middle - spread) / scale, 3), round((middle + spread) / scale, 3)


def score(faces: FaceNetworks, reader: Reader, shown: Iterator[Shown]) -> Score:
    result = Score()
    for label, picture in shown:
        (regions,) = faces.detect([picture])
        if len(regions) == 1:
            (points,) = faces.points([picture], regions)
            (reading,) = reader.read([Face(picture, points)])
            result.take(label, reading.probabilities)
    return result


def steady_footage() -> list[Picture]:
    """A man who smiles, forth and back, so that nothing jumps."""
    smile = list(clip(MEDIA / "pyfeat_single_face.mp4"))[SMILES_FROM::2]
    return [*smile, *smile[-2:0:-1]]


def watch(faces: FaceNetworks, reader: Reader, people: int, seconds: float) -> dict[str, Any]:
    """Several people on steady footage, through the real task."""
    now = [1000.0]
    setup = Setup(CLASSIFIER, Path(), "cpu", "float32", 1, lambda: now[0])
    task = Emotions(setup, Finder(faces), reader)
    task.load()
    names = [f"person{number}" for number in range(people)]
    for name in names:
        task.open(OpenStream(stream=name, task="emotion", codec="vp8", clock_rate=90_000))
    film = Film("film")
    footage = (film.packets(picture, 0.0) for picture in cycle(steady_footage()))
    told: list[FaceGuess] = []
    spent = 0.0
    for packets in islice(footage, round(seconds * RATE)):
        chunks = [(stamped(chunk, name, now[0]), payload) for name in names for chunk, payload in packets]
        began = time.process_time()
        for chunk, payload in chunks:
            task.feed(chunk, payload)
        while said := task.work():
            told += [one.face for one in said if isinstance(one, Result) and one.stream == names[0]]
        spent += time.process_time() - began
        now[0] += 1 / RATE
    labels = [face.label for face in told]
    settled = list(dropwhile(lambda label: not label, labels))     # the first label is no change
    changes = sum(before != after for before, after in pairwise(settled))
    per_look = spent / (len(labels) * people)
    return {
        "ms_per_face": round(1e3 * per_look, 2),
        "people_per_core": round(1 / (per_look * LOOKS_PER_S), 1),
        "looks": len(labels) * people,
        "looks_per_s": round(len(labels) / seconds, 2),
        "label_changes_per_min": round(60 * changes / seconds, 2),
    }


def stamped(chunk: Chunk, stream: str, at: float) -> Chunk:
    """The same packet of somebody else, now."""
    copy = Chunk()
    copy.CopyFrom(chunk)
    copy.stream, copy.capture_us = stream, int(at * 1e6)
    return copy


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="vision")
    parser.add_argument("--faces", type=Path, metavar="DIR", help="labelled pictures with a MANIFEST.tsv")
    parser.add_argument("--model", default=CLASSIFIER, help="catalogue id (default: %(default)s)")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--people", type=int, default=4, help="cameras at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of footage (default: %(default)s)")
    options = parser.parse_args(argv)
    faces, reader = load_reader(options.model, options.device)
    watched = watch(faces, reader, options.people, options.seconds)
    result = score(faces, reader, pictures(options.faces))
    return {"device": options.device, **watched, **result.figures()}
