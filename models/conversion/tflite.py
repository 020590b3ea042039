"""TFLite to ONNX: one function for each operation that the face networks use.

The numbers are those of `BuiltinOperator` and of the option tables in TensorFlow's `schema.fbs`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from flatbuffers import number_types as kinds

from models.conversion.flat import Network, Operation, read
from models.conversion.graph import Array, ConversionError, Graph

SAME = 0
_ACTIVATIONS = {1: "Relu", 4: "Tanh"}
_NONE, _RELU6 = 0, 3


def onnx_from_tflite(content: bytes, title: str) -> bytes:
    """The same network in ONNX; inputs and outputs keep their names.  Raises ConversionError."""
    return _Converter(read(content), title).convert()


class _Converter:
    def __init__(self, network: Network, title: str) -> None:
        self._network = network
        self.graph = Graph(title)
        self._values: dict[int, str] = {}
        self._constants: dict[int, Array] = {
            index: tensor.data for index, tensor in enumerate(network.tensors) if tensor.data is not None
        }

    def convert(self) -> bytes:
        tensors = self._network.tensors
        for index in self._network.inputs:
            self._values[index] = self.graph.input(tensors[index].name, tensors[index].shape)
        for operation in self._network.operations:
            self._add(operation)
        for index in self._network.outputs:
            self.graph.output(self.value(index), tensors[index].name, tensors[index].shape)
        return self.graph.model()

    def _add(self, operation: Operation) -> None:
        if operation.code == _DEQUANTIZE:   # weights are stored in half precision and used in single
            self._constants[operation.outputs[0]] = self.constant(operation.inputs[0]).astype(np.float32)
            return
        rule = _RULES.get(operation.code)
        if rule is None:
            raise ConversionError(f"operation {operation.code} of TFLite is not known here")
        try:
            self._values[operation.outputs[0]] = rule(self, operation)
        except IndexError as error:
            raise ConversionError(f"operation {operation.code} lacks an input or output") from error

    def value(self, index: int) -> str:
        if index in self._constants and index not in self._values:
            self._values[index] = self.graph.constant(self._constants[index])
        if index not in self._values:
            raise ConversionError(f"tensor {index} is used before it is made")
        return self._values[index]

    def constant(self, index: int) -> Array:
        if index not in self._constants:
            raise ConversionError(f"tensor {index} has to be a constant")
        return self._constants[index]

    def is_constant(self, index: int) -> bool:
        return index in self._constants

    def shape(self, index: int) -> tuple[int, ...]:
        return self._network.tensors[index].shape


_Rule = Callable[[_Converter, Operation], str]


def _plain(kind: str) -> _Rule:
    """The same operation in ONNX, constants of any place included."""

    def rule(to: _Converter, op: Operation) -> str:
        return to.graph.add(kind, *(to.value(index) for index in op.inputs))

    return rule


def _activated(to: _Converter, value: str, code: int) -> str:
    if code == _NONE:
        return value
    if code == _RELU6:
        limits = [to.graph.constant(np.array(limit, np.float32)) for limit in (0, 6)]
        return to.graph.add("Clip", value, *limits)
    if code not in _ACTIVATIONS:
        raise ConversionError(f"activation {code} is not known here")
    return to.graph.add(_ACTIVATIONS[code], value)


def _arithmetic(kind: str) -> _Rule:
    def rule(to: _Converter, op: Operation) -> str:
        value = to.graph.add(kind, *(to.value(index) for index in op.inputs))
        return _activated(to, value, op.options.number(0, kinds.Int8Flags))

    return rule


def _padding(op: Operation) -> str:
    return "SAME_UPPER" if op.options.number(0, kinds.Int8Flags) == SAME else "VALID"


def _bias(to: _Converter, op: Operation) -> Array | None:
    return to.constant(op.inputs[2]) if len(op.inputs) > 2 and op.inputs[2] >= 0 else None


def _conv(to: _Converter, op: Operation) -> str:
    weights = to.constant(op.inputs[1]).transpose(0, 3, 1, 2)       # from output, height, width, input
    number = op.options.number
    value = to.graph.convolve(
        to.value(op.inputs[0]), weights, _bias(to, op), auto_pad=_padding(op), strides=[number(2), number(1)],
        dilations=[number(5, default=1), number(4, default=1)],
    )
    return _activated(to, value, number(3, kinds.Int8Flags))


def _depthwise(to: _Converter, op: Operation) -> str:
    weights = to.constant(op.inputs[1]).transpose(3, 0, 1, 2)       # from one, height, width, channel
    number = op.options.number
    value = to.graph.convolve(
        to.value(op.inputs[0]), weights, _bias(to, op), auto_pad=_padding(op), strides=[number(2), number(1)],
        dilations=[number(6, default=1), number(5, default=1)], group=to.shape(op.inputs[0])[3],
    )
    return _activated(to, value, number(4, kinds.Int8Flags))


def _prelu(to: _Converter, op: Operation) -> str:
    """x < 0 ? slope·x : x, as slope·x + (1 - slope)·relu(x), both products written as convolutions.

    onnxruntime keeps convolutions, sums and Relu in blocks of channels, but has to leave that form and come back for
    its PRelu: the landmark network takes half the time this way (18.5 ms became 8.9 in one run on one loaded core).
    """
    slope = to.constant(op.inputs[1])
    channels = slope.shape[-1]
    if slope.size != channels:
        raise ConversionError("a PRelu whose slope varies within a channel is not known here")
    weights = slope.reshape(channels, 1, 1, 1)
    value = to.value(op.inputs[0])
    straight = to.graph.convolve(value, weights, None, group=channels)
    bent = to.graph.convolve(to.graph.add("Relu", value), 1 - weights, None, group=channels)
    return to.graph.add("Add", straight, bent)


def _max_pool(to: _Converter, op: Operation) -> str:
    number = op.options.number
    return to.graph.on_picture(
        "MaxPool", to.value(op.inputs[0]), auto_pad=_padding(op), strides=[number(2), number(1)],
        kernel_shape=[number(4), number(3)],
    )


def _pad(to: _Converter, op: Operation) -> str:
    return to.graph.pad(to.value(op.inputs[0]), to.constant(op.inputs[1]))


def _reshape(to: _Converter, op: Operation) -> str:
    return to.graph.reshape(to.value(op.inputs[0]), to.shape(op.outputs[0]))


def _transpose(to: _Converter, op: Operation) -> str:
    return to.graph.add("Transpose", to.value(op.inputs[0]), perm=_numbers(to.constant(op.inputs[1])))


def _mean(to: _Converter, op: Operation) -> str:
    axes = _numbers(to.constant(op.inputs[1]))
    return to.graph.add("ReduceMean", to.value(op.inputs[0]), axes=axes, keepdims=_keeps_dimensions(op))


def _sum(to: _Converter, op: Operation) -> str:
    axes = to.graph.constant(to.constant(op.inputs[1]).reshape(-1).astype(np.int64))
    return to.graph.add("ReduceSum", to.value(op.inputs[0]), axes, keepdims=_keeps_dimensions(op))


def _keeps_dimensions(op: Operation) -> int:
    return op.options.number(0, kinds.Int8Flags)


def _squared_difference(to: _Converter, op: Operation) -> str:
    difference = to.graph.add("Sub", *(to.value(index) for index in op.inputs))
    return to.graph.add("Mul", difference, difference)


def _rsqrt(to: _Converter, op: Operation) -> str:
    return to.graph.add("Reciprocal", to.graph.add("Sqrt", to.value(op.inputs[0])))


def _concat(to: _Converter, op: Operation) -> str:
    like = next((to.value(index) for index in op.inputs if not to.is_constant(index)), None)
    if like is None:
        raise ConversionError("constants alone are joined")
    parts = [
        to.graph.repeated(to.constant(index), like) if to.is_constant(index) else to.value(index)
        for index in op.inputs
    ]
    return to.graph.add("Concat", *parts, axis=op.options.number(0))


def _strided_slice(to: _Converter, op: Operation) -> str:
    """Masks (begin, end, -, -, shrink): a set bit means "from the edge", or "and take this dimension away".

    The batch is never cut: a network that is published for one person answers for all.
    """
    value = to.value(op.inputs[0])
    begin, end, step = (_numbers(to.constant(index)) for index in op.inputs[1:4])
    from_edge, to_edge, shrunk = (op.options.number(field) for field in (0, 1, 4))
    shape = to.shape(op.inputs[0])
    cut = [axis for axis in range(1, len(shape)) if not (from_edge >> axis & 1 and to_edge >> axis & 1)]
    if cut:
        starts = [0 if from_edge >> axis & 1 else begin[axis] for axis in cut]
        ends = [shape[axis] if to_edge >> axis & 1 else end[axis] for axis in cut]
        limits = (starts, ends, cut, [step[axis] for axis in cut])
        value = to.graph.add("Slice", value, *(to.graph.constant(np.array(part, np.int64)) for part in limits))
    gone = [axis for axis in range(1, len(shape)) if shrunk >> axis & 1]
    return to.graph.add("Squeeze", value, to.graph.constant(np.array(gone, np.int64))) if gone else value


def _numbers(array: Array) -> Sequence[int]:
    return [int(number) for number in array.reshape(-1)]


_DEQUANTIZE = 6
_RULES: dict[int, _Rule] = {
    0: _arithmetic("Add"), 2: _concat, 3: _conv, 4: _depthwise, 14: _plain("Sigmoid"), 17: _max_pool,
    18: _arithmetic("Mul"), 19: _plain("Relu"), 22: _reshape, 34: _pad, 39: _transpose, 40: _mean,
    41: _arithmetic("Sub"), 42: _arithmetic("Div"), 45: _strided_slice, 54: _prelu, 59: _plain("Neg"),
    74: _sum, 75: _plain("Sqrt"), 76: _rsqrt, 99: _squared_difference,
}
