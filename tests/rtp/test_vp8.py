"""VP8 descriptors, key frames and packets (RFC 7741)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.errors import PeerFault
from sfu.rtp.vp8 import Descriptor, frame_size, is_keyframe, packetize, starts_frame
from tests.rtp.fuzz import hostile, value_or_fault

KEYFRAME = b"\x50\x3f\x00\x9d\x01\x2a\x40\x01\xb4\x00" + b"bits"
DELTA = b"\x51\x3f\x00" + b"bits"
FULL = Descriptor(True, 0, True, 0x1234, True, 200, 2, True, 31)

DESCRIPTORS = st.builds(
    Descriptor,
    start=st.booleans(),
    partition=st.integers(0, 7),
    non_reference=st.booleans(),
    picture_id=st.integers(0, 0x7FFF),
    wide=st.just(True),
    tl0picidx=st.none() | st.integers(0, 255),
    tid=st.integers(0, 3),
    layer_sync=st.booleans(),
    keyidx=st.none() | st.integers(0, 31),
)


@given(DESCRIPTORS)
def test_what_is_written_is_read(descriptor: Descriptor) -> None:
    raw = descriptor.serialize()

    assert Descriptor.parse(raw + b"rest") == (descriptor, len(raw))


@pytest.mark.parametrize(
    ("raw", "descriptor"),
    [
        (b"\x10", Descriptor(True)),
        (b"\x90\x80\x11", Descriptor(True, picture_id=17, wide=False)),
        (b"\x90\x80\x92\x34", Descriptor(True, picture_id=0x1234)),
        (b"\x82\x40\x07", Descriptor(False, 2, tl0picidx=7)),
        (b"\x80\x10\xe5", Descriptor(False, keyidx=5)),  # TID and Y mean nothing without T
        (b"\xb0\xf0\x92\x34\xc8\xbf", FULL),
    ],
)
def test_descriptors_as_the_rfc_draws_them(raw: bytes, descriptor: Descriptor) -> None:
    assert Descriptor.parse(raw) == (descriptor, len(raw))


def test_an_extension_byte_that_announces_nothing_is_still_counted() -> None:
    assert Descriptor.parse(b"\x90\x00" + KEYFRAME) == (Descriptor(True), 2)
    assert is_keyframe(b"\x90\x00" + KEYFRAME)


def test_a_key_frame_shows_in_the_first_packet_of_the_first_partition_only() -> None:
    assert is_keyframe(b"\x10" + KEYFRAME)
    assert not is_keyframe(b"\x10" + DELTA)
    assert not is_keyframe(b"\x00" + KEYFRAME)  # in the middle of a frame these are just bytes
    assert not is_keyframe(b"\x11" + KEYFRAME)  # the start of another partition
    assert starts_frame(b"\x10")
    assert not starts_frame(b"\x12")


def test_a_key_frame_tells_its_size_without_the_scaling_bits() -> None:
    scaled = KEYFRAME[:6] + b"\x40\x41\xb4\xc0"

    assert frame_size(b"\x10" + KEYFRAME) == (320, 180)
    assert frame_size(FULL.serialize() + scaled) == (320, 180)
    assert frame_size(b"\x10" + DELTA) is None
    assert frame_size(b"\x10" + KEYFRAME[:8]) is None
    assert frame_size(b"\x10" + KEYFRAME.replace(b"\x9d\x01\x2a", b"\x9d\x01\x2b")) is None


@pytest.mark.parametrize("payload", [b"", b"\x90", b"\x90\x80", b"\x90\x80\x80", b"\x90\x40", b"\x90\x20", b"\x10"])
def test_a_payload_that_ends_inside_its_descriptor_is_the_peers_fault(payload: bytes) -> None:
    with pytest.raises(PeerFault):
        is_keyframe(payload)


@given(hostile(b"\x10" + KEYFRAME, FULL.serialize() + KEYFRAME, b"\x90\x80\x11" + DELTA))
def test_any_bytes_are_read_or_one_fault(payload: bytes) -> None:
    for parse in (Descriptor.parse, is_keyframe, frame_size, starts_frame):
        value_or_fault(parse, payload)


@given(hostile(b"\x10" + KEYFRAME, FULL.serialize() + KEYFRAME, b"\x90\x80\x11" + DELTA))
def test_the_quick_look_and_the_full_one_agree(payload: bytes) -> None:
    parsed = value_or_fault(Descriptor.parse, payload)
    quick = value_or_fault(is_keyframe, payload)

    if parsed is not None and quick is not None:
        descriptor, size = parsed
        first = descriptor.start and descriptor.partition == 0
        assert quick == (first and not payload[size] & 1)


@given(st.binary(max_size=5000), st.integers(0, 0xFFFF), st.integers(5, 1500))
def test_a_frame_is_cut_into_even_pieces_and_nothing_is_lost(frame: bytes, picture_id: int, limit: int) -> None:
    payloads = packetize(frame, picture_id, limit)

    parsed = [Descriptor.parse(payload) for payload in payloads]
    assert b"".join([payload[size:] for payload, (_, size) in zip(payloads, parsed, strict=True)]) == frame
    assert [descriptor.start for descriptor, _ in parsed] == [index == 0 for index in range(len(payloads))]
    assert {descriptor.picture_id for descriptor, _ in parsed} <= {picture_id & 0x7FFF}
    sizes = [len(payload) for payload in payloads]
    assert max(sizes, default=0) <= limit
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_a_limit_with_no_room_for_vp8_is_our_bug() -> None:
    with pytest.raises(ValueError, match="4 bytes"):
        packetize(b"frame", 1, limit=4)
