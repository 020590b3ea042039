"""Another classifier is a catalogue entry: its labels, its channels, its order, without a line of code."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from models.catalogue import Catalogue, CatalogueError, Model, parse_catalogue
from models.conversion.graph import Graph
from models.core.expressions import LABELS
from models.emotion.model import Classifier
from models.faces.regions import Region
from sfu.rtp.errors import UserError

ENTRY = """
[[model]]
id = "other"
title = "Another one"
task = "emotion"
format = "onnx"
licence = "MIT"
upstream = "https://example.org/"
input = "RGB, 8x8"
memory_mb = 10
needs = "any"
speed = "not measured"
[model.expressions]
labels = {labels}
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
margin = 1.5
[[model.file]]
name = "other.onnx"
size = {size}
sha256 = "{digest}"
[[model.source]]
kind = "url"
base = "https://example.org/"
"""
BOX = Region(8.0, 8.0, 16.0, 0.0)


def network(shape: tuple[int, ...] = (1, 8, 8, 3)) -> bytes:
    """Logits that are ten times the mean of red, green and blue."""
    graph = Graph("other")
    colours = graph.add("ReduceMean", graph.input("x", shape), axes=[1, 2], keepdims=0)
    graph.output(graph.add("Mul", colours, graph.constant(np.array(10, np.float32))), "y", (1, 3))
    return graph.model()


def entry(content: bytes, labels: str = '["happy", "", "angry"]') -> Model:
    text = ENTRY.format(labels=labels, size=len(content), digest=hashlib.sha256(content).hexdigest())
    catalogue: Catalogue = parse_catalogue(text)
    return catalogue.models[0]


def classifier(folder: Path, content: bytes | None = None) -> Classifier:
    content = content or network()
    (folder / "other.onnx").write_bytes(content)
    return Classifier(folder, entry(content), "cpu", 1)


def test_its_labels_stand_where_ours_do_and_what_is_not_shown_is_left_out(tmp_path: Path) -> None:
    red, green = np.zeros((2, 16, 16, 3), np.uint8)
    red[..., 0], green[..., 1] = 255, 255

    belief = classifier(tmp_path).probabilities([red, green], [BOX, BOX])

    assert belief.shape == (2, 7)
    assert LABELS[int(belief[0].argmax())] == "happy"
    assert belief.sum(axis=1) == pytest.approx([1, 1])
    assert belief[1][LABELS.index("happy")] == pytest.approx(0.5, abs=1e-3)     # green is none of ours: undecided
    assert belief[0][LABELS.index("sad")] == 0


def test_a_network_that_takes_other_channels_than_its_entry_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="3 channels"):
        classifier(tmp_path, network((1, 8, 8, 1)))


@pytest.mark.parametrize("labels", ['["happy", "happy"]', '["happy", "bored"]', '["happy"]'])
def test_labels_that_make_no_sense_are_our_slip_and_said_so(labels: str) -> None:
    with pytest.raises(CatalogueError):
        entry(b"x", labels)
