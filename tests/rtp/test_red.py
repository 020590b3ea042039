from __future__ import annotations

import pytest
from hypothesis import given

from sfu.rtp import red
from sfu.rtp.errors import PeerFault
from sfu.rtp.packet import RtpPacket
from tests.rtp.fuzz import hostile, value_or_fault

OPUS, RED = 111, 63


def packet(payload: bytes, sequence: int = 1000, timestamp: int = 96_000) -> RtpPacket:
    return RtpPacket(RED, sequence, timestamp, 7, payload, marker=True)


def test_a_packet_carries_the_one_before_it() -> None:
    found = red.unwrap(packet(red.join(OPUS, [(960, b"before")], b"now")), OPUS)

    assert [(one.sequence, one.timestamp, one.payload, one.payload_type, one.marker) for one in found] == [
        (999, 95_040, b"before", OPUS, False),
        (1000, 96_000, b"now", OPUS, True),
    ]


def test_numbers_and_times_wrap() -> None:
    first, _ = red.unwrap(packet(red.join(OPUS, [(960, b"before")], b"now"), sequence=0, timestamp=0), OPUS)

    assert (first.sequence, first.timestamp) == (0xFFFF, 0x1_0000_0000 - 960)


def test_what_chromium_wrote_is_read() -> None:
    """f80, offset 960, 3 bytes; then the primary."""
    payload = bytes([0x80 | OPUS, 0x0F, 0x00, 0x03, OPUS]) + b"abc" + b"defg"

    assert red.split(payload) == [red.Block(OPUS, 960, b"abc"), red.Block(OPUS, 0, b"defg")]


def test_what_is_too_old_or_too_long_is_not_repeated() -> None:
    payload = red.join(OPUS, [(red.MOST_OFFSET + 1, b"old"), (960, bytes(red.MOST_LENGTH + 1)), (0, b"same")], b"now")

    assert payload == bytes([OPUS]) + b"now"


def test_blocks_of_another_codec_and_empty_ones_are_left_out() -> None:
    payload = bytes([0x80 | 13, 0x0F, 0x00, 0x01, 0x80 | OPUS, 0x0F, 0x00, 0x00, OPUS]) + b"x" + b"now"

    assert [one.payload for one in red.unwrap(packet(payload), OPUS)] == [b"now"]


@pytest.mark.parametrize("payload", [b"", b"\xef", b"\xef\x0f\x00\x03", b"\xef\x0f\x00\x03\x6fab"])
def test_a_packet_that_ends_early_is_its_senders_fault(payload: bytes) -> None:
    with pytest.raises(PeerFault):
        red.split(payload)


@given(hostile(red.join(OPUS, [(1920, b"a" * 90), (960, b"b" * 80)], b"c" * 70), red.join(OPUS, [], b"alone")))
def test_any_bytes_are_blocks_or_one_fault(data: bytes) -> None:
    blocks = value_or_fault(red.split, data)

    assert blocks is None or sum(len(block.data) for block in blocks) <= len(data)
