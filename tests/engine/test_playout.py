from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from app.engine.codecs import OpusEncoder
from app.engine.playout import AudioSlot, Playout
from app.engine.sources import BLOCK, BLOCK_S, Samples, level_dbov
from app.engine.speaker import NullSpeaker
from app.engine.tally import Tally
from sfu.rtp import red
from sfu.rtp.packet import RtpPacket
from tests.engine.clips import samples

VOICE = "p2/microphone"


class Recorder(NullSpeaker):
    """A speaker that keeps what it plays."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Samples] = []

    def play(self, samples: Samples) -> None:
        super().play(samples)
        self.blocks.append(samples)


def packets(count: int, payload: bytes | None = None) -> list[RtpPacket]:
    encoder, sound = OpusEncoder(), samples(count * BLOCK_S)
    blocks = [sound[start : start + BLOCK] for start in range(0, len(sound), BLOCK)]
    return [
        RtpPacket(111, number, number * BLOCK, 7, payload or encoder.encode(block))
        for number, block in enumerate(blocks)
    ]


def played(arriving: list[RtpPacket | None], tally: Tally) -> list[Samples]:
    """One packet every 20 ms, None where it got lost; a second of silence after the last."""
    speaker, slot = Recorder(), AudioSlot(tally)
    slot.source = VOICE
    playout = Playout([slot, AudioSlot(tally)], speaker)
    for number, packet in enumerate([*arriving, *[None] * 50]):
        now = 100 + number * BLOCK_S
        if packet is not None:
            slot.push(packet, now)
        playout.fill(now)
    return speaker.blocks


def test_a_voice_is_played_whole_and_counted_as_heard() -> None:
    tally = Tally()

    blocks = played(list(packets(50)), tally)

    loud = [block for block in blocks if level_dbov(block) > -50]
    assert 49 <= len(loud) <= 53  # the end is concealed for a moment: nobody said that it is one
    assert tally.sources()[VOICE].heard == pytest.approx(1.0, abs=0.05)
    assert {block.size for block in blocks} == {BLOCK}


def test_a_lost_packet_is_concealed_and_not_heard_as_a_hole() -> None:
    tally = Tally()
    arriving: list[RtpPacket | None] = list(packets(50))
    arriving[25] = None

    blocks = played(arriving, tally)

    first = next(number for number, block in enumerate(blocks) if level_dbov(block) > -50)
    assert min(level_dbov(block) for block in blocks[first + 2 : first + 45]) > -30
    assert tally.sources()[VOICE].concealed >= BLOCK_S


def test_sound_that_cannot_be_decoded_is_concealed() -> None:
    tally = Tally()

    played(list(packets(10, payload=b"\xff" * 40)), tally)

    assert tally.sources()[VOICE].heard == 0
    assert tally.sources()[VOICE].concealed > 0


def test_what_nobody_is_named_for_is_played_and_not_counted() -> None:
    tally, speaker = Tally(), Recorder()
    slot = AudioSlot(tally)
    for number, packet in enumerate(packets(10)):
        slot.push(packet, number * BLOCK_S)
        Playout([slot], speaker).fill(number * BLOCK_S)

    assert tally.sources() == {}
    assert np.concatenate(speaker.blocks).any()


def lossy(count: int, percent: int) -> list[RtpPacket | None]:
    dice = random.Random(7)
    return [None if dice.randrange(100) < percent else packet for packet in packets(count)]


def redundant(arriving: list[RtpPacket | None], whole: list[RtpPacket]) -> list[list[RtpPacket]]:
    """Each packet as it comes when it carries the one before it again."""
    found = []
    for number, packet in enumerate(arriving):
        earlier = [(BLOCK, whole[number - 1].payload)] if number else []
        found.append(
            []
            if packet is None
            else red.unwrap(replace(packet, payload=red.join(111, earlier, packet.payload)), 111)
        )
    return found


def concealed(arriving: list[list[RtpPacket]]) -> float:
    tally, speaker = Tally(), Recorder()
    slot = AudioSlot(tally)
    slot.source = VOICE
    playout = Playout([slot], speaker)
    for number, together in enumerate(arriving):
        for packet in together:
            slot.push(packet, 100 + number * BLOCK_S)
        playout.fill(100 + number * BLOCK_S)
    return tally.sources()[VOICE].concealed


def test_with_redundancy_a_tenth_of_the_sound_lost_is_hardly_ever_concealed() -> None:
    whole, arriving = packets(500), lossy(500, percent=10)

    plain = concealed([[] if packet is None else [packet] for packet in arriving])
    twice = concealed(redundant(arriving, whole))

    assert plain > 0.7
    assert twice < plain / 4
