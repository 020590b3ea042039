"""Packets for the recorder survive the way, and nonsense is one error."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from sfu.link.tape import BrokenTape, Codec, Taped, pack, unpack

TAPED = st.builds(
    Taped, st.text("abcdefgh-_123", min_size=1, max_size=40), st.sampled_from(list(Codec)), st.integers(0, 2**60),
    st.integers(0, 2**32 - 1), st.floats(0, 1e9), st.binary(max_size=1400), st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(TAPED, max_size=20))
def test_what_is_packed_comes_out_again(packets: list[Taped]) -> None:
    assert list(unpack(b"".join([pack(packet) for packet in packets]))) == packets


@given(st.binary(max_size=200))
def test_nonsense_is_one_error(message: bytes) -> None:
    with contextlib.suppress(BrokenTape):
        list(unpack(message))
