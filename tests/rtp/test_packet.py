"""RTP on the wire, its extensions, and what shares its port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.packet import (
    Datagram,
    RtpPacket,
    audio_level,
    classify,
    write_audio_level,
    write_send_time,
    write_transport_sequence,
)
from tests.rtp.fuzz import hostile, value_or_fault

PLAIN = RtpPacket(111, 65_535, 0xFFFF_FFFF, 0xDEAD_BEEF, b"payload", marker=True)
ONE_BYTE = RtpPacket(96, 1, 2, 3, b"x" * 20, extensions={1: b"a", 14: b"b" * 16}, csrcs=(7, 8), padding=4)
TWO_BYTE = RtpPacket(96, 1, 2, 3, b"", extensions={1: b"", 200: b"c" * 255}, padding=255)

WORDS = st.integers(0, 0xFFFF_FFFF)
PACKETS = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 127),
    sequence=st.integers(0, 0xFFFF),
    timestamp=WORDS,
    ssrc=WORDS,
    payload=st.binary(max_size=50),
    marker=st.booleans(),
    extensions=st.dictionaries(st.integers(1, 255), st.binary(max_size=40), max_size=6),
    csrcs=st.lists(WORDS, max_size=15).map(tuple),
    padding=st.integers(0, 255),
)


@given(PACKETS)
def test_what_is_written_is_read(packet: RtpPacket) -> None:
    assert RtpPacket.parse(packet.serialize()) == packet


def test_the_bytes_are_those_of_the_rfc() -> None:
    packet = RtpPacket(111, 0x1234, 0x5678, 0x9ABC, b"voice", marker=True, extensions={1: b"\x85", 4: b"m0"})

    assert packet.serialize() == (
        b"\x90\xef\x12\x34\x00\x00\x56\x78\x00\x00\x9a\xbc"
        b"\xbe\xde\x00\x02\x10\x85\x41m0\x00\x00\x00"
        b"voice"
    )  # fmt: skip


def test_small_extensions_take_one_byte_of_header_each_and_large_ones_two() -> None:
    assert ONE_BYTE.serialize()[20:22] == b"\xbe\xde"
    assert TWO_BYTE.serialize()[12:14] == b"\x10\x00"


def test_padding_between_extensions_is_skipped_and_id_15_ends_them() -> None:
    block = b"\x00\x10\xaa\x00" + b"\xf0\x20\xbb\xbb"
    data = b"\x90\x60\x00\x01" + bytes(8) + b"\xbe\xde\x00\x02" + block + b"payload"

    packet = RtpPacket.parse(data)

    assert packet.extensions == {1: b"\xaa"}
    assert packet.payload == b"payload"


def test_an_extension_block_of_an_unknown_profile_is_stepped_over() -> None:
    data = b"\x90\x60\x00\x01" + bytes(8) + b"\x12\x34\x00\x01" + b"\x10\xff\xff\xff" + b"payload"

    packet = RtpPacket.parse(data)

    assert packet.extensions == {}
    assert packet.payload == b"payload"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        b"\x40" + bytes(11),  # version 1
        b"\x8f" + bytes(11),  # fifteen sources, none there
        b"\x90" + bytes(11),  # an extension header, not there
        b"\x90" + bytes(11) + b"\xbe\xde\xff\xff",  # a block of 256 KB
        b"\x90" + bytes(11) + b"\xbe\xde\x00\x01\x1f\x00\x00\x00",  # an element longer than its block
        b"\x90" + bytes(11) + b"\x10\x00\x00\x01\x01\xff\x00\x00",
        b"\x90" + bytes(11) + b"\x10\x00\x00\x01\x00\x00\x00\x01",  # an id without a length
        b"\xa0" + bytes(11),  # padding of zero
        b"\xa0" + bytes(11) + b"\x02",  # more padding than payload
    ],
)
def test_lengths_that_point_outside_the_packet_are_the_peers_fault(data: bytes) -> None:
    with pytest.raises(PeerFault) as fault:
        RtpPacket.parse(data)

    assert fault.value.code is ErrorCode.MALFORMED_PACKET


@given(hostile(PLAIN.serialize(), ONE_BYTE.serialize(), TWO_BYTE.serialize()))
def test_any_bytes_are_a_packet_or_one_fault(data: bytes) -> None:
    packet = value_or_fault(RtpPacket.parse, data)

    if packet is not None:
        assert len(packet.payload) <= len(data)
        assert sum(map(len, packet.extensions.values())) <= len(data)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_packet_is_read_from_any_kind_of_buffer(kind: type) -> None:
    packet = RtpPacket.parse(kind(ONE_BYTE.serialize()))

    assert packet == ONE_BYTE
    assert type(packet.payload) is bytes


@pytest.mark.parametrize(
    "packet",
    [
        RtpPacket(128, 0, 0, 0, b""),
        RtpPacket(0, 0, 0, 0, b"", csrcs=(0,) * 16),
        RtpPacket(0, 0, 0, 0, b"", padding=256),
        RtpPacket(0, 0, 0, 0, b"", extensions={0: b""}),
    ],
)
def test_what_no_packet_can_carry_is_our_bug_and_not_sent_broken(packet: RtpPacket) -> None:
    with pytest.raises(ValueError, match=r"carry|padding"):
        packet.serialize()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x00\x01", Datagram.STUN),
        (b"\x03\xff", Datagram.STUN),
        (b"\x16\xfe", Datagram.DTLS),
        (b"\x3f\x00", Datagram.DTLS),
        (b"\x80\x6f", Datagram.RTP),
        (b"\x80\xef", Datagram.RTP),  # payload type 111 with the marker
        (b"\xbf\xc8", Datagram.RTCP),
        (b"\x80\xce", Datagram.RTCP),
        (b"\x40\x00", Datagram.UNKNOWN),  # a TURN channel
        (b"\x10\x00", Datagram.UNKNOWN),
        (b"\xff\xff", Datagram.UNKNOWN),
        (b"\x80", Datagram.UNKNOWN),
        (b"", Datagram.UNKNOWN),
    ],
)
def test_two_bytes_tell_what_a_datagram_claims_to_be(data: bytes, kind: Datagram) -> None:
    assert classify(data) is kind


@given(st.booleans(), st.integers(0, 127))
def test_audio_levels_are_read_as_written(voice: bool, dbov: int) -> None:
    assert audio_level(write_audio_level(voice, dbov)) == (voice, dbov)


def test_silence_is_127_and_louder_than_loud_is_0() -> None:
    assert audio_level(write_audio_level(False, 300)) == (False, 127)
    assert audio_level(write_audio_level(True, -3)) == (True, 0)


def test_an_empty_audio_level_is_the_peers_fault() -> None:
    with pytest.raises(PeerFault):
        audio_level(b"")


def test_send_time_counts_in_six_bits_of_seconds_and_eighteen_of_fractions() -> None:
    assert write_send_time(0.0) == b"\x00\x00\x00"
    assert write_send_time(1.5) == b"\x06\x00\x00"
    assert write_send_time(64.5) == b"\x02\x00\x00"  # wrapped
    assert write_transport_sequence(0x1234) == b"\x12\x34"
