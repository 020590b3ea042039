"""Sound that repeats itself: passed on, taken apart, and used to mend what was lost."""

from __future__ import annotations

from dataclasses import replace

from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.packet import RtpPacket
from sfu.rtp.red import join, split
from tests.core.stage import OPUS, RED, REDUNDANT, TYPES, Client, Stage


def call() -> tuple[Stage, Client, Client, Client]:
    """Ana repeats herself; Ben understands that, Cleo does not."""
    stage = Stage()
    ana = stage.client("ana").join(payload_types=REDUNDANT)
    return stage, ana, stage.client("ben").join(payload_types=REDUNDANT), stage.client("cleo").join()


def repeating(ana: Client, number: int) -> RtpPacket:
    """The `number`th packet, with the two before it."""
    earlier = [(960 * back, f"sound {number - back}".encode()) for back in (2, 1)]
    return RtpPacket(RED, number, 960 * number, ana.audio_ssrc, join(OPUS, earlier, f"sound {number}".encode()))


def plain(ana: Client, number: int) -> RtpPacket:
    return RtpPacket(OPUS, number, 960 * number, ana.audio_ssrc, f"sound {number}".encode())


def test_who_understands_redundancy_gets_it_and_who_does_not_gets_plain_sound() -> None:
    _, ana, ben, cleo = call()
    packet = repeating(ana, 10)

    ana.rtp(packet)

    assert [(p.payload_type, p.payload) for p in ben.heard("a0")] == [(RED, packet.payload)]
    assert [(p.payload_type, p.payload) for p in cleo.heard("a0")] == [(OPUS, b"sound 10")]


def test_what_was_lost_on_its_way_to_us_is_found_in_the_next_packet_for_everybody() -> None:
    stage, ana, _, cleo = call()
    for number in (10, 13):
        ana.rtp(repeating(ana, number))

    heard = cleo.heard("a0")

    assert [p.payload for p in heard] == [b"sound 10", b"sound 11", b"sound 12", b"sound 13"]
    assert [p.sequence - heard[0].sequence for p in heard] == [0, 1, 2, 3]
    assert [(p.timestamp - heard[0].timestamp) // 960 for p in heard] == [0, 1, 2, 3]
    ana.take()
    stage.pass_time(0.5)
    assert ana.told(rtcp.Nack) == []


def test_captions_hear_what_was_lost_on_its_way_to_us_in_its_place() -> None:
    stage, ana, _, _ = call()
    stage.order(link.OpenTap(source="ana/microphone", stream="s1"))
    for number in (10, 13):
        ana.rtp(repeating(ana, number))

    chunks = list(stage.plane.taps.chunks)

    assert [chunk.payload for chunk in chunks] == [b"sound 10", b"sound 11", b"sound 12", b"sound 13"]
    assert [chunk.sequence - chunks[0].sequence for chunk in chunks] == [0, 1, 2, 3]


def test_nothing_is_heard_twice_because_it_was_repeated() -> None:
    _, ana, _, cleo = call()
    for number in (10, 11, 12, 13):
        ana.rtp(repeating(ana, number))

    assert len(cleo.heard("a0")) == 4


def test_a_sender_may_begin_and_cease_to_repeat_itself_at_any_packet() -> None:
    _, ana, ben, cleo = call()
    for packet in (plain(ana, 9), repeating(ana, 10), plain(ana, 11)):
        ana.rtp(packet)

    assert [p.payload_type for p in ben.heard("a0")] == [OPUS, RED, RED]
    assert split(ben.heard("a0")[-1].payload)[-1].data == b"sound 11"
    assert [p.payload for p in cleo.heard("a0")] == [b"sound 9", b"sound 10", b"sound 11"]


def test_a_receiver_that_numbers_opus_otherwise_gets_plain_sound() -> None:
    stage, ana, *_ = call()
    other = stage.client("dora").join(payload_types=link.PayloadTypes(opus=109, red=RED))

    ana.rtp(repeating(ana, 10))

    assert [(p.payload_type, p.payload) for p in other.heard("a0")] == [(109, b"sound 10")]


def test_broken_redundancy_is_counted_and_harms_nobody() -> None:
    stage, ana, ben, _ = call()
    for payload in (b"", b"\xef", b"\xef\0\0\xff\x6f", bytes((0xEF, 0, 0, 1)) * 40):
        ana.audio_sequence += 1
        ana.rtp(RtpPacket(RED, ana.audio_sequence, 0, ana.audio_ssrc, payload))

    ana.voice()

    assert len(ben.heard("a0")) == 1
    assert stage.plane.peers.get("ana") is not None


def test_for_a_sender_that_repeats_nothing_we_do_it_towards_those_who_understand_it() -> None:
    _, ana, ben, cleo = call()
    for number in (9, 10, 11):
        ana.rtp(plain(ana, number))

    heard = ben.heard("a0")
    assert [p.payload_type for p in heard] == [OPUS, RED, RED]
    assert [[block.data for block in split(p.payload)] for p in heard[1:]] == [
        [b"sound 9", b"sound 10"], [b"sound 10", b"sound 11"]
    ]  # fmt: skip
    assert {block.offset for p in heard[1:] for block in split(p.payload)} == {0, 960}
    assert [p.payload for p in cleo.heard("a0")] == [b"sound 9", b"sound 10", b"sound 11"]


def test_where_a_listener_loses_many_packets_two_are_repeated_whatever_the_sender_does() -> None:
    _, ana, ben, _ = call()
    for packet in (repeating(ana, 9), plain(ana, 10)):
        ana.rtp(packet)
    lost = rtcp.ReportBlock(ben.ssrc("a0"), 13, 1, 0, 0, 0, 0)  # 13 of 256
    ben.rtcp(rtcp.ReceiverReport(1, (lost,)))
    ben.take()

    once = [(960, b"sound 11")]
    ana.rtp(plain(ana, 11))
    ana.rtp(RtpPacket(RED, 12, 960 * 12, ana.audio_ssrc, join(OPUS, once, b"sound 12")))

    carried = [[block.data for block in split(packet.payload)] for packet in ben.heard("a0")]
    assert carried == [[b"sound 9", b"sound 10", b"sound 11"], [b"sound 10", b"sound 11", b"sound 12"]]


def test_after_a_loss_after_silence_and_where_it_would_not_fit_nothing_is_repeated() -> None:
    _, ana, ben, _ = call()
    for packet in (plain(ana, 9), plain(ana, 11), replace(plain(ana, 12), payload=bytes(1_099))):
        ana.rtp(packet)

    assert [p.payload_type for p in ben.heard("a0")] == [OPUS, OPUS, OPUS]


def test_many_packets_at_once_that_all_grow_still_fit_where_they_are_laid_out() -> None:
    stage, ana, ben, _ = call()
    sent = [replace(plain(ana, number), payload=bytes([number % 256]) * 540) for number in range(100)]

    for packet in sent:
        raw = packet.serialize()
        stage.plane.datagram(raw, ana.address, stage.now)
    stage.turn()

    heard = ben.heard("a0")
    assert [split(p.payload)[-1].data for p in heard[1:]] == [packet.payload for packet in sent[1:]]


def test_a_slot_that_goes_from_one_who_repeats_to_one_who_does_not_falls_not_silent() -> None:
    """livekit#3980: the switch of formats under a receiver that stayed made its sound stop."""
    stage = Stage()
    ana = stage.client("ana").join(payload_types=REDUNDANT)
    ben = stage.client("ben").join(payload_types=REDUNDANT)
    for number in (10, 11):
        ana.rtp(repeating(ana, number))
    (*_, last) = ben.heard("a0")
    stage.order(link.RemovePeer(peer="ana"))
    dora = stage.client("dora").join(payload_types=TYPES)
    ben.take()

    for number in (500, 501, 502):
        dora.rtp(plain(dora, number))

    heard = ben.heard("a0")
    assert [p.payload_type for p in heard] == [OPUS, RED, RED]
    assert [(p.sequence - last.sequence) & 0xFFFF for p in heard] in ([1, 2, 3], [2, 3, 4])
