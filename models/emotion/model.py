"""An expression classifier of the catalogue, asked about many faces at once.

The only file here that runs a network.  Which labels a classifier has, in which order, and what picture it wants
stands in its catalogue entry, so another one needs no code.  What its answer is worth is judged in
`models.core.expressions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.catalogue import Expressions, Model
from models.conversion.tfjs import onnx_from_tfjs
from models.core.expressions import LABELS
from models.faces.boxes import Floats
from models.faces.points import Picture
from models.faces.regions import ROOM, Region
from models.onnx_session import open_session
from sfu.rtp.errors import ErrorCode, UserError


class Classifier:
    def __init__(self, folder: Path, model: Model, device: str, threads: int) -> None:
        """Raises UserError when the model is no expression classifier, or the device cannot be used."""
        if model.expressions is None:
            sentence = f"{model.id} does not tell facial expressions. Choose another model."
            raise UserError(ErrorCode.UNSUPPORTED, sentence)
        self._wants: Expressions = model.expressions
        self._session = open_session(_network(folder, model), device, threads)
        self._input = self._session.get_inputs()[0]
        shape = self._input.shape
        channels = len(self._wants.mean)
        self._channel_first = len(shape) == 4 and shape[1] == channels
        if not self._channel_first and (len(shape) != 4 or shape[3] != channels):
            sentence = f"{model.id} takes pictures of shape {shape}, not of {channels} channels."
            raise UserError(ErrorCode.UNSUPPORTED, sentence)
        self._side = int(shape[2])
        self._columns = [self._wants.labels.index(label) for label in LABELS if label in self._wants.labels]
        self._rows = [row for row, label in enumerate(LABELS) if label in self._wants.labels]

    def probabilities(self, pictures: Sequence[Picture], regions: Sequence[Region]) -> Floats:
        """(n, 7) in the order of `LABELS`: how the classifier shares out its belief among those that it knows.

        `regions`: around the points of each face, as `faces.regions.of_points` gives them.
        """
        if not pictures:
            return np.zeros((0, len(LABELS)), np.float32)
        cuts = np.stack([self._cut(*face) for face in zip(pictures, regions, strict=True)])
        if self._channel_first:
            cuts = cuts.transpose(0, 3, 1, 2)
        answer = _shares(self._session.run(None, {self._input.name: cuts})[0].reshape(len(pictures), -1))
        shared = np.zeros((len(pictures), len(LABELS)), np.float32)
        shared[:, self._rows] = answer[:, self._columns]
        return np.asarray(shared / np.maximum(shared.sum(axis=1, keepdims=True), 1e-9), np.float32)

    def _cut(self, picture: Picture, region: Region) -> Floats:
        cut: Any = replace(region, side=region.side / ROOM * self._wants.margin).cut(picture, self._side)
        if len(self._wants.mean) == 1:
            cut = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY)[..., None]
        scaled = (cut.astype(np.float32) / 255 - np.array(self._wants.mean, np.float32)) / self._wants.std
        return np.asarray(scaled, np.float32)


def _network(folder: Path, model: Model) -> bytes:
    """The ONNX form of the model's files."""
    if model.format == "onnx":
        name = next(file.name for file in model.files if file.name.endswith(".onnx"))
        return (folder / name).read_bytes()
    if model.format == "tfjs":
        graph, weights = (
            next(file.name for file in model.files if file.name.endswith(ending)) for ending in (".json", ".bin")
        )
        return onnx_from_tfjs((folder / graph).read_bytes(), (folder / weights).read_bytes(), model.id)
    raise UserError(ErrorCode.UNSUPPORTED, f"expression classifiers in the form {model.format} are not known here.")


def _shares(answer: Floats) -> Floats:
    """Probabilities, from probabilities or from logits."""
    if (answer >= 0).all() and np.allclose(answer.sum(axis=1), 1, atol=1e-3):
        return answer
    powers = np.exp(answer - answer.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
