"""The converted expression network answers as TensorFlow.js does, and damaged files raise one error."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.conversion.graph import ConversionError
from models.conversion.tfjs import onnx_from_tfjs
from models.onnx_session import open_session
from tests.faces.portraits import weights

PIXEL = np.arange(64 * 64)
# What TensorFlow.js 4 (its plain JavaScript backend, under Node) answered for the same pictures.
ANSWERS = {
    "ramp": [0.36068204, 0.00145706, 0.05156650, 0.04100809, 0.15247518, 0.13507693, 0.25773418],
    "waves": [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
}
PICTURES: dict[str, Callable[[], object]] = {
    "ramp": lambda: -1 + 2 * PIXEL / 4095,
    "waves": lambda: np.sin(PIXEL / 7) * np.cos(PIXEL / 641),
}
# A graph with one constant, as small as they get.
SMALL = {
    "userDefinedMetadata": {"signature": {"outputs": {"y": {"tensorShape": {"dim": [{"size": "-1"}, {"size": "2"}]}}}}},
    "modelTopology": {"node": [
        {"name": "x", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": [{"size": "-1"}, {"size": "2"}]}}}},
        {"name": "c", "op": "Const", "attr": {}},
        {"name": "y", "op": "AddV2", "input": ["x", "c"], "attr": {}},
    ]},
    "weightsManifest": [{"weights": [{"name": "c", "shape": [2], "dtype": "float32"}]}],
}  # fmt: skip


@pytest.mark.weights
@pytest.mark.parametrize("picture", ANSWERS)
def test_the_network_answers_as_tensorflow_js_does(picture: str) -> None:
    folder = weights("expressions-fer2013")
    network = onnx_from_tfjs((folder / "emotion.json").read_bytes(), (folder / "emotion.bin").read_bytes(), "test")
    feed = np.asarray(PICTURES[picture](), np.float32).reshape(1, 64, 64, 1)

    (answer,) = open_session(network, "cpu", 1).run(None, {"input_1": feed})

    np.testing.assert_allclose(answer[0], ANSWERS[picture], atol=1e-6)


def test_a_small_graph_is_computed() -> None:
    network = onnx_from_tfjs(json.dumps(SMALL).encode(), np.array([1, 2], np.float32).tobytes(), "small")

    (answer,) = open_session(network, "cpu", 1).run(None, {"x": np.array([[1, 1], [5, 5]], np.float32)})

    assert answer.tolist() == [[2, 3], [6, 7]]


def test_what_is_not_known_is_named() -> None:
    graph = json.dumps(SMALL).replace("AddV2", "PyFunc")

    with pytest.raises(ConversionError, match="PyFunc"):
        onnx_from_tfjs(graph.encode(), bytes(8), "small")


def test_weights_that_are_cut_off_are_damaged() -> None:
    with pytest.raises(ConversionError, match="damaged"):
        onnx_from_tfjs(json.dumps(SMALL).encode(), bytes(4), "small")


def test_a_node_that_feeds_itself_is_damaged() -> None:
    graph = json.dumps(SMALL).replace('["x", "c"]', '["x", "y"]')

    with pytest.raises(ConversionError, match="damaged"):
        onnx_from_tfjs(graph.encode(), bytes(8), "small")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(path=st.sampled_from(["modelTopology", "weightsManifest", "userDefinedMetadata", "node"]), value=JSON)
@settings(deadline=None)
def test_any_json_is_a_network_or_a_conversion_error(path: str, value: object) -> None:
    graph = json.loads(json.dumps(SMALL))
    if path == "node":
        graph["modelTopology"]["node"] = value
    else:
        graph[path] = value

    try:
        onnx_from_tfjs(json.dumps(graph).encode(), bytes(8), "fuzz")
    except ConversionError as error:
        assert str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_network_or_a_conversion_error(content: bytes) -> None:
    with pytest.raises(ConversionError):
        onnx_from_tfjs(content, content, "fuzz")
