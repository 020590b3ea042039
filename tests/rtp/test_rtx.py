"""Retransmissions travel on their own stream and come out as what they were (RFC 4588)."""

import pytest
from hypothesis import given

from sfu.rtp import rtx
from sfu.rtp.errors import PeerFault
from sfu.rtp.packet import RtpPacket
from tests.rtp.test_packet import PACKETS


def test_the_original_number_stands_before_the_payload() -> None:
    packet = RtpPacket(96, 0x1234, 5, 1, b"frame", marker=True, extensions={4: b"1"})

    repeated = rtx.wrap(packet, payload_type=97, ssrc=2, sequence=9)

    assert repeated == RtpPacket(97, 9, 5, 2, b"\x12\x34frame", marker=True, extensions={4: b"1"})


@given(PACKETS)
def test_wrapped_and_unwrapped_a_packet_is_itself_without_its_padding(packet: RtpPacket) -> None:
    repeated = RtpPacket.parse(rtx.wrap(packet, 97, 2, 9).serialize())

    original = rtx.unwrap(repeated, packet.payload_type, packet.ssrc)

    packet.padding = 0
    assert original == packet


def test_mere_padding_repeats_nothing() -> None:
    assert rtx.unwrap(RtpPacket(97, 9, 5, 2, b"", padding=200), 96, 1) is None


def test_half_a_number_is_the_peers_fault() -> None:
    with pytest.raises(PeerFault):
        rtx.unwrap(RtpPacket(97, 9, 5, 2, b"\x12"), 96, 1)


def test_the_repetition_shares_nothing_that_could_change_the_original() -> None:
    packet = RtpPacket(96, 1, 5, 1, b"frame", extensions={4: b"1"})

    rtx.wrap(packet, 97, 2, 9).extensions[5] = b"new"

    assert packet.extensions == {4: b"1"}
