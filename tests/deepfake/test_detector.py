"""A trained detector is asked only where somebody installed one, and believed only as one weak witness."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from models.deepfake.detector import DESCRIPTION, FOLDER, NETWORK, Detector, detector, installed
from models.deepfake.fusion import Verdict, fuse
from models.deepfake.judge import Evidence, judge
from models.deepfake.speech import Speech
from models.deepfake.witness import Reason
from models.faces.regions import Region
from sfu.rtp.errors import UserError
from tests.deepfake.people import look, moments

FACE = Region(40.0, 40.0, 60.0, 0.0)


def network() -> bytes:
    """Says the mean of the whole face."""
    taken = helper.make_tensor_value_info("face", TensorProto.FLOAT, [1, 3, 32, 32])
    given = helper.make_tensor_value_info("said", TensorProto.FLOAT, [1])
    node = helper.make_node("ReduceMean", ["face"], ["said"], axes=[1, 2, 3], keepdims=0)
    graph = helper.make_graph([node], "mean", [taken], [given])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def install(models: Path, **changes: object) -> Path:
    folder = models / FOLDER
    folder.mkdir()
    (folder / NETWORK).write_bytes(network())
    said = {"sha256": hashlib.sha256(network()).hexdigest(), "side": 32} | changes
    (folder / DESCRIPTION).write_text(json.dumps(said))
    return folder


def test_without_one_nothing_is_asked_and_no_witness_speaks(tmp_path: Path) -> None:
    assert installed(tmp_path, "cpu", 1) is None
    silent = Speech(np.zeros(0), np.zeros(0), silent=True)
    judgement = judge([look(at) for at in moments(5)], silent, [], Evidence(), random.Random(1))
    assert "detector" not in {opinion.witness for opinion in judgement.opinions}


def test_the_installed_one_is_shown_the_face_as_it_wants_it(tmp_path: Path) -> None:
    install(tmp_path)
    found = installed(tmp_path, "cpu", 1)
    assert found is not None
    assert found.forged(np.full((80, 80, 3), 204, np.uint8), FACE) == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("changes", [{"sha256": "0" * 64}, {"side": 3}, {"run": "anything"}])
def test_files_that_are_not_what_they_say_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    folder = install(tmp_path, **changes)
    with pytest.raises(UserError, match="detector"):
        Detector(folder, "cpu", 1)


def test_it_accuses_nobody_alone() -> None:
    opinion = detector([replace(look(at), forged=0.99) for at in moments(5)])

    assert opinion.score == -1.0
    assert fuse([opinion]).verdict is Verdict.INCONCLUSIVE


def test_nonsense_and_too_little_of_it_says_nothing() -> None:
    assert detector([replace(look(at), forged=float("nan")) for at in moments(5)]).reason is Reason.TOO_SHORT
    assert detector([replace(look(at), forged=0.5) for at in moments(0.2)]).reason is Reason.TOO_SHORT
