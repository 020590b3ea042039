"""The weights in CTranslate2's `model.bin`, as arrays.

The form (binary version 6, ctranslate2/specs/model_spec.py writes it): numbers are little-endian; a text is its length
with a closing zero (16 bit) and its bytes; an array is its name, rank (8 bit), dimensions (32 bit), type (8 bit), size
in bytes (32 bit) and content; after the arrays come further names of some of them.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

VERSION = 6
# CTranslate2's `DataType`, of the arrays that Whisper has as it is published.
_TYPES: dict[int, Any] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def read(path: Path) -> dict[str, Array]:
    """Views of the file, which is mapped.  Raises OSError, and ValueError when it is of another form."""
    content = np.memmap(path, np.uint8, "r")
    try:
        return _Reader(content).arrays()
    except (struct.error, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a model of CTranslate2's binary version {VERSION}: {error!r}") from error


class _Reader:
    def __init__(self, content: npt.NDArray[np.uint8]) -> None:
        self._content = content
        self._at = 0

    def arrays(self) -> dict[str, Array]:
        if (version := self._number("I")) != VERSION:
            raise ValueError(f"binary version {version}, not {VERSION}")
        self._text()            # the kind of model
        self._number("I")       # its revision
        found = dict(self._array() for _ in range(self._number("I")))
        for _ in range(self._number("I")):
            alias, name = self._text(), self._text()
            found[alias] = found[name]
        return found

    def _array(self) -> tuple[str, Array]:
        name = self._text()
        shape = tuple(self._number("I") for _ in range(self._number("B")))
        kind, size = _TYPES[self._number("B")], self._number("I")
        return name, self._take(size).view(kind).reshape(shape)

    def _text(self) -> str:
        return self._take(self._number("H")).tobytes().rstrip(b"\0").decode()

    def _number(self, form: str) -> int:
        size = struct.calcsize(form)
        return int(struct.unpack("<" + form, self._take(size).tobytes())[0])

    def _take(self, size: int) -> npt.NDArray[np.uint8]:
        taken = self._content[self._at : self._at + size]
        if len(taken) < size:
            raise ValueError("the file is cut off")
        self._at += size
        return taken
