"""An ONNX graph that is written the way TensorFlow thinks.

TensorFlow keeps pictures as batch, height, width, channel; ONNX wants the channel second.  Every picture operation is
put between two transpositions here, which onnxruntime takes out again where they meet (of 224 in the
landmark network 4 are left).  The first dimension of every input and output is the batch, whatever size the
network was published for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]

OPSET, IR = 17, 8
_TO_ONNX, _TO_TENSORFLOW = [0, 3, 1, 2], [0, 2, 3, 1]
BATCH = "batch"


class ConversionError(ValueError):
    """The file is damaged, or uses what this converter does not know."""


class Graph:
    """Values are named by strings.  Every method that adds one returns its name."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._count = 0

    def input(self, name: str, shape: Sequence[int]) -> str:
        """`shape` as published, with its first dimension."""
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *shape[1:]]))
        return name

    def output(self, value: str, name: str, shape: Sequence[int]) -> None:
        """`shape` as published, with its first dimension, unless that of the batch was left away."""
        entry = shape[1:] if shape and shape[0] == 1 else shape
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *entry]))

    def constant(self, array: Array) -> str:
        name = self._name()
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """One ONNX operation with one output."""
        name = self._name()
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def on_picture(self, kind: str, picture: str, *rest: str, **attributes: Any) -> str:
        """One operation for which the channel has to come second."""
        turned = self.add("Transpose", picture, perm=_TO_ONNX)
        return self.add("Transpose", self.add(kind, turned, *rest, **attributes), perm=_TO_TENSORFLOW)

    def convolve(self, picture: str, weights: Array, bias: Array | None, **attributes: Any) -> str:
        """`weights`: output channel, input channel (of one group), height, width."""
        rest = [self.constant(weights.astype(np.float32))]
        if bias is not None:
            rest.append(self.constant(bias.astype(np.float32)))
        return self.on_picture("Conv", picture, *rest, kernel_shape=weights.shape[2:], **attributes)

    def pad(self, value: str, widths: Array) -> str:
        """`widths`: one (before, after) for each dimension."""
        return self.add("Pad", value, self.constant(widths.T.reshape(-1).astype(np.int64)))

    def reshape(self, value: str, shape: Sequence[int]) -> str:
        """`shape` as published; the first dimension stays the batch."""
        return self.add("Reshape", value, self.constant(np.array([-1, *shape[1:]], np.int64)))

    def repeated(self, array: Array, like: str) -> str:
        """A constant of batch size one, as often as `like` has entries in its batch."""
        batch = self.add("Shape", like, start=0, end=1)
        shape = self.add("Concat", batch, self.constant(np.array(array.shape[1:], np.int64)), axis=0)
        return self.add("Expand", self.constant(array.astype(np.float32)), shape)

    def model(self) -> bytes:
        """The finished graph, checked against the ONNX specification.  Raises ConversionError."""
        graph = helper.make_graph(self._nodes, self._title, self._inputs, self._outputs, self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        try:
            onnx.checker.check_model(model)
        except onnx.checker.ValidationError as error:
            raise ConversionError(f"{self._title}: {error}") from error
        return bytes(model.SerializeToString())

    def _name(self) -> str:
        self._count += 1
        return f"v{self._count}"
