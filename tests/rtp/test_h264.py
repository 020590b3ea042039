"""Where a picture can begin in H264 (RFC 6184)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.errors import PeerFault
from sfu.rtp.h264 import annex_b, is_keyframe, packetize, parameter_sets, starts_unit, starts_with_refresh
from tests.rtp.fuzz import hostile

SPS, PPS, IDR, SLICE = b"\x67\x42\xe0\x1f", b"\x68\xce\x3c\x80", b"\x65\x88\x84", b"\x41\x9a\x24"


def together(*units: bytes) -> bytes:
    return b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def fragment(unit: bytes, *, first: bool) -> bytes:
    return bytes((unit[0] & 0xE0 | 28, (0x80 if first else 0) | unit[0] & 0x1F)) + unit[1:]


@pytest.mark.parametrize(
    "payload",
    [SPS, IDR, together(SPS, PPS), together(SPS, PPS, IDR), together(PPS, IDR), fragment(IDR, first=True)],
)
def test_a_picture_begins_at_its_parameter_sets_or_at_a_refresh(payload: bytes) -> None:
    assert is_keyframe(payload)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x7c", SLICE, PPS, together(PPS, SLICE), fragment(IDR, first=False), fragment(SLICE, first=True), b"\x78"],
)
def test_nothing_else_begins_one(payload: bytes) -> None:
    assert not is_keyframe(payload)


@given(hostile(together(SPS, PPS, IDR), fragment(IDR, first=True), SLICE))
def test_any_bytes_are_an_answer(payload: bytes) -> None:
    assert is_keyframe(payload) in (True, False)


def test_units_come_out_behind_start_codes() -> None:
    fragments = [bytes([0x7C, 0x85]) + b"ab", bytes([0x7C, 0x05]) + b"cd", bytes([0x7C, 0x45]) + b"ef"]
    aggregate = bytes([24]) + b"\x00\x02\x67s" + b"\x00\x02\x68p"

    assert annex_b(b"\x41xyz") == b"\0\0\0\1\x41xyz"
    assert annex_b(aggregate) == b"\0\0\0\1\x67s\0\0\0\1\x68p"
    assert b"".join(annex_b(piece) for piece in fragments) == b"\0\0\0\1\x65abcdef"
    assert [starts_unit(piece) for piece in fragments] == [True, False, False]


def test_parameter_sets_are_found_in_a_frame() -> None:
    frame = b"\0\0\0\1\x67s\0\0\0\1\x68p\0\0\0\1\x65picture"

    assert parameter_sets(frame) == b"\0\0\0\1\x67s\0\0\0\1\x68p"
    assert parameter_sets(b"\0\0\0\1\x41picture") == b""


@given(st.binary(max_size=60))
def test_any_payload_is_units_or_one_error(payload: bytes) -> None:
    with contextlib.suppress(PeerFault):
        annex_b(payload)


def test_the_parameter_sets_share_a_packet_and_the_picture_is_fragmented_evenly() -> None:
    frame = b"\0\0\0\1\x67sets\0\0\0\1\x68sets\0\0\1\x65" + bytes(range(1, 250)) * 10

    first, *rest = packetize(frame, 1_000)

    assert first == together(b"\x67sets", b"\x68sets")
    assert [payload[1] for payload in rest] == [0x85, 0x05, 0x45]
    assert max(map(len, rest)) - min(map(len, rest)) <= 1
    assert all(payload[0] == 0x7C for payload in rest)


units = st.lists(
    st.binary(min_size=1, max_size=400).map(lambda body: b"\x41" + body.replace(b"\0", b"\1")), min_size=1, max_size=8
)


@given(units, st.integers(20, 300))
def test_what_is_cut_into_packets_is_put_together_again(pieces: list[bytes], limit: int) -> None:
    frame = b"".join(b"\0\0\0\1" + piece for piece in pieces)

    payloads = packetize(frame, limit)

    assert b"".join(annex_b(payload) for payload in payloads) == frame
    assert max(map(len, payloads)) <= limit


def test_a_refresh_without_its_parameter_sets_is_told_from_one_with_them() -> None:
    assert starts_with_refresh(b"\0\0\1\x06sei\0\0\1\x65picture")
    assert not starts_with_refresh(b"\0\0\1\x67s\0\0\1\x68p\0\0\1\x65picture")
    assert not starts_with_refresh(b"\0\0\1\x41picture")
