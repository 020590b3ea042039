"""Whisper's decoder as an ONNX graph with INT8 weights, made of the arrays of CTranslate2's form while it is loaded.

The network is that of "Robust Speech Recognition via Large-Scale Weak Supervision" (Radford et al., 2022): a
transformer with its norms before each block.  `b` readings, `n` new tokens of each, `p` tokens before them, `s` places
of the encoder's output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from models.captions.whisper.weights import Array

OPSET, MICROSOFT, IR_VERSION = 17, "com.microsoft", 9
# What stands for "impossible" among logarithms of probabilities.
NEVER = -1e9


@dataclass(slots=True)
class _Graph:
    arrays: Mapping[str, Array]
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def op(self, kind: str, *inputs: str, domain: str = "", name: str = "", **options: Any) -> str:
        made = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [made], domain=domain, **options))
        return made

    def constant(self, name: str, value: Array) -> str:
        if name not in self._known:
            self._known.add(name)
            self.constants.append(numpy_helper.from_array(value.copy(order="C"), name))
        return name

    def shape(self, *sizes: int) -> str:
        return self.constant(f"shape {sizes}", np.array(sizes, np.int64))

    def real(self, name: str) -> str:
        return self.constant(name, np.asarray(self.arrays[name], np.float32))

    def dense(self, x: str, name: str) -> str:
        """INT8, a scale for each output; the input is quantised as it comes, with one scale for all of it."""
        return self._product(x, name, self._bias(name))

    def evened(self, x: str, name: str) -> str:
        """`dense` for rows of unlike size: a scale for each.

        In the middle of a block the transcript's start is so much larger than its words that with one scale for both
        96 tokens of 802 were others than with 32 bit numbers, instead of 65 (CTranslate2's INT8: 55).
        """
        largest = self.op("ReduceMax", self.op("Abs", x), axes=[-1], keepdims=1)
        product = self.op("Mul", self._product(self.op("Div", x, largest), name, []), largest)
        return self.op("Add", product, *self._bias(name))

    def _product(self, x: str, name: str, bias: list[str]) -> str:
        weight = np.asarray(self.arrays[f"{name}/weight"], np.float32)
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-9) / 127
        whole = np.rint(weight / scale[:, None]).astype(np.int8)
        inputs = [x, self.constant(f"{name}/int8", whole.T), self.constant(f"{name}/scale", scale)]
        return self.op("DynamicQuantizeMatMul", *inputs, *(["", *bias] if bias else []), domain=MICROSOFT)

    def _bias(self, name: str) -> list[str]:
        return [self.real(f"{name}/bias")] if f"{name}/bias" in self.arrays else []

    def norm(self, x: str, name: str) -> str:
        return self.op("LayerNormalization", x, self.real(f"{name}/gamma"), self.real(f"{name}/beta"), axis=-1)

    def heads(self, x: str, shape: tuple[int, ...]) -> str:
        """[b, n, width] to [b, heads, n, 64]."""
        return self.op("Transpose", self.op("Reshape", x, self.shape(*shape)), perm=[0, 2, 1, 3])

    def attention(self, query: str, key: str, value: str, mask: str, width: int) -> str:
        scores = self.op("MatMul", query, key)
        if mask:
            scores = self.op("Add", scores, mask)
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), value)
        return self.op("Reshape", self.op("Transpose", mixed, perm=[0, 2, 1, 3]), self.shape(0, 0, width))

    def model(self, inputs: Sequence[tuple[str, int, list[Any]]], outputs: Sequence[tuple[str, int]]) -> bytes:
        ins = [helper.make_tensor_value_info(*each) for each in inputs]
        outs = [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs]
        graph = helper.make_graph(self.nodes, "whisper", ins, outs, self.constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        made: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        content: bytes = made.SerializeToString()
        return content


def layers(arrays: Mapping[str, Array]) -> int:
    return sum(1 for name in arrays if name.startswith("decoder/") and name.endswith("/ffn/linear_0/weight"))


def memory_graph(arrays: Mapping[str, Array]) -> bytes:
    """`memory` [1, s, width] -> for each layer keys `k{i}` [1, heads, 64, s] and values `v{i}` [1, heads, s, 64]."""
    graph = _Graph(arrays)
    heads, width = _sizes(arrays)
    outputs = []
    for layer in range(layers(arrays)):
        both = graph.dense("memory", f"decoder/layer_{layer}/attention/linear_1")
        split = graph.op("Reshape", both, graph.shape(1, -1, 2, heads, width // heads))
        for name, place, order in (("k", 0, [0, 2, 3, 1]), ("v", 1, [0, 2, 1, 3])):
            one = graph.op("Gather", split, graph.constant(f"place {place}", np.array(place, np.int64)), axis=2)
            outputs.append((graph.op("Transpose", one, name=f"{name}{layer}", perm=order), TensorProto.FLOAT))
    return graph.model([("memory", TensorProto.FLOAT, [1, "s", width])], outputs)


def step_graph(arrays: Mapping[str, Array], no_speech: int, best: int) -> bytes:
    """One step of `n` tokens for `b` readings.

    Inputs: `embedded` [b, n, width] (the tokens, and where they stand), `at` [m] (which of the n are asked for what
    follows), `origin` [b] (which reading before each goes on from), `mask` [n, p + n] and `barred` [vocabulary] (added
    to scores), `k{i}`, `v{i}` of `memory_graph`, `pk{i}` and `pv{i}` [readings before, heads, p, 64].  Outputs: `ids`,
    `logits` and `scores` (logarithms of probabilities) [b * m, best] of the likeliest next tokens, `nothing` [b * m]
    (the logit of nobody's speaking), `nk{i}` and `nv{i}`: the next step's `pk{i}` and `pv{i}`.
    """
    graph = _Graph(arrays)
    heads, width = _sizes(arrays)
    count = layers(arrays)
    x = "embedded"
    for layer in range(count):
        x = _layer(graph, x, layer, heads, width)
    x = graph.op("Gather", graph.norm(x, "decoder/layer_norm"), "at", axis=1)
    _scores(graph, graph.op("Reshape", x, graph.shape(-1, width)), no_speech, best)
    inputs: list[tuple[str, int, list[Any]]] = [
        ("embedded", TensorProto.FLOAT, ["b", "n", width]),
        ("at", TensorProto.INT64, ["m"]), ("origin", TensorProto.INT64, ["b"]),
        ("mask", TensorProto.FLOAT, ["n", "t"]), ("barred", TensorProto.FLOAT, ["v"]),
    ]
    depth = width // heads
    for layer in range(count):
        inputs.append((f"k{layer}", TensorProto.FLOAT, [1, heads, depth, "s"]))
        inputs.append((f"v{layer}", TensorProto.FLOAT, [1, heads, "s", depth]))
        inputs += [(f"p{kind}{layer}", TensorProto.FLOAT, ["before", heads, "p", depth]) for kind in "kv"]
    outputs = [("ids", TensorProto.INT64), *((name, TensorProto.FLOAT) for name in ("logits", "scores", "nothing"))]
    outputs += [(f"n{kind}{layer}", TensorProto.FLOAT) for layer in range(count) for kind in "kv"]
    return graph.model(inputs, outputs)


def product_graph(arrays: Mapping[str, Array], name: str) -> bytes:
    """`x` [rows, width] -> one product, for trying what the processor makes of it."""
    graph = _Graph(arrays)
    return graph.model([("x", TensorProto.FLOAT, ["rows", "width"])], [(graph.dense("x", name), TensorProto.FLOAT)])


def _layer(graph: _Graph, x: str, layer: int, heads: int, width: int) -> str:
    depth, name = width // heads, f"decoder/layer_{layer}"
    scale = graph.constant("scale", np.array(depth**-0.5, np.float32))
    normal = graph.norm(x, f"{name}/self_attention/layer_norm")
    mixed = graph.dense(normal, f"{name}/self_attention/linear_0")
    parts = [f"part {layer} {each}" for each in "qkv"]
    graph.nodes.append(helper.make_node("Split", [mixed, graph.shape(width, width, width)], parts, axis=-1))
    query, key, value = (graph.heads(part, (0, 0, heads, depth)) for part in parts)
    for kind, new in (("k", key), ("v", value)):
        before = graph.op("Gather", f"p{kind}{layer}", "origin", axis=0)
        graph.op("Concat", before, new, name=f"n{kind}{layer}", axis=2)
    keys = graph.op("Transpose", f"nk{layer}", perm=[0, 1, 3, 2])
    own = graph.attention(graph.op("Mul", query, scale), keys, f"nv{layer}", "mask", width)
    x = graph.op("Add", x, graph.dense(own, f"{name}/self_attention/linear_1"))

    # All readings hear the same: they are rows of one product.
    asked = graph.dense(graph.norm(x, f"{name}/attention/layer_norm"), f"{name}/attention/linear_0")
    query = graph.op("Mul", graph.heads(asked, (1, -1, heads, depth)), scale)
    heard = graph.attention(query, f"k{layer}", f"v{layer}", "", width)
    answer = graph.dense(heard, f"{name}/attention/linear_2")
    x = graph.op("Add", x, graph.op("Reshape", answer, graph.op("Shape", x)))

    inner = graph.dense(graph.norm(x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0")
    inner = graph.op("Gelu", inner, domain=MICROSOFT)
    return graph.op("Add", x, graph.evened(inner, f"{name}/ffn/linear_1"))


def _scores(graph: _Graph, x: str, no_speech: int, best: int) -> None:
    every = graph.dense(x, "decoder/projection")
    allowed = graph.op("Add", every, "barred")
    graph.nodes.append(helper.make_node("TopK", [allowed, graph.shape(best)], ["logits", "ids"], axis=-1))
    graph.op("GatherElements", graph.op("LogSoftmax", allowed, axis=-1), "ids", name="scores", axis=-1)
    graph.op("Gather", every, graph.constant("no speech", np.array(no_speech, np.int64)), name="nothing", axis=1)


def _sizes(arrays: Mapping[str, Array]) -> tuple[int, int]:
    """Heads and width."""
    return int(arrays["decoder/num_heads"]), int(arrays["decoder/embeddings/weight"].shape[1])
