"""Keys open what was sealed with them, once, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from sfu.core.ciphers import FORGED, REPLAYED
from sfu.forwarder.srtp import PROFILES, LibSrtp
from sfu.link.messages import SetKeys
from sfu.rtp import rtcp
from sfu.rtp.errors import PeerFault
from sfu.rtp.packet import RtpPacket

PACKET = RtpPacket(111, 7, 960, 4711, b"opus").serialize()
REPORT = rtcp.serialize([rtcp.ReceiverReport(1)])
GCM = "AEAD_AES_128_GCM"


class Pair:
    """The forwarder's cipher, and the client at the other end."""

    def __init__(self, profile: str = GCM) -> None:
        number, length = PROFILES[profile]
        send_key, receive_key = bytes(range(length)), bytes(range(length, 2 * length))
        keys = SetKeys.model_validate(
            {"peer": "ana", "profile": profile, "send_key": send_key, "receive_key": receive_key}
        )
        self.received, self.outgoing = bytearray(4096), bytearray(4096)
        self.ours = LibSrtp(keys, self.received, self.outgoing)
        self.seals = Session(Policy(receive_key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=number))
        self.opens = Session(Policy(send_key, Policy.SSRC_ANY_INBOUND, srtp_profile=number))

    def arrives(self, datagram: bytes, at: int = 100) -> bytes | int:
        self.received[at : at + len(datagram)] = datagram
        size = self.ours.unprotect(at, len(datagram))
        return bytes(self.received[at : at + size]) if size > 0 else size

    def leaves(self, packet: bytes, at: int = 200) -> bytes | int:
        self.outgoing[at : at + len(packet)] = packet
        size = self.ours.protect(at, len(packet))
        return bytes(self.outgoing[at : at + size]) if size > 0 else size


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_works_both_ways(profile: str) -> None:
    pair = Pair(profile)

    sealed = pair.leaves(PACKET)

    assert isinstance(sealed, bytes)
    assert pair.opens.unprotect(sealed) == PACKET
    assert pair.arrives(pair.seals.protect(PACKET)) == PACKET


def test_a_replay_is_told_from_a_forgery() -> None:
    pair = Pair()
    sealed = pair.seals.protect(PACKET)
    assert pair.arrives(sealed) == PACKET

    assert pair.arrives(sealed) == REPLAYED
    assert pair.arrives(sealed[:-1] + bytes((sealed[-1] ^ 1,))) in (FORGED, REPLAYED)


def test_the_same_index_is_never_sealed_twice() -> None:
    pair = Pair()
    assert isinstance(pair.leaves(PACKET), bytes)

    assert pair.leaves(RtpPacket(111, 7, 960, 4711, b"else").serialize()) == FORGED


def test_each_of_many_identifiers_counts_for_itself_and_never_twice() -> None:
    """They are shared out among sessions; to the client it is one."""
    pair = Pair()
    packets = [
        RtpPacket(96, sequence, 960, ssrc, b"picture").serialize()
        for sequence in (65_534, 65_535, 0, 1)
        for ssrc in range(4000, 4200)
    ]

    for packet in packets:
        sealed = pair.leaves(packet)
        assert isinstance(sealed, bytes)
        assert pair.opens.unprotect(sealed) == packet
    assert {pair.leaves(packet) for packet in packets} == {FORGED}


def test_control_packets_are_sealed_and_opened_too() -> None:
    pair = Pair()
    pair.outgoing[: len(REPORT)] = REPORT
    size = pair.ours.protect_rtcp(0, len(REPORT))
    assert pair.opens.unprotect_rtcp(bytes(pair.outgoing[:size])) == REPORT

    sealed = pair.seals.protect_rtcp(REPORT)
    pair.received[: len(sealed)] = sealed
    size = pair.ours.unprotect_rtcp(0, len(sealed))
    assert bytes(pair.received[:size]) == REPORT


@given(st.binary(max_size=300))
def test_random_bytes_open_nothing(datagram: bytes) -> None:
    pair = Pair()

    assert pair.arrives(datagram) == FORGED
    assert pair.ours.unprotect_rtcp(100, len(datagram)) in (FORGED, REPLAYED)


@pytest.mark.parametrize(("at", "size"), [(-1, 100), (4090, 100), (0, 5000), (0, 3)])
def test_no_pointer_is_formed_outside_the_arena(at: int, size: int) -> None:
    ours = Pair().ours

    assert {ours.unprotect(at, size), ours.unprotect_rtcp(at, size)} == {FORGED}
    assert {ours.protect(at, size), ours.protect_rtcp(at, size)} == {FORGED}


def test_keys_of_a_wrong_length_are_refused() -> None:
    keys = SetKeys(peer="ana", profile=GCM, send_key=bytes(28), receive_key=bytes(27))

    with pytest.raises(PeerFault):
        LibSrtp(keys, bytearray(100), bytearray(100))
