"""Room is proven before it is used, and never with what would harm."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sfu.core.echoes import Report
from sfu.core.flow import Slot
from sfu.core.probing import LASTS_S, LONGEST_WAIT_S, Prober
from sfu.rtp.bandwidth import Estimate
from sfu.rtp.packet import RtpPacket
from tests.core.stage import RTX, Client, Stage


def viewer(*, flows: bool = True) -> tuple[Stage, Client, Slot]:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    for number in range(20 if flows else 0):
        ana.frame(key=number == 0)
    ben.take()
    peer = stage.plane.peers.get("ben")
    assert peer is not None
    return stage, ben, next(slot for slot in peer.slots if slot.video)


def probe(stage: Stage, slot: Slot, prober: Prober, estimate: Estimate, needed: float) -> int:
    """Runs one probe to its end; bytes that it sent."""
    prober.want(needed, estimate, stage.now)
    for _ in range(12):
        prober.poll(slot, stage.plane.outbox, estimate, stage.now)
        stage.pass_time(0.01, 0.01)
    return prober.sent


def answer(prober: Prober, size: int, seconds: float) -> None:
    report = Report()
    report.probed, report.first_came, report.last_came = size, 50.0, 50.0 + seconds
    prober.fed(report)


def narrow(rate: float) -> Estimate:
    return Estimate(start=rate)


def test_a_probe_is_a_tenth_of_a_second_at_the_rate_that_is_lacking() -> None:
    stage, ben, slot = viewer()
    prober = Prober(slot.outbound)

    sent = probe(stage, slot, prober, narrow(1_000_000), needed=1_500_000)

    assert sent == pytest.approx(1_650_000 / 8 * LASTS_S, rel=0.05)
    assert {packet.payload_type for packet in ben.repeated()} == {RTX}


def test_it_asks_for_no_more_than_twice_what_is_believed() -> None:
    stage, _ben, slot = viewer()

    sent = probe(stage, slot, Prober(slot.outbound), narrow(500_000), needed=10_000_000)

    assert sent == pytest.approx(1_000_000 / 8 * LASTS_S, rel=0.05)


def test_where_nothing_flows_it_is_padding_on_the_retransmission_ssrc() -> None:
    stage, ben, slot = viewer(flows=False)

    probe(stage, slot, Prober(slot.outbound), narrow(500_000), needed=1_000_000)

    padding = [packet for packet in ben.repeated() if packet.padding]
    assert padding
    assert all(packet.padding == 255 and not packet.payload for packet in padding)
    assert ben.heard("v0") == []


def test_numbers_of_repetitions_and_media_stay_apart_and_in_order() -> None:
    stage, ben, slot = viewer()

    probe(stage, slot, Prober(slot.outbound), narrow(1_000_000), needed=1_500_000)

    numbers = [packet.sequence for packet in ben.repeated()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    transport = [int.from_bytes(packet.extensions[4], "big") for packet in ben.repeated()]
    assert transport == list(range(transport[0], transport[0] + len(transport)))


def test_what_got_through_is_believed() -> None:
    stage, _ben, slot = viewer()
    prober, estimate = Prober(slot.outbound), narrow(1_000_000)

    sent = probe(stage, slot, prober, estimate, needed=1_800_000)
    answer(prober, sent, seconds=LASTS_S)
    stage.now += 1
    prober.poll(slot, stage.plane.outbox, estimate, stage.now)

    assert estimate.target == pytest.approx(1_980_000, rel=0.1)
    assert (prober.probes, prober.proven) == (1, 1)


def test_a_probe_that_comes_out_slower_shows_where_the_end_is() -> None:
    stage, _ben, slot = viewer()
    prober, estimate = Prober(slot.outbound), narrow(1_000_000)

    sent = probe(stage, slot, prober, estimate, needed=1_800_000)
    answer(prober, sent, seconds=0.16)
    stage.now += 1
    prober.poll(slot, stage.plane.outbox, estimate, stage.now)

    assert 1_000_000 < estimate.target < 1_250_000
    assert prober.proven == 0


def test_one_that_fails_is_repeated_ever_more_rarely() -> None:
    stage, _ben, slot = viewer()
    prober, estimate = Prober(slot.outbound), narrow(1_000_000)
    began = stage.now

    while stage.now < began + 200:
        prober.want(2_000_000, estimate, stage.now)
        prober.poll(slot, stage.plane.outbox, estimate, stage.now)
        stage.now += 0.05

    assert 7 <= prober.probes <= 12
    assert LONGEST_WAIT_S == 32.0
    assert estimate.target == 1_000_000


def test_padding_is_counted_with_all_its_bytes_so_that_it_can_prove_something() -> None:
    stage, ben, slot = viewer(flows=False)
    prober, estimate = Prober(slot.outbound), narrow(500_000)

    sent = probe(stage, slot, prober, estimate, needed=1_000_000)

    counted = [size & 0xFFFF for size in slot.outbound.sent_size if size]
    assert sum(counted) >= sent
    assert sum(counted) == sum(len(packet.serialize()) for packet in ben.repeated())


def test_a_probe_of_which_nothing_was_heard_is_repeated_soon_and_only_a_second_one_blames_the_path() -> None:
    stage, _ben, slot = viewer()
    prober, estimate = Prober(slot.outbound), narrow(1_000_000)
    began = stage.now
    times: list[float] = []

    while stage.now < began + 20:
        before = prober.probes
        prober.want(2_000_000, estimate, stage.now)
        times += [stage.now] if prober.probes > before else []
        prober.poll(slot, stage.plane.outbox, estimate, stage.now)
        stage.now += 0.05

    assert [round(later - sooner) for sooner, later in pairwise(times)][:3] == [3, 5, 9]


def test_while_somebody_sees_nothing_no_probe_is_waited_for_longer_than_two_seconds() -> None:
    stage, _ben, slot = viewer()
    prober, estimate = Prober(slot.outbound), narrow(1_000_000)
    began = stage.now

    while stage.now < began + 60:
        prober.want(2_000_000, estimate, stage.now, paused=True)
        prober.poll(slot, stage.plane.outbox, estimate, stage.now)
        stage.now += 0.05

    assert prober.probes >= 20


def test_nothing_is_probed_for_what_there_is() -> None:
    stage, ben, slot = viewer()

    probe(stage, slot, Prober(slot.outbound), narrow(2_000_000), needed=1_500_000)

    assert ben.repeated() == []


def test_a_decoder_takes_a_probe_for_what_it_is() -> None:
    """The original number is in front of the same bytes (RFC 4588): a receiver sees a duplicate, and no more."""
    stage, ben, slot = viewer()
    newest = slot.last_sequence

    probe(stage, slot, Prober(slot.outbound), narrow(1_000_000), needed=1_500_000)

    repeated: list[RtpPacket] = ben.repeated()
    wrapped = {int.from_bytes(packet.payload[:2], "big") for packet in repeated if packet.payload}
    assert newest in wrapped
    assert wrapped <= {newest - back for back in range(20)}
