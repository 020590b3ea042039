"""What every parser here promises: a value, or one PeerFault; never another exception, and bounded work.

Random bytes alone die at the first length check, so the inputs are mostly real messages that were bent: bytes changed,
cut, repeated, joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from sfu.rtp.errors import PeerFault

ValueT = TypeVar("ValueT")


def value_or_fault(parse: Callable[[bytes], ValueT], data: bytes) -> ValueT | None:
    """The value; None for a PeerFault.  Everything else rises and fails the test."""
    try:
        return parse(data)
    except PeerFault:
        return None


@st.composite
def bent(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with up to eight bytes changed, perhaps cut short, perhaps with a piece of another behind."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 8))):
        if data:
            data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    if draw(st.booleans()):
        del data[draw(st.integers(0, len(data))) :]
    if draw(st.booleans()):
        other = draw(st.sampled_from(seeds))
        data += other[draw(st.integers(0, len(other))) :]
    return bytes(data)


def hostile(*seeds: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(bent(seeds), st.binary(max_size=200))
