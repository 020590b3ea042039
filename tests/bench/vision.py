"""What seeing costs and how right it is.

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
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.core.expressions import LABELS
from models.core.steady import SHOW
from models.emotion.fit import CLASSIFIER, load_reader
from models.emotion.labelled import labelled
from models.emotion.reader import Face, Reader
from models.faces.model import FaceNetworks
from models.faces.points import Picture

MEDIA = Path(__file__).parents[2] / "resources" / "media"
SHORT: list[str] = []
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


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="vision")
    parser.add_argument("--faces", type=Path, metavar="DIR", help="labelled pictures with a MANIFEST.tsv")
    parser.add_argument("--model", default=CLASSIFIER, help="catalogue id (default: %(default)s)")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args(argv)
    faces, reader = load_reader(options.model, options.device)
    began = time.process_time()
    result = score(faces, reader, pictures(options.faces))
    cost = (time.process_time() - began) / max(1, result.faces)
    return {"device": options.device, "ms_per_picture": round(1e3 * cost, 2), **result.figures()}
