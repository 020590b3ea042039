"""TensorFlow.js graph models to ONNX: a JSON file with the graph, a binary file with the numbers.

Neither can run code.  One function for each operation that the expression network uses; batch normalisation has been
folded into the convolutions by whoever published it.  Formats: `GraphDef` as JSON with 64-bit numbers as strings and
bytes as base64, and the weights manifest of TensorFlow.js (`tfjs-converter`).
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from models.conversion.graph import Array, ConversionError, Graph

_KINDS: dict[str, Any] = {"float32": np.float32, "int32": np.int32}
_WRONG = (KeyError, IndexError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def onnx_from_tfjs(graph: bytes, weights: bytes, title: str) -> bytes:
    """The same network in ONNX, with the published names of inputs and outputs.  Raises ConversionError."""
    try:
        return _Converter(json.loads(graph), weights, title).convert()
    except ConversionError:
        raise
    except _WRONG as error:
        raise ConversionError(f"{title}: the file is damaged ({type(error).__name__}: {error})") from error


class _Node:
    """One operation of the published graph."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self.name: str = entry["name"]
        self.kind: str = entry["op"]
        self.inputs: list[str] = [name.partition(":")[0] for name in entry.get("input", [])]
        self._attributes = entry.get("attr", {})

    def numbers(self, attribute: str) -> list[int]:
        return [int(number) for number in self._attributes[attribute]["list"].get("i", [])]

    def texts(self, attribute: str) -> list[str]:
        entries = self._attributes.get(attribute, {}).get("list", {}).get("s", [])
        return [base64.b64decode(entry).decode() for entry in entries]

    def text(self, attribute: str) -> str:
        return base64.b64decode(self._attributes[attribute]["s"]).decode()

    def flag(self, attribute: str) -> bool:
        return bool(self._attributes.get(attribute, {}).get("b", False))

    def shape(self) -> list[int]:
        return [int(size["size"]) for size in self._attributes["shape"]["shape"]["dim"]]


class _Converter:
    def __init__(self, model: Mapping[str, Any], weights: bytes, title: str) -> None:
        self.graph = Graph(title)
        self._nodes = {node.name: node for node in map(_Node, model["modelTopology"]["node"])}
        self._constants = _constants(model["weightsManifest"], weights)
        self._values: dict[str, str] = {}
        signature = model["userDefinedMetadata"]["signature"]["outputs"]
        self._outputs = [
            (name.partition(":")[0], [int(size["size"]) for size in tensor["tensorShape"]["dim"]])
            for name, tensor in signature.items()
        ]

    def convert(self) -> bytes:
        for node in self._nodes.values():
            if node.kind == "Placeholder":
                self._values[node.name] = self.graph.input(node.name, node.shape())
        for name, shape in self._outputs:
            self.graph.output(self.value(name), name, [1, *shape[1:]])
        return self.graph.model()

    def value(self, name: str) -> str:
        """The value of this node, made with all that it needs."""
        if name not in self._values:
            self._values[name] = self._make(name)
        return self._values[name]

    def _make(self, name: str) -> str:
        if name in self._constants:
            return self.graph.constant(self._constants[name])
        node = self._nodes[name]
        rule = _RULES.get(node.kind)
        if rule is None:
            raise ConversionError(f"operation {node.kind} of TensorFlow is not known here")
        return rule(self, node)

    def constant(self, name: str) -> Array:
        if name not in self._constants:
            raise ConversionError(f"{name} has to be a constant")
        return self._constants[name]


def _constants(manifest: Sequence[Mapping[str, Any]], weights: bytes) -> dict[str, Array]:
    constants: dict[str, Array] = {}
    at = 0
    for entry in [entry for group in manifest for entry in group["weights"]]:
        if "quantization" in entry:
            raise ConversionError("quantised weights are not known here")
        shape = [int(size) for size in entry["shape"]]
        kind = np.dtype(_KINDS[entry["dtype"]])
        count = math.prod(shape)
        constants[entry["name"]] = np.frombuffer(weights, kind, count, at).reshape(shape)
        at += count * kind.itemsize
    return constants


_Rule = Callable[[_Converter, _Node], str]


def _plain(kind: str) -> _Rule:
    def rule(to: _Converter, node: _Node) -> str:
        return to.graph.add(kind, *(to.value(name) for name in node.inputs))

    return rule


def _window(node: _Node) -> dict[str, Any]:
    """Strides and padding; both are written as batch, height, width, channel."""
    if node.text("data_format") != "NHWC":
        raise ConversionError("only pictures with the channel last are known here")
    padding = {"SAME": "SAME_UPPER", "VALID": "VALID"}[node.text("padding")]
    return {"auto_pad": padding, "strides": node.numbers("strides")[1:3]}


def _conv(to: _Converter, node: _Node) -> str:
    """`_FusedConv2D`: with a bias, and a Relu when `fused_ops` says so."""
    fused = node.texts("fused_ops")
    if fused not in (["BiasAdd"], ["BiasAdd", "Relu"]):
        raise ConversionError(f"a convolution with {fused} is not known here")
    weights = to.constant(node.inputs[1]).transpose(3, 2, 0, 1)      # from height, width, input, output
    value = to.graph.convolve(to.value(node.inputs[0]), weights, to.constant(node.inputs[2]), **_window(node))
    return to.graph.add("Relu", value) if "Relu" in fused else value


def _depthwise(to: _Converter, node: _Node) -> str:
    weights = to.constant(node.inputs[1])                            # height, width, channel, one
    height, width, channels, each = weights.shape
    turned = weights.transpose(2, 3, 0, 1).reshape(channels * each, 1, height, width)
    return to.graph.convolve(to.value(node.inputs[0]), turned, None, group=channels, **_window(node))


def _max_pool(to: _Converter, node: _Node) -> str:
    size = node.numbers("ksize")[1:3]
    return to.graph.on_picture("MaxPool", to.value(node.inputs[0]), kernel_shape=size, **_window(node))


def _mean(to: _Converter, node: _Node) -> str:
    axes = [int(axis) for axis in to.constant(node.inputs[1]).reshape(-1)]
    return to.graph.add("ReduceMean", to.value(node.inputs[0]), axes=axes, keepdims=int(node.flag("keep_dims")))


_RULES: dict[str, _Rule] = {
    "_FusedConv2D": _conv, "DepthwiseConv2dNative": _depthwise, "MaxPool": _max_pool, "Mean": _mean,
    "AddV2": _plain("Add"), "Relu": _plain("Relu"), "Softmax": _plain("Softmax"), "Identity": _plain("Identity"),
}
