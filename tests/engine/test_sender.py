from __future__ import annotations

from app.engine.offer import SendingLine
from app.engine.sender import Outgoing, RtpSender, TransportSequence
from sfu.rtp.packet import RtpPacket, audio_level
from sfu.rtp.rtcp import from_ntp
from sfu.rtp.sdp import ExtensionUri

IDS = {ExtensionUri.MID: 1, ExtensionUri.AUDIO_LEVEL: 2, ExtensionUri.TRANSPORT_CC: 4}
CAMERA = SendingLine("cam", 20, 96, IDS, 90_000, repair_ssrc=21, repair_payload_type=97)
VOICE = SendingLine("mic", 10, 111, IDS, 48_000)


def sent(sender: RtpSender, payloads: list[bytes], media_time: int, now: float) -> list[RtpPacket]:
    return [RtpPacket.parse(data) for data in sender.packetize(Outgoing(payloads, media_time, now), now)]


def test_the_packets_of_a_frame_share_a_time_and_the_last_one_is_marked() -> None:
    first, second = sent(RtpSender(CAMERA, TransportSequence()), [b"a", b"b"], 0, 0.0)

    assert second.sequence == (first.sequence + 1) & 0xFFFF
    assert first.timestamp == second.timestamp
    assert (first.marker, second.marker) == (False, True)
    assert first.extensions[1] == b"cam"


def test_every_packet_of_the_transport_takes_the_next_transport_wide_number() -> None:
    numbers = TransportSequence()
    camera, voice = RtpSender(CAMERA, numbers), RtpSender(VOICE, numbers)

    packets = sent(camera, [b"a", b"b"], 0, 0.0) + sent(voice, [b"c"], 0, 0.0)

    assert [int.from_bytes(packet.extensions[4], "big") for packet in packets] == [0, 1, 2]


def test_a_voice_carries_its_level_and_only_what_was_negotiated() -> None:
    data = RtpSender(VOICE, TransportSequence()).packetize(Outgoing([b"x"], 0, 0.0, level=31), 0.0)

    packet = RtpPacket.parse(data[0])
    assert audio_level(packet.extensions[2]) == (True, 31)
    assert set(packet.extensions) == {1, 2, 4}


def test_a_lost_packet_is_sent_again_on_the_repair_stream_once_a_round_trip() -> None:
    sender = RtpSender(CAMERA, TransportSequence())
    lost = sent(sender, [b"a", b"b"], 0, 0.0)[1]

    (again,) = [RtpPacket.parse(data) for data in sender.resend([lost.sequence], now=0.05)]

    assert (again.ssrc, again.payload_type) == (21, 97)
    assert again.payload == lost.sequence.to_bytes(2, "big") + b"b"
    assert again.extensions[4] != lost.extensions[4]
    assert sender.resend([lost.sequence], now=0.06) == []


def test_what_was_never_sent_or_is_long_gone_is_not_sent_again() -> None:
    sender = RtpSender(CAMERA, TransportSequence())
    old = sent(sender, [b"a"], 0, 0.0)[0]

    assert sender.resend([old.sequence, (old.sequence + 9) & 0xFFFF], now=60.0) == []


def test_sound_has_no_repair_stream() -> None:
    sender = RtpSender(VOICE, TransportSequence())
    lost = sent(sender, [b"a"], 0, 0.0)[0]

    assert sender.resend([lost.sequence], now=0.01) == []


def test_a_report_ties_the_media_clock_to_the_wall() -> None:
    sender = RtpSender(VOICE, TransportSequence())
    packet = sent(sender, [b"abc"], 960, 10.0)[0]

    report = sender.report(now=10.5)

    assert report is not None
    assert from_ntp(report.ntp) == 10.5
    assert report.rtp_time == (packet.timestamp + 24_000) & 0xFFFF_FFFF
    assert (report.packets, report.octets) == (1, 3)


def test_the_report_is_about_when_it_was_captured_not_when_it_was_encoded() -> None:
    sender = RtpSender(CAMERA, TransportSequence())
    (packet,) = [RtpPacket.parse(data) for data in sender.packetize(Outgoing([b"a"], 0, captured=9.9), now=10.0)]

    report = sender.report(now=10.0)

    assert report is not None
    assert report.rtp_time == (packet.timestamp + 9_000) & 0xFFFF_FFFF


def test_nothing_is_reported_before_anything_was_sent() -> None:
    assert RtpSender(VOICE, TransportSequence()).report(now=1.0) is None
