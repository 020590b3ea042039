"""Fits `weighing.json` to labelled faces:  python -m models.emotion.fit DIR [--out FILE]

Multinomial logistic regression with a little L2, on frontal, well visible faces of half of the people; labels weigh by
the fourth root of their rarity, so that common ones stay calibrated and rare ones are not drowned.  The other half
is for `python -m tests.bench vision --faces DIR`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.core.expressions import ACTION_UNITS, LABELS, features
from models.emotion.labelled import Labelled, labelled
from models.emotion.model import Classifier
from models.emotion.reader import WEIGHING, Face, Reader
from models.faces.model import FaceNetworks
from models.faces.regions import of_points
from models.faces.view import view
from models.registry import Registry, default_models_dir

Matrix = npt.NDArray[np.float64]
CLASSIFIER = "expressions-fer2013"
RARITY, L2, STEPS, RATE = 0.25, 3e-3, 2_500, 0.05


def load_reader(classifier: str = CLASSIFIER, device: str = "cpu", threads: int = 1) -> tuple[FaceNetworks, Reader]:
    """The networks of this computer.  Raises UserError when a model is missing."""
    registry = Registry(default_models_dir())
    faces = FaceNetworks(registry.path("face-landmarker"), device, threads)
    model = registry.model(classifier)
    return faces, Reader(faces, Classifier(registry.path(classifier), model, device, threads))


def evidence(faces: FaceNetworks, reader: Reader, one: Labelled) -> list[float] | None:
    """What the table would weigh for this picture; None when its face is missing or unclear."""
    picture = one.picture()
    found = faces.detect([picture]) if picture is not None else [[]]
    if picture is None or len(found[0]) != 1:
        return None
    (points,) = faces.points([picture], found[0])
    region = of_points(points.points)
    if region is None or view(picture, points.points, region, points.presence).unclear is not None:
        return None
    (said,) = reader.evidence([Face(picture, points)], [region])
    return features(said.shapes, said.belief)


def fit(seen: Matrix, labels: npt.NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Rows (7, features) and constants (7) that make the labels most likely (Adam on standardised features)."""
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs = np.hstack([(seen - mean) / spread, np.ones((len(seen), 1))])
    wanted = np.eye(len(LABELS))[labels]
    weight = (np.maximum(1, wanted.sum(axis=0)) ** -RARITY)[labels][:, None]
    table = np.zeros((inputs.shape[1], len(LABELS)))
    drift, energy = np.zeros_like(table), np.zeros_like(table)
    for step in range(1, STEPS + 1):
        powers = np.exp(inputs @ table - (inputs @ table).max(axis=1, keepdims=True))
        slope = inputs.T @ ((powers / powers.sum(axis=1, keepdims=True) - wanted) * weight) / weight.sum()
        slope[:-1] += L2 * table[:-1]
        drift, energy = 0.9 * drift + 0.1 * slope, 0.999 * energy + 0.001 * slope * slope
        table -= RATE * (drift / (1 - 0.9**step)) / (np.sqrt(energy / (1 - 0.999**step)) + 1e-8)
    rows = table[:-1] / spread[:, None]
    return rows.T, table[-1] - mean @ rows


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m models.emotion.fit")
    parser.add_argument("folder", type=Path, help="pictures and a MANIFEST.tsv (file, label, person)")
    parser.add_argument("--out", type=Path, default=WEIGHING)
    options = parser.parse_args(argv)
    faces, reader = load_reader()
    found = [
        (said, LABELS.index(one.label))
        for one in labelled(options.folder)
        if not one.held_out and (said := evidence(faces, reader, one)) is not None
    ]
    seen, labels = np.array([said for said, _ in found]), np.array([label for _, label in found])
    rows, constants = fit(seen, labels)
    table = {
        "about": f"fitted by models/emotion/fit.py to {len(found)} faces",
        "classifier": CLASSIFIER,
        "columns": [*(f"AU{unit}" for unit in ACTION_UNITS), *(f"log p({label})" for label in LABELS)],
        "labels": LABELS,
        "rows": np.round(rows, 4).tolist(),
        "constants": np.round(constants, 4).tolist(),
    }
    options.out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    print(f"written: {options.out}, from {len(found)} faces")
    return 0


if __name__ == "__main__":
    sys.exit(main())
