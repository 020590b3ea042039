"""The few things that C does otherwise than Python; `memory.pxd` has the C functions of the same names.

Interpreted code calls what stands here, compiled code what stands there.  Neither checks a length: C cannot, so the
caller does, where both forms pass.
"""

from __future__ import annotations

import struct
from typing import Any

_FIXED = struct.Struct("!BHI")
_PARTS: dict[int, struct.Struct] = {}
"""How two pieces of so many bytes are written one behind the other: half the time of two slices."""


def put(arena: Any, at: int, data: bytes, size: int) -> None:
    """All of `data`, which has `size` bytes, into the arena at `at`."""
    arena[at : at + size] = data


def put_packet(
    arena: Any, at: int, header: bytes, header_size: int, second: int, sequence: int, timestamp: int, payload: bytes,
    size: int,
) -> None:  # fmt: skip
    """An RTP packet (RFC 3550 5.1) at `at`: header and payload, which have `header_size` and `size` bytes.

    `second`, `sequence` and `timestamp` take the place of the header's own.
    """
    sizes = header_size << 16 | size
    parts = _PARTS.get(sizes)
    if parts is None:
        parts = _PARTS[sizes] = struct.Struct(f"{header_size}s{size}s")
    parts.pack_into(arena, at, header, payload)
    _FIXED.pack_into(arena, at + 1, second, sequence, timestamp)


def get16(arena: Any, at: int) -> int:
    """The 16 bits at `at`, as the network writes them."""
    return arena[at] << 8 | arena[at + 1]  # type: ignore[no-any-return]


def get32(arena: Any, at: int) -> int:
    return int.from_bytes(arena[at : at + 4], "big")


def cut(arena: Any, at: int, end: int) -> bytes:
    """A copy of what stands from `at` up to `end`."""
    return bytes(arena[at:end])


def crypt(function: Any, keys: Any, arena: Any, at: int, size: int, length: Any) -> int:
    """libsrtp's `function` on the packet of `size` bytes at `at`: its new size, or an error's number below zero.

    `length` is where Python hands over the size and finds the new one.
    """
    length[0] = size
    code: int = function(keys, arena + at, length)
    left: int = length[0]
    return -code if code else left
