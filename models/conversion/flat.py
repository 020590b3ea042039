"""What is in a TFLite file: tensors, constants and operations, without any library of TensorFlow's.

A TFLite file is a FlatBuffer; the numbers of its fields are those of `schema.fbs` (TensorFlow, tensorflow/lite/schema).
Only the first graph is read.  A damaged file raises ConversionError and nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from flatbuffers import number_types as kinds
from flatbuffers.table import Table

from models.conversion.graph import Array, ConversionError

# Of `TensorType`: the kinds of constants that our networks have.
_CONSTANTS: dict[int, Any] = {0: np.float32, 1: np.float16, 2: np.int32, 4: np.int64}
_MAGIC = b"TFL3"


@dataclass(frozen=True, slots=True)
class Tensor:
    """`data`: of a constant."""

    name: str
    shape: tuple[int, ...]
    data: Array | None


class Fields:
    """One FlatBuffer table; fields by their number in the schema."""

    def __init__(self, table: Table | None) -> None:
        self._table = table

    @classmethod
    def root(cls, content: bytes) -> Self:
        return cls(Table(content, struct.unpack_from("<I", content)[0]))

    def number(self, field: int, kind: Any = kinds.Int32Flags, default: int = 0) -> int:
        table, at = self._at(field)
        return int(table.Get(kind, at)) if table is not None else default

    def text(self, field: int) -> str:
        table, at = self._at(field)
        return bytes(table.String(at)).decode() if table is not None else ""

    def table(self, field: int) -> Fields:
        table, at = self._at(field)
        return Fields(Table(table.Bytes, table.Indirect(at)) if table is not None else None)

    def tables(self, field: int) -> list[Fields]:
        table, _ = self._at(field)
        if table is None:
            return []
        offset = table.Offset(4 + 2 * field)
        start = table.Vector(offset)
        return [Fields(Table(table.Bytes, table.Indirect(start + 4 * n))) for n in range(table.VectorLen(offset))]

    def array(self, field: int, kind: Any = kinds.Int32Flags) -> Array:
        table, _ = self._at(field)
        if table is None:
            return np.zeros(0, np.int32)
        array: Array = table.GetVectorAsNumpy(kind, table.Offset(4 + 2 * field))
        return array

    def _at(self, field: int) -> tuple[Any, int]:
        offset = self._table.Offset(4 + 2 * field) if self._table is not None else 0
        return (self._table, offset + self._table.Pos) if offset and self._table is not None else (None, 0)


@dataclass(frozen=True, slots=True)
class Operation:
    """`code`: of `BuiltinOperator`; `options`: the table that belongs to it."""

    code: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Fields


@dataclass(frozen=True, slots=True)
class Network:
    tensors: tuple[Tensor, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    operations: tuple[Operation, ...]


def read(content: bytes) -> Network:
    """The network in a TFLite file.  Raises ConversionError."""
    if content[4:8] != _MAGIC:
        raise ConversionError("this is no TFLite file")
    try:
        return _network(Fields.root(content))
    except (struct.error, ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise ConversionError(f"the TFLite file is damaged: {error}") from error


def _network(model: Fields) -> Network:
    codes = [max(code.number(0, kinds.Int8Flags), code.number(3)) for code in model.tables(1)]
    graph = model.tables(2)[0]
    buffers = model.tables(4)
    operations = [
        Operation(codes[one.number(0, kinds.Uint32Flags)], _ids(one, 1), _ids(one, 2), one.table(4))
        for one in graph.tables(3)
    ]
    tensors = tuple(_tensor(tensor, buffers) for tensor in graph.tables(0))
    return Network(tensors, _ids(graph, 1), _ids(graph, 2), tuple(operations))


def _ids(table: Fields, field: int) -> tuple[int, ...]:
    return tuple(int(number) for number in table.array(field))


def _tensor(table: Fields, buffers: list[Fields]) -> Tensor:
    shape = _ids(table, 0)
    content = buffers[table.number(2, kinds.Uint32Flags)].array(0, kinds.Uint8Flags)
    if not len(content):
        return Tensor(table.text(3), shape, None)
    kind = _CONSTANTS[table.number(1, kinds.Int8Flags)]
    return Tensor(table.text(3), shape, np.frombuffer(content.tobytes(), kind).reshape(shape))
