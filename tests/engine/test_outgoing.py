from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.engine.offer import SendingLine
from app.engine.outgoing import HANGOVER, KEEP_ALIVE, MicrophoneLine
from app.engine.sender import RtpSender, TransportSequence
from app.engine.sources import BLOCK, BLOCK_S, AudioBlock, Samples, level_dbov
from sfu.rtp import red
from sfu.rtp.packet import RtpPacket, audio_level
from sfu.rtp.sdp import ExtensionUri
from tests.engine.clips import samples

VOICE = SendingLine("mic", 10, 111, {ExtensionUri.AUDIO_LEVEL: 2}, 48_000)
SILENCE: Samples = np.zeros(BLOCK, np.int16)
TONE: Samples = samples(BLOCK_S)


class Wire:
    def __init__(self) -> None:
        self.packets: list[RtpPacket] = []

    def send(self, data: bytes) -> None:
        self.packets.append(RtpPacket.parse(data))


def spoken(
    *blocks: tuple[Samples, float], agreed: SendingLine = VOICE, lost: float = 0.0
) -> list[RtpPacket]:
    wire = Wire()
    line = MicrophoneLine(RtpSender(agreed, TransportSequence()), wire.send)
    line.sender.lost = lost
    for block, at in blocks:
        line.take(AudioBlock(block, at), level_dbov(block), at)
    return wire.packets


def even(blocks: list[Samples], start: float = 0.0) -> list[tuple[Samples, float]]:
    return [(block, start + number * BLOCK_S) for number, block in enumerate(blocks)]


def test_speech_goes_out_every_20_ms_with_its_level() -> None:
    packets = spoken(*even([TONE] * 10))

    assert [packet.timestamp - packets[0].timestamp for packet in packets] == [BLOCK * n for n in range(10)]
    assert audio_level(packets[0].extensions[2]) == (True, 14)
    assert [packet.marker for packet in packets] == [True] + [False] * 9


def test_silence_costs_two_and_a_half_packets_a_second_after_the_last_word_is_out() -> None:
    packets = spoken(*even([TONE] * 5 + [SILENCE] * 120 + [TONE]))

    talk, keep_alive = 5 + HANGOVER, 120 // KEEP_ALIVE - 1
    assert len(packets) == talk + keep_alive + 1
    assert packets[-1].marker
    assert packets[-1].timestamp - packets[0].timestamp == 125 * BLOCK
    assert [packet.sequence for packet in packets] == [packets[0].sequence + n for n in range(len(packets))]


def test_the_media_clock_passes_while_the_microphone_is_off() -> None:
    packets = spoken(*even([TONE] * 2), *even([TONE] * 2, start=3.0))

    assert packets[2].timestamp - packets[0].timestamp == 3 * 48_000


def test_a_device_that_delivers_unevenly_is_not_a_gap() -> None:
    packets = spoken((TONE, 0.0), (TONE, 0.05), (TONE, 0.052), (TONE, 0.08))

    assert [packet.timestamp - packets[0].timestamp for packet in packets] == [BLOCK * n for n in range(4)]


class NoEncoder:
    def encode(self, samples: Samples) -> bytes:
        return b"x"


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_device_whose_clock_runs_apart_from_ours_has_no_gap_in_half_an_hour(ppm: int) -> None:
    wire = Wire()
    line = MicrophoneLine(RtpSender(VOICE, TransportSequence()), wire.send)
    line._encoder = NoEncoder()  # type: ignore[assignment]  # half an hour of sound takes it a quarter of a minute

    for number in range(1800 * 50):
        at = number * BLOCK_S * (1 + ppm * 1e-6)
        line.take(AudioBlock(SILENCE, at), -127, at)

    assert {(b.timestamp - a.timestamp) & 0xFFFF_FFFF for a, b in pairwise(wire.packets)} == {KEEP_ALIVE * BLOCK}
    assert len(wire.packets) > 4_000


REDUNDANT = replace(VOICE, redundant_payload_type=63)


def test_where_the_host_takes_it_every_packet_repeats_the_one_before() -> None:
    packets = spoken(*even([TONE] * 4), agreed=REDUNDANT)

    assert {packet.payload_type for packet in packets} == {63}
    first, second = red.unwrap(packets[2], 111)
    assert (first.sequence, first.timestamp) == (packets[1].sequence, packets[1].timestamp)
    assert first.payload == red.split(packets[1].payload)[-1].data
    assert second.timestamp == packets[2].timestamp


def test_where_losses_come_in_bursts_two_are_repeated() -> None:
    packets = spoken(*even([TONE] * 4), agreed=REDUNDANT, lost=0.1)

    assert len(red.split(packets[3].payload)) == 3


def test_after_a_pause_nothing_old_is_repeated() -> None:
    packets = spoken(*even([TONE] * 2), *even([TONE], start=3.0), agreed=REDUNDANT)

    assert len(red.split(packets[-1].payload)) == 1
