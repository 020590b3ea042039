"""RTCP compounds: reports, feedback, and what we do not know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp import rtcp
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.rtcp import (
    Arrival,
    FullIntra,
    Goodbye,
    Nack,
    Other,
    PictureLoss,
    ReceiverReport,
    Remb,
    ReportBlock,
    SenderReport,
    SourceDescription,
    TransportFeedback,
)
from tests.rtp.fuzz import hostile, value_or_fault

BLOCK = ReportBlock(ssrc=9, fraction_lost=10, lost=-3, highest=70_000, jitter=5, last_sr=6, delay=7)
EVERY_KIND: list[rtcp.Rtcp] = [
    SenderReport(1, 2 << 32, 3, 4, 5, (BLOCK, BLOCK)),
    ReceiverReport(1),
    SourceDescription(((1, "café"), (2, ""), (3, "abcd"))),
    Goodbye((1, 2)),
    PictureLoss(1, 2),
    FullIntra(1, ((5, 6), (7, 255))),
    Nack(1, 2, (65_535, 0, 3, 15, 16, 400)),
    TransportFeedback(1, 2, 65_534, 5, -3, 7, (Arrival(65_534, -760), Arrival(0, -700), Arrival(2, -710))),
    Remb(1, 1_500_000, (7, 8)),
    Other(204, 3, b"abcd" * 3),
    Other(207, 0, b""),
]
SEEDS = [rtcp.serialize(EVERY_KIND), *[rtcp.serialize([packet]) for packet in EVERY_KIND]]

WORDS = st.integers(0, 0xFFFF_FFFF)
BLOCKS = st.builds(
    ReportBlock, WORDS, st.integers(0, 255), st.integers(-0x800000, 0x7FFFFF), WORDS, WORDS, WORDS, WORDS
)
SEVERAL = st.lists(BLOCKS, max_size=31).map(tuple)


def test_a_compound_of_every_kind_is_read_as_it_was_written() -> None:
    assert rtcp.parse(rtcp.serialize(EVERY_KIND)) == EVERY_KIND


@given(st.builds(SenderReport, WORDS, st.integers(0, (1 << 64) - 1), WORDS, WORDS, WORDS, SEVERAL))
def test_sender_reports_are_read_as_they_were_written(report: SenderReport) -> None:
    assert rtcp.parse(rtcp.serialize([report])) == [report]


@given(st.lists(st.text(max_size=60), max_size=5).map(lambda names: tuple(enumerate(names))))
def test_names_of_any_length_and_script_are_read_as_they_were_written(chunks: tuple[tuple[int, str], ...]) -> None:
    assert rtcp.parse(rtcp.serialize([SourceDescription(chunks)])) == [SourceDescription(chunks)]


@given(st.integers(0, 0xFFFF), st.sets(st.integers(0, 500), min_size=1))
def test_a_nack_names_exactly_what_is_lost(first: int, ahead: set[int]) -> None:
    lost = tuple([(first + step) & 0xFFFF for step in sorted(ahead)])

    assert rtcp.parse(rtcp.serialize([Nack(1, 2, lost)])) == [Nack(1, 2, lost)]


def test_seventeen_in_a_row_are_one_entry_of_a_nack() -> None:
    assert len(rtcp.serialize([Nack(1, 2, tuple(range(17)))])) == 16
    assert len(rtcp.serialize([Nack(1, 2, tuple(range(18)))])) == 20


@given(st.integers(0, 1 << 40))
def test_remb_keeps_eighteen_bits_of_the_bitrate(bitrate: int) -> None:
    (parsed,) = rtcp.parse(rtcp.serialize([Remb(1, bitrate, ())]))

    assert isinstance(parsed, Remb)
    assert 0 <= bitrate - parsed.bitrate <= bitrate >> 17


def test_the_bytes_are_those_of_the_rfcs() -> None:
    assert rtcp.serialize([PictureLoss(1, 2)]) == bytes.fromhex("81ce0002 00000001 00000002")
    assert rtcp.serialize([FullIntra(1, ((2, 3),))]) == bytes.fromhex("84ce0004 00000001 00000000 00000002 03000000")
    assert rtcp.serialize([Nack(1, 2, (5, 6, 21))]) == bytes.fromhex("81cd0003 00000001 00000002 00058001")
    assert rtcp.serialize([ReceiverReport(1)]) == bytes.fromhex("80c90001 00000001")
    assert rtcp.serialize([Goodbye((1,))]) == bytes.fromhex("81cb0001 00000001")


def test_padding_and_the_reason_of_a_goodbye_are_stepped_over() -> None:
    padded = bytes.fromhex("a1ce0003 00000001 00000002 00000004")
    reasoned = bytes.fromhex("81cb0003 00000001 04676f6f 64000000")

    assert rtcp.parse(padded) == [PictureLoss(1, 2)]
    assert rtcp.parse(reasoned) == [Goodbye((1,))]


def test_only_names_are_kept_of_a_source_description() -> None:
    # CNAME "a", TOOL "bc"
    data = bytes.fromhex("81ca0004 00000009 01016106 02626300 00000000")

    assert rtcp.parse(data) == [SourceDescription(((9, "a"),))]


def test_feedback_of_an_unknown_format_is_nobodys_fault() -> None:
    slice_loss = bytes.fromhex("82ce0003 00000001 00000002 00000003")
    message = bytes.fromhex("8fce0003 00000001 00000000 41424344")  # application layer, but not REMB

    assert rtcp.parse(slice_loss + message) == [Other(206, 2, slice_loss[4:]), Other(206, 15, message[4:])]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\xc8",
        bytes.fromhex("80c90002 00000001"),  # a word longer than the datagram
        bytes.fromhex("40c90001 00000001"),  # version 1
        bytes.fromhex("82c90001 00000001"),  # two blocks, none there
        bytes.fromhex("80c80001 00000001"),  # a sender report without its sender's numbers
        bytes.fromhex("80c90001 00000001 80c9"),  # half a header behind
        bytes.fromhex("82cb0001 00000001"),
        bytes.fromhex("81ce0001 00000001"),
        bytes.fromhex("a1ce0002 00000001 000000ff"),  # padding longer than the packet
        bytes.fromhex("a1ce0000"),
        bytes.fromhex("81ca0002 00000001 01ff6162"),  # a name longer than the packet
        bytes.fromhex("8fce0004 00000001 00000000 52454d42 ff000001"),  # REMB of 255 SSRCs, none there
        bytes(1504),
    ],
)
def test_lengths_that_point_outside_the_datagram_are_the_peers_fault(data: bytes) -> None:
    with pytest.raises(PeerFault) as fault:
        rtcp.parse(data)

    assert fault.value.code is ErrorCode.MALFORMED_PACKET


@given(hostile(*SEEDS))
def test_any_bytes_are_packets_or_one_fault(data: bytes) -> None:
    packets = value_or_fault(rtcp.parse, data)

    for packet in packets or []:
        match packet:
            case Nack():
                assert len(packet.lost) <= 17 * len(data) // 4
            case TransportFeedback():
                assert len(packet.arrivals) <= len(data)


@given(hostile(*SEEDS))
def test_what_was_read_can_be_written_and_read_again(data: bytes) -> None:
    packets = value_or_fault(rtcp.parse, data)
    if packets is None or any(isinstance(packet, SourceDescription | TransportFeedback) for packet in packets):
        return  # names may not be UTF-8, and times may be spelt in more ways than one

    again = rtcp.parse(rtcp.serialize(packets))

    assert [type(packet) for packet in again] == [type(packet) for packet in packets]


def test_what_no_packet_can_carry_is_our_bug() -> None:
    with pytest.raises(ValueError, match="32 entries"):
        rtcp.serialize([ReceiverReport(1, (BLOCK,) * 32)])


def test_a_round_trip_is_what_remains_when_the_holding_time_is_taken_off() -> None:
    sent = rtcp.middle_ntp(rtcp.to_ntp(1000.0))
    held = ReportBlock(1, 0, 0, 0, 0, last_sr=sent, delay=int(0.5 * 65536))

    measured = rtcp.round_trip(held, now=1000.55)

    assert measured == pytest.approx(0.05, abs=0.001)


def test_there_is_no_round_trip_before_the_first_report_nor_a_negative_one() -> None:
    assert rtcp.round_trip(ReportBlock(1, 0, 0, 0, 0, last_sr=0, delay=0), now=5.0) is None
    early = ReportBlock(1, 0, 0, 0, 0, last_sr=rtcp.middle_ntp(rtcp.to_ntp(10.0)), delay=0)
    assert rtcp.round_trip(early, now=9.0) is None


def test_a_round_trip_survives_the_wrap_of_the_middle_bits() -> None:
    sent = rtcp.middle_ntp(rtcp.to_ntp(65_535.99))
    block = ReportBlock(1, 0, 0, 0, 0, last_sr=sent, delay=0)

    assert rtcp.round_trip(block, now=65_536.01) == pytest.approx(0.02, abs=0.001)


@given(st.floats(0, 4e9))
def test_ntp_keeps_time_to_the_microsecond(seconds: float) -> None:
    assert rtcp.from_ntp(rtcp.to_ntp(seconds)) == pytest.approx(seconds, abs=1e-6)
